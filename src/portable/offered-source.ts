/** A buffer elsewhere that a mapped array reads: whole blocks are fetched and verified, and no more than are asked for. */
import type { ByteSource } from '../arrays/arrays.ts';
import { toHex } from '../bytes/bytes.ts';
import { DamagedEntryError } from '../errors/errors.ts';
import { areBlocks, DIGEST_BLOCK_BYTES, DIGEST_BYTES } from '../pack-format/pack-format.ts';
import type { Offered } from './offered.ts';
import { sha256 } from './sha256.ts';

interface OfferedSourceOptions extends Pick<Offered, 'entry' | 'digestsOf' | 'fetch' | 'onFailed'> {
  readonly byteLength: number;
  readonly part: number;
}

/** A range that takes longer has failed: it is asked for once more. */
const READ_MS = 30_000;

export class OfferedSource implements ByteSource {
  readonly byteLength: number;
  readonly #options: OfferedSourceOptions;
  /** Neighbours share a block. */
  #last: { readonly start: number; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;

  constructor(options: OfferedSourceOptions) {
    this.byteLength = options.byteLength;
    this.#options = options;
  }

  async read(start: number, end: number): Promise<ArrayBuffer> {
    // Whole blocks are the caller's as they come: nobody else reads them.
    if (this.#areBlocks(start, end)) {
      const bytes = await this.#verified(start, end);
      return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
    }
    const target = new Uint8Array(end - start);
    await this.readInto(start, target);
    return target.buffer;
  }

  async readInto(start: number, target: Uint8Array): Promise<void> {
    const end = start + target.byteLength;
    let from = start - (start % DIGEST_BLOCK_BYTES);
    const to = Math.min(Math.ceil(end / DIGEST_BLOCK_BYTES) * DIGEST_BLOCK_BYTES, this.byteLength);
    const last = this.#last;
    if (last?.start === from) {
      copy(last.bytes, from, target, start);
      from += DIGEST_BLOCK_BYTES;
    }
    if (from >= end) return;
    const bytes = await this.#verified(from, to);
    copy(bytes, from, target, start);
    if (end === to) return; // no neighbour asks for a part of the last one
    const lastStart = Math.floor((to - 1) / DIGEST_BLOCK_BYTES) * DIGEST_BLOCK_BYTES;
    this.#last = { start: lastStart, bytes: lastStart === from ? bytes : bytes.slice(lastStart - from) };
  }

  #areBlocks(start: number, end: number): boolean {
    const isEnd = end % DIGEST_BLOCK_BYTES === 0 || end === this.byteLength;
    return start % DIGEST_BLOCK_BYTES === 0 && isEnd && end > start && this.#last?.start !== start;
  }

  /** From the digests of its blocks: equal for equal bytes that were found elsewhere, and never that of stored ones. */
  digest(start: number, end: number): string {
    const digests = this.#digests(start - (start % DIGEST_BLOCK_BYTES), end);
    return `sha-256 ${start % DIGEST_BLOCK_BYTES} ${end - start} of ${toHex(digests)}`;
  }

  #digests(from: number, to: number): Uint8Array {
    const { digestsOf, part } = this.#options;
    const first = Math.floor(from / DIGEST_BLOCK_BYTES);
    return digestsOf(part).subarray(first * DIGEST_BYTES, Math.ceil(to / DIGEST_BLOCK_BYTES) * DIGEST_BYTES);
  }

  async #verified(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const { fetch, part, entry, onFailed } = this.#options;
    const read = () => fetch(part, from, to, AbortSignal.timeout(READ_MS));
    const bytes = await read().catch(read);
    const isWhole = bytes.length === to - from;
    if (isWhole && (await areBlocks(bytes, this.#digests(from, to), DIGEST_BLOCK_BYTES, sha256)))
      return bytes;
    const error = new DamagedEntryError(entry.key, 'bytes are not what their digests say');
    onFailed(error);
    throw error;
  }
}

/** Copies what both have; each begins at its own offset of the buffer. */
function copy(from: Uint8Array, fromStart: number, to: Uint8Array, toStart: number): void {
  const start = Math.max(fromStart, toStart);
  const end = Math.min(fromStart + from.length, toStart + to.length);
  if (end > start) to.set(from.subarray(start - fromStart, end - fromStart), start - toStart);
}
