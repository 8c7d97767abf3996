/** Cuts the parts of a file into chunks to write, copying them out of the caller's memory. */
import type { Checksum } from '../digest/digest.ts';
import type { FilePart, FileToWrite } from './blob-store.ts';
import { BLOCK_BYTES, type Piece } from './protocol.ts';
import { SourceGuard } from './source-guard.ts';

/** Up to here a value is copied in one turn, so that it cannot change meanwhile. About 4 ms at memory speed. */
export const ONE_TURN_BYTES = 8 * BLOCK_BYTES;

const isBlob = (bytes: Uint8Array | Blob): bytes is Blob => !(bytes instanceof Uint8Array);

export const partBytes = ({ bytes }: FilePart): number => (isBlob(bytes) ? bytes.size : bytes.byteLength);

export const totalBytes = (parts: readonly FilePart[]): number =>
  parts.reduce((sum, part) => sum + partBytes(part), 0);

/** Whether the parts are copied before write() returns, Blobs apart, which never change. */
export const isOneTurn = (parts: readonly FilePart[]): boolean => totalBytes(parts) <= ONE_TURN_BYTES;

/** The parts with the caller's memory copied. */
export const copyParts = (parts: readonly FilePart[]): FilePart[] =>
  parts.map(({ offset, bytes }) => ({ offset, bytes: isBlob(bytes) ? bytes : bytes.slice() }));

/** What tells whether the parts change while they are copied; undefined where that is the caller's business. */
export function guardOf({ parts, guard }: FileToWrite, checksum: Checksum): SourceGuard | undefined {
  if (guard !== undefined) return guard === 'caller' ? undefined : guard;
  return new SourceGuard(
    parts.map(({ bytes }) => bytes),
    checksum,
  );
}

/** A slice of a part, whole blocks of it except at the part's end. */
interface PartSlice {
  readonly part: FilePart;
  readonly start: number;
  readonly byteLength: number;
}

function* slicesOf(parts: readonly FilePart[], limit: number): Generator<PartSlice> {
  for (const part of parts) {
    const size = partBytes(part);
    for (let start = 0; start < size; start += limit) {
      yield { part, start, byteLength: Math.min(limit, size - start) };
    }
  }
}

/** Groups slices so that each group fits `capacity` bytes; at least one group. */
export function* groupsOf(parts: readonly FilePart[], capacity: number): Generator<PartSlice[]> {
  let group: PartSlice[] = [];
  let bytes = 0;
  for (const slice of slicesOf(parts, capacity)) {
    if (bytes + slice.byteLength > capacity) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(slice);
    bytes += slice.byteLength;
  }
  yield group;
}

/** Copies a slice to its place; asynchronous only for Blobs. */
function copySlice({ part, start, byteLength }: PartSlice, into: Uint8Array): undefined | Promise<void> {
  if (!isBlob(part.bytes)) {
    into.set(part.bytes.subarray(start, start + byteLength));
    return undefined;
  }
  const reading = part.bytes.slice(start, start + byteLength).arrayBuffer();
  return reading.then((read) => into.set(new Uint8Array(read)));
}

type Copied = Piece[] | Promise<Piece[]>;

function copySlices(
  slices: readonly PartSlice[],
  chunk: Uint8Array<ArrayBuffer>,
  placeOf: (slice: PartSlice) => number,
): Copied {
  const reads: Promise<void>[] = [];
  const pieces = slices.map((slice): Piece => {
    const at = placeOf(slice);
    const bytes = chunk.subarray(at, at + slice.byteLength);
    const reading = copySlice(slice, bytes);
    if (reading !== undefined) reads.push(reading);
    return { bytes, position: slice.part.offset + slice.start };
  });
  return reads.length > 0 ? Promise.all(reads).then(() => pieces) : pieces;
}

/** Copies a group into the chunk, slice behind slice. */
export function copyGroup(group: readonly PartSlice[], chunk: Uint8Array<ArrayBuffer>): Copied {
  let end = 0;
  return copySlices(group, chunk, ({ byteLength }) => {
    end += byteLength;
    return end - byteLength;
  });
}

/** Copies all parts, each to where its offset says. */
export function copyInPlace(parts: readonly FilePart[], whole: Uint8Array<ArrayBuffer>): Copied {
  const slices = [...slicesOf(parts, Number.POSITIVE_INFINITY)];
  return copySlices(slices, whole, ({ part }) => part.offset);
}

/** Regroups checksums that came in file order by part. */
export function checksByPart(parts: readonly FilePart[], checks: readonly bigint[]): BigUint64Array[] {
  let at = 0;
  return parts.map((part) => {
    const count = Math.ceil(partBytes(part) / BLOCK_BYTES);
    at += count;
    return BigUint64Array.from(checks.slice(at - count, at));
  });
}
