/** Reads a slice of a stored range, verifying each block the first time that any of it is read. */
import type { Checksum } from '../digest/digest.ts';
import { BLOCK_BYTES, type SliceToRead } from './protocol.ts';

/** Fills `into` with the file's bytes from `position`; synchronous through a handle. */
export type ReadAt = (into: Uint8Array<ArrayBuffer>, position: number) => undefined | Promise<void>;

/** Blocks that were verified in this realm, by file and position. */
export class VerifiedBlocks {
  readonly #positions = new Map<string, Set<number>>();

  has(file: string, position: number): boolean {
    return this.#positions.get(file)?.has(position) ?? false;
  }

  add(file: string, position: number): void {
    const positions = this.#positions.get(file) ?? new Set();
    positions.add(position);
    this.#positions.set(file, positions);
  }

  forget(file: string): void {
    this.#positions.delete(file);
  }
}

const damaged = (slice: SliceToRead, block: number): DOMException =>
  new DOMException(`Block ${block} of ${slice.file} is not what was written`, 'DataError');

/** Reads bytes [start, end) of the slice's range into a fresh buffer. */
export async function readSlice(
  slice: SliceToRead,
  readAt: ReadAt,
  verified: VerifiedBlocks,
  checksum: Checksum,
): Promise<ArrayBuffer> {
  const { file, offset, byteLength, checks, start = 0, end = byteLength } = slice;
  const buffer = new ArrayBuffer(end - start);
  for (let block = Math.floor(start / BLOCK_BYTES); block * BLOCK_BYTES < end; block += 1) {
    const blockStart = block * BLOCK_BYTES;
    const blockEnd = Math.min(blockStart + BLOCK_BYTES, byteLength);
    const [from, to] = [Math.max(start, blockStart), Math.min(end, blockEnd)];
    const wanted = new Uint8Array(buffer, from - start, to - from);
    const isVerified = verified.has(file, offset + blockStart);
    const isWhole = to - from === blockEnd - blockStart;
    const bytes = isVerified || isWhole ? wanted : new Uint8Array(blockEnd - blockStart);
    const reading = readAt(bytes, offset + (bytes === wanted ? from : blockStart));
    if (reading !== undefined) await reading; // a handle reads at once
    if (isVerified) continue;
    if (checksum(bytes) !== checks[block]) throw damaged(slice, block);
    verified.add(file, offset + blockStart);
    if (bytes !== wanted) wanted.set(bytes.subarray(from - blockStart, to - blockStart));
  }
  return buffer;
}
