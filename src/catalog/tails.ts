/**
 * Chromium keeps a record of 64 KiB or more in a file of its own, at three times the time. A larger entry therefore has
 * the end of its bytes in a second record, under the same key in another table.
 */
import { joined } from '../bytes/bytes.ts';
import type { EntryRecord, StoredBytes, StoredEntry } from './schema.ts';

/** Up to here an entry's bytes are all in its one record. */
const HEAD_BYTES = 48 * 1024;
/** What one more record can take. */
const TAIL_BYTES = 60 * 1024;

/** An entry as it is stored. */
export interface Split {
  readonly record: StoredEntry;
  /** Under the same key in the table of tails. */
  readonly tail?: ArrayBuffer;
}

type Fields = Readonly<Record<string, unknown>>;

const piecesOf = ({ skeleton, buffers }: EntryRecord): readonly StoredBytes[] => [skeleton, ...buffers];

const inlineBytesOf = ({ place }: StoredBytes): number =>
  place instanceof ArrayBuffer ? place.byteLength : 0;

function withPlaces(entry: EntryRecord, places: readonly StoredBytes['place'][]): EntryRecord {
  const [skeleton, ...buffers] = piecesOf(entry).map((stored, at) => ({
    ...stored,
    place: places[at] ?? stored.place,
  }));
  return { ...entry, skeleton: skeleton ?? entry.skeleton, buffers };
}

/** Cuts the end off the bytes of an entry that is too large for one record. */
export function split(entry: EntryRecord): Split {
  const sizes = piecesOf(entry).map(inlineBytesOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= HEAD_BYTES) return { record: entry };
  let left = Math.max(0, total - TAIL_BYTES);
  const kept = sizes.map((size) => {
    const part = Math.min(size, left);
    left -= part;
    return part;
  });
  const tails: ArrayBuffer[] = [];
  const places = piecesOf(entry).map(({ place }, at) => {
    if (!(place instanceof ArrayBuffer)) return place;
    tails.push(place.slice(kept[at]));
    return place.slice(0, kept[at]);
  });
  const cuts = sizes.map((size, at) => size - (kept[at] ?? 0));
  return { record: { ...withPlaces(entry, places), cuts }, tail: joined(tails) };
}

/** Whether a record, whatever it is, says that it has a tail. */
export const hasTail = (record: unknown): boolean =>
  typeof record === 'object' && record !== null && (record as Fields).cuts !== undefined;

/** The entry of a record that was found valid, and of its tail; undefined where that is not what was cut off. */
export function join(stored: StoredEntry, tail: unknown): EntryRecord | undefined {
  if (stored.cuts === undefined) return stored;
  const { cuts, ...record } = stored;
  const total = cuts.reduce((sum, cut) => sum + cut, 0);
  if (!(tail instanceof ArrayBuffer) || tail.byteLength !== total) return undefined;
  let at = 0;
  const places = piecesOf(record).map(({ place }, index) => {
    const cut = cuts[index] ?? 0;
    if (cut === 0 || !(place instanceof ArrayBuffer)) return place;
    at += cut;
    return joined([place, tail.slice(at - cut, at)]);
  });
  return withPlaces(record, places);
}
