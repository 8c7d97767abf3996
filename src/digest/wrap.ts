/** hash-wasm's hashers in our own shape. */
import type { IHasher } from 'hash-wasm';
import type { Hasher } from './hasher.ts';

export const wrap = (hasher: IHasher): Hasher => ({
  reset: () => void hasher.init(),
  update: (bytes) => void hasher.update(bytes),
  digest: () => hasher.digest('binary'),
  save: () => hasher.save(),
  load: (state) => void hasher.load(state),
});
