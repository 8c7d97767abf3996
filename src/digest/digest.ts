/**
 * Digests over bytes: hash-wasm where WebAssembly is allowed, plain TypeScript with equal digests where a policy
 * (script-src without wasm-unsafe-eval) refuses it. The only module that imports hash-wasm.
 * Hashing itself is synchronous once the module is compiled.
 */
import { createXXHash64, createXXHash128 } from 'hash-wasm';
import { Chunk } from '../chunks/chunks.ts';
import type { Hasher } from './hasher.ts';
import { wrap } from './wrap.ts';

export type { Hasher } from './hasher.ts';
export type DigestAlgorithm = 'xxh128' | 'sha-256';

// Who needs one of these does so at its first call: none is worth fetching ahead.
const plainXxh128 = /* @__PURE__ */ new Chunk(() => import('./plain/xxh128.ts'), { isAhead: false });
const plainXxh64 = /* @__PURE__ */ new Chunk(() => import('./plain/xxh64.ts'), { isAhead: false });
const sha256 = /* @__PURE__ */ new Chunk(() => import('./sha256.ts'), { isAhead: false });

/** A hasher for call keys and content digests. */
export async function createHasher(algorithm: DigestAlgorithm): Promise<Hasher> {
  if (algorithm === 'sha-256') return (await sha256.load()).createSha256Hasher();
  try {
    return wrap(await createXXHash128(0, 0));
  } catch {
    return (await plainXxh128.load()).createPlainXxh128();
  }
}

/** Checksum of a block of stored bytes: xxh64, seed 0. */
export type Checksum = (bytes: Uint8Array) => bigint;

let checksum: Promise<Checksum> | undefined;
let compiled: Checksum | undefined;

/** The block checksum; compiled once for the realm. */
export function createChecksum(): Promise<Checksum> {
  checksum ??= openChecksum().then(
    (opened) => {
      compiled = opened;
      return opened;
    },
    (error: unknown) => {
      checksum = undefined; // what was missing may be there the next time
      throw error;
    },
  );
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
    return (await plainXxh64.load()).plainXxh64;
  }
}
