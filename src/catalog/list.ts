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
  /** The last entry of the page before. */
  readonly after?: string;
}

const indexOf = (query: DetailQuery) => {
  if (query.functionKey !== undefined) return 'functionKey';
  return query.functionId !== undefined ? 'functionId' : query.order;
};

function rangeOf({ functionKey, functionId }: DetailQuery): IDBKeyRange | null {
  const prefix = functionKey ?? functionId;
  return prefix === undefined ? null : IDBKeyRange.bound([prefix], [prefix, []]);
}

async function listByTag(db: Database, query: DetailQuery, tag: string): Promise<DetailRecord[]> {
  const all = await db.getAllFromIndex('details', 'tags', tag);
  const sign = query.direction === 'ascending' ? 1 : -1;
  const sorted = all
    .filter((detail) => detailOf(detail) !== undefined)
    .filter(({ functionId }) => query.functionId === undefined || functionId === query.functionId)
    .sort((a, b) => sign * (a[query.order] - b[query.order]) || sign * (a.key < b.key ? -1 : 1));
  const start = sorted.findIndex(({ key }) => key === query.after) + 1;
  return sorted.slice(start, start + query.limit);
}

/** A page of details in the order of the query. */
export async function listDetails(db: Database, query: DetailQuery): Promise<DetailRecord[]> {
  if (query.tag !== undefined) return listByTag(db, query, query.tag);
  const tx = db.transaction('details');
  const last = query.after === undefined ? undefined : await tx.store.get(query.after);
  const direction = query.direction === 'ascending' ? 'next' : 'prev';
  const index = indexOf(query);
  const page: DetailRecord[] = [];
  let cursor = await tx.store.index(index).openCursor(rangeOf(query), direction);
  if (cursor && last) {
    const value =
      index === 'functionId' || index === 'functionKey' ? [last[index], last.lastUsedAt] : last[index];
    cursor = await cursor.continuePrimaryKey(value as never, last.key); // the index's own key type
    if (cursor?.primaryKey === last.key) cursor = await cursor.continue();
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
