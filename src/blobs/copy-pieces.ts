/** Cuts the parts of a file into chunks to write, copying them out of the caller's memory. */
import type { Checksum } from '../digest/digest.ts';
import type { FilePart } from './blob-store.ts';
import { BLOCK_BYTES, type Piece } from './protocol.ts';

/** A chunk travels to the worker and back: large enough to amortise the way, small enough to stay warm in cache. */
export const CHUNK_BYTES = 4 * BLOCK_BYTES;
/** Up to here a value is copied in one turn, so that it cannot change meanwhile. About 4 ms at memory speed. */
export const ONE_TURN_BYTES = 8 * BLOCK_BYTES;

const isBlob = (bytes: Uint8Array | Blob): bytes is Blob => !(bytes instanceof Uint8Array);

export const partBytes = ({ bytes }: FilePart): number => (isBlob(bytes) ? bytes.size : bytes.byteLength);

export const totalBytes = (parts: readonly FilePart[]): number =>
  parts.reduce((sum, part) => sum + partBytes(part), 0);

export const isOneTurn = (parts: readonly FilePart[]): boolean =>
  totalBytes(parts) <= ONE_TURN_BYTES && !parts.some(({ bytes }) => isBlob(bytes));

/** A slice of a part, whole blocks of it except at the part's end. */
interface Slice {
  readonly part: FilePart;
  readonly start: number;
  readonly byteLength: number;
}

function* slicesOf(parts: readonly FilePart[], limit: number): Generator<Slice> {
  for (const part of parts) {
    const size = partBytes(part);
    for (let start = 0; start < size; start += limit) {
      yield { part, start, byteLength: Math.min(limit, size - start) };
    }
  }
}

/** Groups slices so that each group fits `capacity` bytes. */
export function* groupsOf(parts: readonly FilePart[], capacity: number): Generator<Slice[]> {
  let group: Slice[] = [];
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

/** Copies a group into the chunk; asynchronous only for Blobs. */
export function copyGroup(group: readonly Slice[], chunk: Uint8Array): Piece[] | Promise<Piece[]> {
  const pieces: Piece[] = [];
  const reads: Promise<void>[] = [];
  let at = 0;
  for (const { part, start, byteLength } of group) {
    const target = at;
    if (isBlob(part.bytes)) {
      const reading = part.bytes.slice(start, start + byteLength).arrayBuffer();
      reads.push(reading.then((bytes) => chunk.set(new Uint8Array(bytes), target)));
    } else chunk.set(part.bytes.subarray(start, start + byteLength), target);
    pieces.push({ start: at, byteLength, position: part.offset + start });
    at += byteLength;
  }
  return reads.length > 0 ? Promise.all(reads).then(() => pieces) : pieces;
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

const changed = 'ChangedWhileStoringError';

/** Whether a write failed because the caller's bytes changed while they were copied. */
export const isChangedWhileStoring = (error: unknown): boolean =>
  error instanceof Error && error.name === changed;

const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

/**
 * Compares the caller's bytes with what was copied. Every block was copied before any is compared, so equality
 * means that all held together at the moment between. Rests after each 16 MiB, about 4 ms of hashing.
 */
export async function assertUnchanged(
  parts: readonly FilePart[],
  checks: readonly BigUint64Array[],
  checksum: Checksum,
): Promise<void> {
  let hashed = 0;
  for (const [index, { bytes }] of parts.entries()) {
    if (isBlob(bytes)) continue;
    for (let at = 0, block = 0; at < bytes.byteLength; at += BLOCK_BYTES, block += 1) {
      if (checksum(bytes.subarray(at, at + BLOCK_BYTES)) !== checks[index]?.[block]) {
        const error = new Error('The value changed while it was copied into storage');
        error.name = changed;
        throw error;
      }
      hashed += BLOCK_BYTES;
      if (hashed % (16 * BLOCK_BYTES) === 0) await nextTask();
    }
  }
}
