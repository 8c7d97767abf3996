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
    const torn = { records, end: at, isSound: true };
    if (at + FIXED_BYTES > byteLength) return torn;
    const fixed = new Uint8Array(FIXED_BYTES);
    await read(fixed, at);
    const lengths = readLengths(fixed);
    if (!lengths) return { ...torn, isSound: false };
    const offset = at + lengths.headerBytes;
    const end = offset + lengths.payloadBytes;
    if (end > byteLength) return torn;
    const whole = new Uint8Array(lengths.headerBytes);
    await read(whole, at);
    const header = readHeader(whole, checksum);
    if (!header) return { ...torn, isSound: false };
    records.push({ ...header, offset });
    at = alignRecord(end);
  }
  return { records, end: at, isSound: true };
}
