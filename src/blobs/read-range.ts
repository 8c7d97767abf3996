/** Reads a slice of a stored range, verifying each block the first time that any of it is read. */
import type { Checksum } from '../digest/digest.ts';
import { BLOCK_BYTES, type SliceToRead, type StoredRange } from './protocol.ts';

/** Fills `into` with the file's bytes from `position`; synchronous through a handle. */
export type ReadAt = (into: Uint8Array, position: number) => undefined | Promise<void>;

/**
 * Blocks that were verified in this realm: what was where, by file and position. Damaged files may be written over, so a
 * place alone says nothing of the block that is expected there.
 */
export class VerifiedBlocks {
  readonly #checks = new Map<string, Map<number, bigint>>();

  has({ file, offset, checks }: StoredRange, block: number): boolean {
    return isVerified(this.#checks.get(file), offset, checks, block);
  }

  add({ file, offset, checks }: StoredRange, block: number): void {
    const known = this.#checks.get(file) ?? new Map<number, bigint>();
    known.set(offset + block * BLOCK_BYTES, checks[block] ?? 0n);
    this.#checks.set(file, known);
  }

  /** Whether bytes [start, end) of the range are all in verified blocks. */
  covers({ file, offset, checks }: StoredRange, start: number, end: number): boolean {
    const known = this.#checks.get(file);
    for (let block = Math.floor(start / BLOCK_BYTES); block * BLOCK_BYTES < end; block += 1)
      if (!isVerified(known, offset, checks, block)) return false;
    return true;
  }

  forget(file: string): void {
    this.#checks.delete(file);
  }

  /** All files below a folder. */
  forgetIn(folder: string): void {
    for (const file of this.#checks.keys()) if (file.startsWith(`${folder}/`)) this.#checks.delete(file);
  }
}

const isVerified = (
  known: ReadonlyMap<number, bigint> | undefined,
  offset: number,
  checks: BigUint64Array,
  block: number,
): boolean => {
  const check = known?.get(offset + block * BLOCK_BYTES);
  return check !== undefined && check === checks[block];
};

/** How to read the bytes of one file, and what is needed to believe them. */
export interface RangeSource {
  readonly readAt: ReadAt;
  readonly verified: VerifiedBlocks;
  readonly checksum: Checksum;
  /** Memory for a block that is read only to be verified: where nothing else is read before it has been. */
  readonly scratch?: Uint8Array | undefined;
}

/** Read at once: Firefox pays a message between processes per read; more would fall out of the cache before it is hashed. */
const RUN_BYTES = 4 * BLOCK_BYTES;

const damaged = (slice: SliceToRead, block: number): DOMException =>
  new DOMException(`Block ${block} of ${slice.file} is not what was written`, 'DataError');

/** A part of a slice that is read in one go; `isPartial`: of a block that has to be read whole to be verified. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly isPartial: boolean;
}

function* runsOf(slice: SliceToRead, verified: VerifiedBlocks): Generator<Run> {
  const { byteLength, start = 0, end = byteLength } = slice;
  let from = start;
  for (let at = start; at < end; ) {
    const blockStart = Math.floor(at / BLOCK_BYTES) * BLOCK_BYTES;
    const blockEnd = Math.min(blockStart + BLOCK_BYTES, byteLength);
    const to = Math.min(end, blockEnd);
    const isPartial = to - at < blockEnd - blockStart && !verified.has(slice, blockStart / BLOCK_BYTES);
    if (isPartial || to - from > RUN_BYTES) {
      if (at > from) yield { from, to: at, isPartial: false };
      from = at;
    }
    if (isPartial) {
      yield { from: at, to, isPartial };
      from = to;
    }
    at = to;
  }
  if (end > from) yield { from, to: end, isPartial: false };
}

/** Verifies the blocks that start at `from` of the range and lie in `bytes`, as far as they were not yet. */
function verify(
  slice: SliceToRead,
  { verified, checksum }: RangeSource,
  from: number,
  bytes: Uint8Array,
): void {
  const { byteLength, checks } = slice;
  for (
    let at = Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES;
    at < from + bytes.byteLength;
    at += BLOCK_BYTES
  ) {
    const block = at / BLOCK_BYTES;
    if (verified.has(slice, block)) continue;
    const blockEnd = Math.min(at + BLOCK_BYTES, byteLength);
    if (checksum(bytes.subarray(at - from, blockEnd - from)) !== checks[block]) throw damaged(slice, block);
    verified.add(slice, block);
  }
}

/** Reads a slice run by run; goes on from each run when its bytes are there. */
function* readRuns(
  slice: SliceToRead,
  target: Uint8Array,
  source: RangeSource,
): Generator<undefined | Promise<void>> {
  const { offset, byteLength, start = 0 } = slice;
  for (const { from, to, isPartial } of runsOf(slice, source.verified)) {
    const wanted = target.subarray(from - start, to - start);
    const blockStart = isPartial ? Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES : from;
    const blockBytes = Math.min(BLOCK_BYTES, byteLength - blockStart);
    const bytes = isPartial
      ? (source.scratch?.subarray(0, blockBytes) ?? new Uint8Array(blockBytes))
      : wanted;
    yield source.readAt(bytes, offset + blockStart);
    verify(slice, source, blockStart, bytes);
    if (isPartial) wanted.set(bytes.subarray(from - blockStart, to - blockStart));
  }
}

/** Reads bytes [start, end) of the slice's range into `target`, which is as long. */
export async function readSlice(slice: SliceToRead, target: Uint8Array, source: RangeSource): Promise<void> {
  for (const reading of readRuns(slice, target, source)) if (reading !== undefined) await reading; // a handle reads at once
}

/** As readSlice() of a range from `start`, from a handle that this thread has open. */
export function readRangeSync(
  range: StoredRange,
  start: number,
  target: Uint8Array,
  source: RangeSource,
): void {
  const end = start + target.byteLength;
  const see = (reading: undefined | Promise<void>): void => {
    if (reading !== undefined) throw new TypeError(`${range.file} cannot be read without waiting`);
  };
  // Verified before: nothing but the read, many thousand times a second.
  if (source.verified.covers(range, start, end)) see(source.readAt(target, range.offset + start));
  else for (const reading of readRuns({ ...range, start, end }, target, source)) see(reading);
}
