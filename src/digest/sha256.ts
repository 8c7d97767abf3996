/** SHA-256, loaded only by memories that ask for it. */
import { createSHA256 } from 'hash-wasm';
import type { Hasher } from './hasher.ts';
import { createPlainSha256 } from './plain/sha256.ts';
import { wrap } from './wrap.ts';

export async function createSha256Hasher(): Promise<Hasher> {
  try {
    return wrap(await createSHA256());
  } catch {
    return createPlainSha256();
  }
}
