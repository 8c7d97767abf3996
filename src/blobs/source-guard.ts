/**
 * Tells whether the caller's bytes, which are copied over several turns, are still what they were when the write began:
 * a function may return memory that its next call fills anew.
 */
import type { Checksum } from '../digest/digest.ts';
import { BLOCK_BYTES } from './protocol.ts';

/** Longest that the turn in which the write began is held up: 100 MiB and more where WebAssembly is allowed. */
const HASHING_MS = 20;
/** Of each block that there was no time for, so much is hashed in that turn. */
const SAMPLE_BYTES = 512;
/** About 4 ms of hashing. */
const REST_AFTER_BYTES = 16 * BLOCK_BYTES;

const changed = 'ChangedWhileStoringError';

/** Whether a write failed because the caller's bytes changed while they were copied. */
export const isChangedWhileStoring = (error: unknown): boolean =>
  error instanceof Error && error.name === changed;

/** What of a part matters here. */
interface Content {
  readonly bytes: Uint8Array | Blob;
}

interface Block {
  readonly part: number;
  readonly block: number;
  readonly bytes: Uint8Array;
}

function* blocksOf(parts: readonly Content[]): Generator<Block> {
  for (const [part, { bytes }] of parts.entries()) {
    if (!(bytes instanceof Uint8Array)) continue; // a Blob never changes
    for (let at = 0; at < bytes.byteLength; at += BLOCK_BYTES)
      yield { part, block: at / BLOCK_BYTES, bytes: bytes.subarray(at, at + BLOCK_BYTES) };
  }
}

const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

export class SourceGuard {
  readonly #parts: readonly Content[];
  readonly #checksum: Checksum;
  /** Of the first blocks, as they were at the beginning. */
  readonly #before: bigint[] = [];
  readonly #samples: bigint[] = [];

  /** Hashes what there is time for, before it returns. */
  constructor(parts: readonly Content[], checksum: Checksum) {
    this.#parts = parts;
    this.#checksum = checksum;
    const deadline = performance.now() + HASHING_MS;
    for (const { bytes } of blocksOf(parts)) {
      const isInTime = this.#samples.length === 0 && performance.now() < deadline;
      if (isInTime) this.#before.push(checksum(bytes));
      else this.#samples.push(this.#sample(bytes));
    }
  }

  /**
   * Rejects unless the copies, whose checksums these are, are what the source was at the beginning. Of blocks of which
   * only a sample was hashed then: unless source and copy are equal now, after every block was copied.
   */
  async assertUnchanged(checks: readonly BigUint64Array[]): Promise<void> {
    let index = 0;
    for (const { part, block, bytes } of blocksOf(this.#parts)) {
      const copied = checks[part]?.[block];
      const sample = this.#samples[index - this.#before.length];
      if (sample === undefined) this.#assert(copied === this.#before[index]);
      else this.#assert(this.#sample(bytes) === sample && this.#checksum(bytes) === copied);
      index += 1;
      if (sample !== undefined && (index * BLOCK_BYTES) % REST_AFTER_BYTES === 0) await nextTask();
    }
  }

  #sample(bytes: Uint8Array): bigint {
    const middle = Math.max(0, Math.floor((bytes.byteLength - SAMPLE_BYTES) / 2));
    return this.#checksum(bytes.subarray(middle, middle + SAMPLE_BYTES));
  }

  #assert(isSame: boolean): void {
    if (isSame) return;
    const error = new Error('The value changed while it was copied into storage');
    error.name = changed;
    throw error;
  }
}
