/**
 * Digests over bytes: hash-wasm where WebAssembly is allowed, plain TypeScript with equal digests where a policy
 * (script-src without wasm-unsafe-eval) refuses it. The only module that imports hash-wasm.
 * Hashing itself is synchronous once the module is compiled.
 */
import { createSHA256, createXXHash64, createXXHash128, type IHasher } from 'hash-wasm';

import type { Hasher } from './hasher.ts';
import { createPlainSha256 } from './plain/sha256.ts';
import { plainXxh64 } from './plain/xxh64.ts';
import { createPlainXxh128 } from './plain/xxh128.ts';

export type { Hasher } from './hasher.ts';
export type DigestAlgorithm = 'xxh128' | 'sha-256';

const wrap = (hasher: IHasher): Hasher => ({
  reset: () => void hasher.init(),
  update: (bytes) => void hasher.update(bytes),
  digest: () => hasher.digest('binary'),
  save: () => hasher.save(),
  load: (state) => void hasher.load(state),
});

/** A hasher for call keys and content digests. */
export async function createHasher(algorithm: DigestAlgorithm): Promise<Hasher> {
  try {
    return wrap(await (algorithm === 'sha-256' ? createSHA256() : createXXHash128(0, 0)));
  } catch {
    return algorithm === 'sha-256' ? createPlainSha256() : createPlainXxh128();
  }
}

/** Checksum of a block of stored bytes: xxh64, seed 0. */
export type Checksum = (bytes: Uint8Array) => bigint;

let checksum: Promise<Checksum> | undefined;

/** The block checksum; compiled once for the realm. */
export function createChecksum(): Promise<Checksum> {
  checksum ??= openChecksum();
  return checksum;
}

async function openChecksum(): Promise<Checksum> {
  try {
    const hasher = await createXXHash64(0, 0);
    return (bytes) => {
      const digest = hasher.init().update(bytes).digest('binary');
      return new DataView(digest.buffer, digest.byteOffset).getBigUint64(0);
    };
  } catch {
    return plainXxh64;
  }
}
