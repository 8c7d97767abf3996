/** Stored entries, listed a page at a time. */
import type { DetailRecord } from '../catalog/catalog.ts';
import { type EntryInfo, infoOf } from '../options/options.ts';
import type { Store } from '../store/store.ts';

/** The database keeps these orders; entries in any other are read and sorted, all that the query is about. */
type IndexedOrder = 'lastUsedAt' | 'createdAt' | 'sizeBytes';

export interface EntryQuery {
  readonly functionId?: string;
  readonly tag?: string;
  /** Part of the function's id, of the arguments or of a tag, whatever its case. */
  readonly text?: string;
  /** 'lastUsedAt' where nothing is said. Those that the database has no order for cost a read of all entries. */
  readonly order?: IndexedOrder | 'computeMs' | 'storeMs' | 'savedMs' | 'hits' | 'functionId';
  /** 'descending' where nothing is said: the latest, the largest, the slowest first. */
  readonly direction?: 'ascending' | 'descending';
  readonly limit?: number;
  /** Key of the last entry of the page before. */
  readonly after?: string;
}

/** Entries as they are asked for, and how many there are. */
export interface EntryList extends AsyncIterable<EntryInfo> {
  /** Of the whole query, whatever its `limit` and `after`. */
  count(): Promise<number>;
}

/** One transaction reads so many; the caller may take its time between them. Upwards one request reads a page. */
const PAGE = { ascending: 500, descending: 100 };

type Order = NonNullable<EntryQuery['order']>;

const isIndexed = (order: Order): order is IndexedOrder =>
  order === 'lastUsedAt' || order === 'createdAt' || order === 'sizeBytes';

/** What the text of a query is looked for in. */
function isMatch(text: string | undefined): (detail: DetailRecord) => boolean {
  if (!text) return () => true;
  const wanted = text.toLowerCase();
  const has = (where: string): boolean => where.toLowerCase().includes(wanted);
  return ({ functionId, argumentsPreview, tags }) =>
    has(functionId) || has(argumentsPreview) || tags.some(has);
}

const comparing =
  (order: Order, direction: 'ascending' | 'descending') =>
  (a: DetailRecord, b: DetailRecord): number => {
    const sign = direction === 'ascending' ? 1 : -1;
    const [first, second] = [a[order], b[order]];
    if (first === second) return sign * (a.key < b.key ? -1 : Number(a.key > b.key));
    return sign * (first < second ? -1 : 1);
  };

interface Paging {
  readonly order: IndexedOrder;
  readonly direction: 'ascending' | 'descending';
  readonly size: number;
  readonly after?: DetailRecord | undefined;
}

/** Pages of what the query is about, in an order of the database. */
async function* pages(
  { catalog }: Store,
  { functionId, tag, text }: EntryQuery,
  { size, after, ...order }: Paging,
): AsyncGenerator<DetailRecord[]> {
  const where = { ...(functionId !== undefined && { functionId }), ...(tag !== undefined && { tag }) };
  const isWanted = isMatch(text);
  for (let last = after; ; ) {
    const page = await catalog.details({ ...where, ...order, limit: size, after: last });
    yield page.filter(isWanted);
    last = page.at(-1);
    if (page.length < size) return;
  }
}

/** All that the query is about. What has a tag is read at once whatever is asked for. */
async function all(store: Store, query: EntryQuery): Promise<DetailRecord[]> {
  const size = query.tag === undefined ? PAGE.ascending : Number.POSITIVE_INFINITY;
  const details: DetailRecord[] = [];
  for await (const page of pages(store, query, { order: 'lastUsedAt', direction: 'ascending', size }))
    for (const detail of page) details.push(detail);
  return details;
}

/** Details in the query's order, a page at a time. */
async function* found(store: Store, query: EntryQuery): AsyncGenerator<DetailRecord[]> {
  const { order = 'lastUsedAt', direction = 'descending', limit = Number.POSITIVE_INFINITY } = query;
  const after = query.after === undefined ? undefined : await store.catalog.detail(query.after);
  // The entries of a function are kept in the order of their last use alone.
  if (isIndexed(order) && (query.functionId === undefined || order === 'lastUsedAt')) {
    const size = query.text ? PAGE[direction] : Math.min(PAGE[direction], limit);
    yield* pages(store, query, { order, direction, size, after });
    return;
  }
  const compare = comparing(order, direction);
  const details = await all(store, query);
  yield details.filter((detail) => !after || compare(detail, after) > 0).sort(compare);
}

async function* listed(store: Store | undefined, query: EntryQuery): AsyncGenerator<EntryInfo> {
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  if (!store || left <= 0) return;
  await store.open();
  await store.touches.flush();
  for await (const page of found(store, query)) {
    const now = Date.now();
    for (const detail of page) {
      yield infoOf(detail, now);
      left -= 1;
      if (left <= 0) return;
    }
  }
}

async function count(store: Store | undefined, query: EntryQuery): Promise<number> {
  if (!store) return 0;
  await store.open();
  const { functionId, tag, text } = query;
  if (text || (tag !== undefined && functionId !== undefined)) return (await all(store, query)).length;
  if (tag !== undefined) return (await store.catalog.keysOfTag(tag)).length;
  const rows = await store.catalog.functions();
  return rows
    .filter((row) => functionId === undefined || row.functionId === functionId)
    .reduce((sum, { entries }) => sum + entries, 0);
}

/** The entries of a query: read as they are asked for. */
export const listEntries = (store: Store | undefined, query: EntryQuery): EntryList => ({
  [Symbol.asyncIterator]: () => listed(store, query),
  count: () => count(store, query),
});
