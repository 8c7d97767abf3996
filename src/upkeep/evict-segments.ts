/**
 * Segments that go whole, where the browser has no more room: the bytes of an entry in a segment come free only with
 * the segment, and to compact it takes the room that there is not.
 */
import { isSegment } from '../blobs/blobs.ts';
import { type EntryRecord, extentsOf } from '../catalog/catalog.ts';
import { evictLock, withLock } from '../locks/locks.ts';
import type { Removed, Store } from '../store/store.ts';
import { type Eviction, isPinnedIn, removeVictims, type Victim } from './evict.ts';

interface Segment {
  readonly file: string;
  readonly byteLength: number;
  readonly liveBytes: number;
}

/** What is lost for what is gained. */
const liveShare = ({ liveBytes, byteLength }: Segment): number => liveBytes / Math.max(1, byteLength);

/** The deadest first: where the least recently used were just removed from. Then the oldest, by name. */
async function segmentsOf(store: Store): Promise<Segment[]> {
  const rows = (await store.catalog.files()).filter(({ file }) => isSegment(file));
  return rows.sort((a, b) => liveShare(a) - liveShare(b) || (a.file < b.file ? -1 : 1));
}

const isIn = ({ skeleton, buffers }: EntryRecord, segment: string): boolean =>
  [skeleton, ...buffers].some((stored) => extentsOf(stored).some(({ file }) => file === segment));

/** Its entries, as its own records name them. */
async function entriesIn(store: Store, segment: string): Promise<Victim[]> {
  const { catalog } = store;
  const records = await store.openBlobs().records(segment);
  const keys = [...new Set(records.map(({ label }) => label))];
  const found = await Promise.all(keys.map((key) => catalog.find(key)));
  const entries = found.flatMap((each) =>
    each.kind === 'entry' && isIn(each.entry, segment) ? [each.entry] : [],
  );
  return Promise.all(
    entries.map(async ({ key, sizeBytes }) => {
      const { functionId = '' } = (await catalog.detail(key)) ?? {};
      return { key, sizeBytes, functionId };
    }),
  );
}

/** Removes segments with all their entries until so many bytes of files are gone. What is pinned keeps its segment. */
export function evictSegments(eviction: Eviction, wantedBytes: number): Promise<Removed> {
  const { store } = eviction;
  return withLock(evictLock(store.name), {}, async () => {
    const isPinned = await isPinnedIn(store);
    let [leftBytes, removed, freedBytes] = [wantedBytes, 0, 0];
    for (const { file, byteLength } of await segmentsOf(store)) {
      if (leftBytes <= 0) break;
      const victims = await entriesIn(store, file).catch(() => []); // cannot be read now: another one goes
      if (victims.some(({ key }) => isPinned(key))) continue;
      const gone = await removeVictims(eviction, victims);
      removed += gone.removed;
      freedBytes += gone.freedBytes;
      if (!(await store.catalog.files()).some((row) => row.file === file)) leftBytes -= byteLength;
    }
    return { removed, freedBytes };
  });
}
