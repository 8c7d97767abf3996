/** The key hasher of a memory: compiled at first use, synchronous from then on. */
import { type KeyHasher, openKeyHasher } from '../keys/keys.ts';
import type { ResolvedMemoryOptions } from '../options/options.ts';

export function hasherOnce(algorithm: ResolvedMemoryOptions['hash']): () => KeyHasher | Promise<KeyHasher> {
  let hasher: KeyHasher | Promise<KeyHasher> | undefined;
  return () => {
    hasher ??= openKeyHasher(algorithm).then(
      (opened) => {
        hasher = opened;
        return opened;
      },
      (error: unknown) => {
        hasher = undefined; // what was missing may be there the next time
        throw error;
      },
    );
    return hasher;
  };
}
