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
