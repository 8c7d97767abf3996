/** Walks the records of a segment. */
import type { Checksum } from '../../digest/digest.ts';
import { alignRecord, FIXED_BYTES, type RecordHeader, readHeader, readLengths } from '../segment-record.ts';

/** Fills `into` from a position that is inside the segment. */
type Read = (into: Uint8Array, position: number) => undefined | Promise<void>;

export interface FoundRecord extends RecordHeader {
  /** Of its payload, in the segment. */
  readonly offset: number;
}

export interface Scan {
  readonly records: readonly FoundRecord[];
  /**
   * Where the next record goes. Less than the segment's length where a record reaches beyond its end: a write that a
   * kill cut short, which no entry can point at.
   */
  readonly end: number;
  /** Whether all of the segment could be read; one that could not is never appended to. */
  readonly isSound: boolean;
}

/** Reads headers only: a thousand of them take a few milliseconds. */
export async function scanSegment(read: Read, byteLength: number, checksum: Checksum): Promise<Scan> {
  const records: FoundRecord[] = [];
  let at = 0;
  while (at < byteLength) {
    const header = await readHeaderAt(read, at, byteLength, checksum);
    if (!header) return { records, end: at, isSound: false };
    const offset = at + header.headerBytes;
    const end = offset + header.payloadBytes;
    if (end > byteLength) return { records, end: at, isSound: true };
    records.push({ ...header, offset });
    at = alignRecord(end);
  }
  return { records, end: at, isSound: true };
}

/** A header that is whole and right; its lengths are not believed before that. */
async function readHeaderAt(
  read: Read,
  at: number,
  byteLength: number,
  checksum: Checksum,
): Promise<RecordHeader | undefined> {
  if (at + FIXED_BYTES > byteLength) return undefined;
  const fixed = new Uint8Array(FIXED_BYTES);
  await read(fixed, at);
  const lengths = readLengths(fixed);
  if (!lengths || at + lengths.headerBytes > byteLength) return undefined;
  const whole = new Uint8Array(lengths.headerBytes);
  await read(whole, at);
  return readHeader(whole, checksum);
}
