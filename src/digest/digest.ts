/**
 * Digests over bytes: hash-wasm where WebAssembly is allowed. The only module that imports hash-wasm.
 * Hashing itself is synchronous once the module is compiled.
 */
import { createSHA256, createXXHash64, createXXHash128, type IHasher } from 'hash-wasm';

export type DigestAlgorithm = 'xxh128' | 'sha-256';

/** A reusable incremental digest: reset(), any number of update(), then digest(). */
export interface Hasher {
  reset(): void;
  /** The bytes are read before the call returns; nothing is kept. */
  update(bytes: Uint8Array): void;
  /** Raw digest: 16 bytes for xxh128, 32 for SHA-256, 8 for xxh64. */
  digest(): Uint8Array;
  /** A copy of the state since reset(), to go on from later with load(). */
  save(): Uint8Array;
  load(state: Uint8Array): void;
}

const wrap = (hasher: IHasher): Hasher => ({
  reset: () => void hasher.init(),
  update: (bytes) => void hasher.update(bytes),
  digest: () => hasher.digest('binary'),
  save: () => hasher.save(),
  load: (state) => void hasher.load(state),
});

/** A hasher for call keys and content digests. */
export async function createHasher(algorithm: DigestAlgorithm): Promise<Hasher> {
  return wrap(await (algorithm === 'sha-256' ? createSHA256() : createXXHash128(0, 0)));
}

/** Checksum of a block of stored bytes: xxh64, seed 0. */
export type Checksum = (bytes: Uint8Array) => bigint;

let checksum: Promise<Checksum> | undefined;

/** The block checksum; compiled once for the realm. */
export function createChecksum(): Promise<Checksum> {
  checksum ??= createXXHash64(0, 0).then((hasher) => (bytes) => {
    const digest = hasher.init().update(bytes).digest('binary');
    return new DataView(digest.buffer, digest.byteOffset).getBigUint64(0);
  });
  return checksum;
}
