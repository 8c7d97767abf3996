/** Entries listed a page at a time, by index. */
import type { Database } from './connection.ts';
import { filesOf } from './footprint.ts';
import type { DetailRecord } from './schema.ts';
import { detailOf } from './validate.ts';

export interface DetailQuery {
  readonly order: 'lastUsedAt' | 'createdAt' | 'sizeBytes';
  readonly direction: 'ascending' | 'descending';
  readonly limit: number;
  /** Only this function's; listed by last use. */
  readonly functionId?: string;
  /** Only this code identity's; listed by last use. */
  readonly functionKey?: string;
  readonly tag?: string;
  /** The last entry of the page before, as it was then: it may be gone, or have been used since. */
  readonly after?: DetailRecord | undefined;
}

const indexOf = (query: DetailQuery) => {
  if (query.functionKey !== undefined) return 'functionKey';
  return query.functionId !== undefined ? 'functionId' : query.order;
};

/** The place of an entry in the index. */
const placeOf = (query: DetailQuery, detail: DetailRecord): IDBValidKey => {
  const index = indexOf(query);
  return index === 'functionId' || index === 'functionKey'
    ? [detail[index], detail.lastUsedAt]
    : detail[index];
};

/**
 * What is left of the index after the page before. Chromium keeps the places of entries that were deleted or moved for
 * days, and passes over them one by one: a walk that began at the index's end each time would meet all of them again.
 */
function rangeOf(query: DetailQuery): IDBKeyRange | null {
  const { functionKey, functionId, after, direction } = query;
  const prefix = functionKey ?? functionId;
  const place = after && placeOf(query, after);
  const isUp = direction === 'ascending';
  if (prefix !== undefined)
    return IDBKeyRange.bound(
      isUp ? (place ?? [prefix]) : [prefix],
      isUp ? [prefix, []] : (place ?? [prefix, []]),
    );
  if (place === undefined) return null;
  return isUp ? IDBKeyRange.lowerBound(place) : IDBKeyRange.upperBound(place);
}

async function listByTag(db: Database, query: DetailQuery, tag: string): Promise<DetailRecord[]> {
  const all = await db.getAllFromIndex('details', 'tags', tag);
  const whole = all
    .filter((detail) => detailOf(detail) !== undefined)
    .filter(({ functionId }) => query.functionId === undefined || functionId === query.functionId);
  return pageOf(whole, query, query.order);
}

/** A page of details that are all at hand. */
export function pageOf(
  details: readonly DetailRecord[],
  { direction, after, limit }: DetailQuery,
  order: DetailQuery['order'],
): DetailRecord[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const compare = (a: DetailRecord, b: DetailRecord): number =>
    sign * (a[order] - b[order]) || sign * (a.key < b.key ? -1 : Number(a.key > b.key));
  return details
    .filter((detail) => after === undefined || compare(detail, after) > 0)
    .sort(compare)
    .slice(0, limit);
}

/** A page of details in the order of the query. */
export async function listDetails(db: Database, query: DetailQuery): Promise<DetailRecord[]> {
  if (query.tag !== undefined) return listByTag(db, query, query.tag);
  return query.direction === 'ascending' ? listUp(db, query) : listDown(db, query);
}

/** Whole pages by one request each; entries in the place of the last one may come again, and are passed over. */
async function listUp(db: Database, query: DetailQuery): Promise<DetailRecord[]> {
  const { after, limit } = query;
  const index = db.transaction('details').store.index(indexOf(query));
  const isAfter = (detail: DetailRecord): boolean =>
    !after ||
    indexedDB.cmp(placeOf(query, detail), placeOf(query, after)) !== 0 ||
    indexedDB.cmp(detail.key, after.key) > 0;
  for (let count = limit + 1; ; count *= 2) {
    const found = await index.getAll(rangeOf(query), count);
    const page = found.filter((detail) => detailOf(detail) !== undefined && isAfter(detail));
    if (page.length >= limit || found.length < count) return page.slice(0, limit);
  }
}

/** Backwards there is no getAll() in every engine: one request an entry. */
async function listDown(db: Database, query: DetailQuery): Promise<DetailRecord[]> {
  const { after } = query;
  const index = db.transaction('details').store.index(indexOf(query));
  const page: DetailRecord[] = [];
  let cursor = await index.openCursor(rangeOf(query), 'prev');
  if (after && cursor) {
    const place = placeOf(query, after);
    // Entries in one place come by their keys.
    const isBefore = indexedDB.cmp(cursor.primaryKey, after.key) === 1;
    if (isBefore && indexedDB.cmp(cursor.key, place) === 0)
      cursor = await cursor.continuePrimaryKey(place as never, after.key); // the index's own key type
    if (cursor?.primaryKey === after.key) cursor = await cursor.continue();
  }
  while (cursor && page.length < query.limit) {
    const detail = detailOf(cursor.value);
    if (detail) page.push(detail);
    cursor = await cursor.continue();
  }
  return page;
}

/** Keys of the entries that point at one of the files: a walk over all of them. */
export async function keysOfFiles(db: Database, files: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  const wanted = new Set(files);
  let cursor = await db.transaction('entries').store.openCursor();
  while (cursor) {
    if ([...filesOf(cursor.value).keys()].some((file) => wanted.has(file))) keys.push(cursor.primaryKey);
    cursor = await cursor.continue();
  }
  return keys;
}
