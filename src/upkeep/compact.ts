/** Gives back the dead bytes of segments: what is still live is copied to another one, and the file removed. */
import { isSegment, type SegmentRecord } from '../blobs/blobs.ts';
import type { EntryRecord, Extent, FileRecord, StoredBytes } from '../catalog/catalog.ts';
import { compactLock, moveLock, withLock, writerLock } from '../locks/locks.ts';
import type { Store } from '../store/store.ts';

/** What may be dead of all segments together: with more, they take more than 1.5 times what is live in them. */
const MAX_DEAD_SHARE = 1 / 3;
/** Less than this is not worth copying what is live. */
const MIN_DEAD_BYTES = 4 * 2 ** 20;

const deadBytesOf = ({ byteLength, liveBytes }: FileRecord): number => byteLength - liveBytes;
const deadShareOf = (row: FileRecord): number => deadBytesOf(row) / row.byteLength;

/** The segments to empty, those with the most dead bytes first, until few enough are left. */
export function sparseSegments(rows: readonly FileRecord[]): FileRecord[] {
  // One without live bytes waits for removal already.
  const segments = rows.filter(({ file, liveBytes }) => isSegment(file) && liveBytes > 0);
  let bytes = segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let dead = segments.reduce((sum, row) => sum + deadBytesOf(row), 0);
  const chosen: FileRecord[] = [];
  for (const row of segments.sort((a, b) => deadShareOf(b) - deadShareOf(a))) {
    if (dead <= MIN_DEAD_BYTES || dead <= bytes * MAX_DEAD_SHARE) break;
    chosen.push(row);
    dead -= deadBytesOf(row);
    bytes -= deadBytesOf(row);
  }
  return chosen;
}

/** Compacts what is worth it, one realm at a time. Returns how many segments are gone. */
export function compact(store: Store): Promise<number> {
  return withLock(compactLock(store.name), {}, async () => {
    if (store.isClosed || !store.catalog.isPersistent) return 0;
    let gone = 0;
    for (const { file } of sparseSegments(await store.catalog.files())) {
      if (await empty(store, file)) gone += 1;
    }
    return gone;
  });
}

async function empty(store: Store, segment: string): Promise<boolean> {
  // Whoever appends to it goes on in another one, else it would never be empty.
  store.channel.post({ kind: 'release', files: [segment] });
  for (const record of await store.openBlobs().records(segment)) await moveAlone(store, segment, record);
  return !(await store.catalog.files()).some(({ file }) => file === segment);
}

/** A writer of the entry knows its places by heart: it is left to a later turn. One that comes now waits, see open-mapped.ts. */
function moveAlone(store: Store, segment: string, record: SegmentRecord): Promise<void> {
  const { name } = store;
  return withLock(moveLock(name, record.label), {}, () =>
    withLock(writerLock(name, record.label), { ifAvailable: true }, async (isHeld) => {
      if (isHeld) await move(store, segment, record);
    }),
  );
}

async function move(store: Store, segment: string, record: SegmentRecord): Promise<void> {
  const { catalog } = store;
  const blobs = store.openBlobs();
  const found = await catalog.find(record.label);
  if (found.kind !== 'entry' || !pointsInto(found.entry, segment, record)) return;
  const place = await blobs.copyRecord(segment, record);
  const moved = (extent: Extent): Extent =>
    isInside(extent, segment, record)
      ? { ...extent, file: place.file, offset: extent.offset - record.offset + place.offset }
      : extent;
  let isKept = false;
  try {
    const outcome = await catalog.revise({ base: found.entry, entry: withExtents(found.entry, moved) });
    isKept = outcome.isCommitted;
    await store.removeFiles(outcome.deadFiles);
  } finally {
    blobs.settle(place, isKept);
  }
}

const isInside = (
  { file, offset, byteLength }: Extent,
  segment: string,
  { offset: start, byteLength: length }: SegmentRecord,
): boolean => file === segment && offset >= start && offset + byteLength <= start + length;

const pointsInto = (entry: EntryRecord, segment: string, record: SegmentRecord): boolean =>
  [entry.skeleton, ...entry.buffers].some(
    ({ place, more = [] }) =>
      !(place instanceof ArrayBuffer) && [place, ...more].some((extent) => isInside(extent, segment, record)),
  );

/** The same revision at other places: arrays that are open ask where it is when their file is gone. */
function withExtents(entry: EntryRecord, moved: (extent: Extent) => Extent): EntryRecord {
  const replace = (stored: StoredBytes): StoredBytes =>
    stored.place instanceof ArrayBuffer
      ? stored
      : { ...stored, place: moved(stored.place), ...(stored.more && { more: stored.more.map(moved) }) };
  return { ...entry, skeleton: replace(entry.skeleton), buffers: entry.buffers.map(replace) };
}
