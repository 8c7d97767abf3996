/** SHA-256, loaded only by memories that ask for it. From a file of its own: beside xxHash it would be fetched with that. */
/// <reference path="./hash-wasm-sha256.d.ts" />
import hashWasm from 'hash-wasm/dist/sha256.umd.min.js';
import type { Hasher } from './hasher.ts';
import { createPlainSha256 } from './plain/sha256.ts';
import { wrap } from './wrap.ts';

export async function createSha256Hasher(): Promise<Hasher> {
  try {
    return wrap(await hashWasm.createSHA256());
  } catch {
    return createPlainSha256();
  }
}
