/**
 * Tells whether bytes that are copied over several turns were, as they were copied, what they were in the first of them:
 * a function may return memory that its next call fills anew. All of them are hashed in that turn, however long it takes:
 * about 0.2 ms per MiB, a third to a quarter of what copying them to fresh memory would take.
 */
import type { Checksum } from '../digest/digest.ts';
import { BLOCK_BYTES } from './protocol.ts';

const changed = 'ChangedWhileStoringError';

/** Whether a write failed because the caller's bytes changed while they were copied. */
export const isChangedWhileStoring = (error: unknown): boolean =>
  error instanceof Error && error.name === changed;

/** Checksums of the bytes, block by block. */
export function blockChecks(bytes: Uint8Array, checksum: Checksum): BigUint64Array {
  const checks = new BigUint64Array(Math.ceil(bytes.byteLength / BLOCK_BYTES));
  for (let block = 0; block < checks.length; block++)
    checks[block] = checksum(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES));
  return checks;
}

const isEqual = (a: BigUint64Array, b: BigUint64Array | undefined): boolean =>
  a.length === b?.length && a.every((check, block) => check === b[block]);

/** None of a Blob, which never changes. */
type Checks = readonly (BigUint64Array | undefined)[];

export class SourceGuard {
  readonly #parts: readonly (Uint8Array | Blob)[];
  readonly #checksum: Checksum;
  readonly #before: Checks;

  /** Hashes everything before it returns. */
  constructor(parts: readonly (Uint8Array | Blob)[], checksum: Checksum) {
    this.#parts = parts;
    this.#checksum = checksum;
    this.#before = this.#hash();
  }

  /** Throws unless the copies, whose checksums these are, are what the parts were at the beginning. */
  assertUnchanged(checks: Checks): void {
    if (this.#before.every((before, part) => before === undefined || isEqual(before, checks[part]))) return;
    const error = new Error('The value changed while it was copied into storage');
    error.name = changed;
    throw error;
  }

  /** Throws unless the parts still are what they were. Hashes them all. */
  assertIntact(): void {
    this.assertUnchanged(this.#hash());
  }

  #hash(): Checks {
    return this.#parts.map((bytes) =>
      bytes instanceof Uint8Array ? blockChecks(bytes, this.#checksum) : undefined,
    );
  }
}
