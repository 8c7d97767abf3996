/** Gives back the dead bytes of segments: what is still live is copied to another one, and the file removed. */
import { isSegment, type SegmentRecord } from '../blobs/blobs.ts';
import type { EntryRecord, Extent, StoredBytes } from '../catalog/catalog.ts';
import { compactLock, withLock, writerLock } from '../locks/locks.ts';
import type { Store } from './store.ts';

/** Copying costs what is live, and frees what is dead. */
const MAX_LIVE_SHARE = 0.5;
/** Smaller segments take appends again. */
const MIN_SEGMENT_BYTES = 8 * 2 ** 20;

/** Compacts what is worth it, unless another realm is at it. Returns how many segments are gone. */
export function compact(store: Store): Promise<number> {
  return withLock(compactLock(store.name), { ifAvailable: true }, async (isHeld) => {
    if (!isHeld || !store.catalog.isPersistent) return 0;
    const rows = await store.catalog.files();
    const sparse = rows.filter(
      ({ file, byteLength, liveBytes }) =>
        isSegment(file) &&
        byteLength >= MIN_SEGMENT_BYTES &&
        liveBytes > 0 &&
        liveBytes <= byteLength * MAX_LIVE_SHARE,
    );
    let gone = 0;
    for (const { file } of sparse) if (await empty(store, file)) gone += 1;
    return gone;
  });
}

async function empty(store: Store, segment: string): Promise<boolean> {
  for (const record of await store.openBlobs().records(segment)) {
    // A writer of the entry knows its places by heart: it is left to a later turn.
    await withLock(writerLock(store.name, record.label), { ifAvailable: true }, async (isHeld) => {
      if (isHeld) await move(store, segment, record);
    });
  }
  return !(await store.catalog.files()).some(({ file }) => file === segment);
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
