/**
 * Digests over bytes: hash-wasm where WebAssembly is allowed, plain TypeScript with equal digests where a policy
 * (script-src without wasm-unsafe-eval) refuses it. The only module that imports hash-wasm.
 * Hashing itself is synchronous once the module is compiled.
 */
import { createXXHash64, createXXHash128 } from 'hash-wasm';
import type { Hasher } from './hasher.ts';
import { plainXxh64 } from './plain/xxh64.ts';
import { createPlainXxh128 } from './plain/xxh128.ts';
import { createSha256Hasher } from './sha256.ts';
import { wrap } from './wrap.ts';

export type { Hasher } from './hasher.ts';
export type DigestAlgorithm = 'xxh128' | 'sha-256';

/**
 * A hasher for call keys and content digests. What few pages need is imported like the rest: a dynamic import would
 * break users' workers, which bundlers build as one script.
 */
export async function createHasher(algorithm: DigestAlgorithm): Promise<Hasher> {
  if (algorithm === 'sha-256') return createSha256Hasher();
  try {
    return wrap(await createXXHash128(0, 0));
  } catch {
    return createPlainXxh128();
  }
}

/** Checksum of a block of stored bytes: xxh64, seed 0. */
export type Checksum = (bytes: Uint8Array) => bigint;

let checksum: Promise<Checksum> | undefined;
let compiled: Checksum | undefined;

/** The block checksum; compiled once for the realm. */
export function createChecksum(): Promise<Checksum> {
  checksum ??= openChecksum().then((opened) => {
    compiled = opened;
    return opened;
  });
  return checksum;
}

/** The block checksum where it is compiled already: no turn is lost in waiting for it. */
export const readyChecksum = (): Checksum | undefined => compiled;

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
