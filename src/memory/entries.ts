/** Stored entries, listed a page at a time. */
import type { DetailRecord } from '../catalog/catalog.ts';
import { type EntryInfo, infoOf } from '../options/options.ts';
import type { Store } from '../store/store.ts';

export interface EntryQuery {
  readonly functionId?: string;
  readonly tag?: string;
  /** Descending: the latest used, the latest made, the largest first. A function's entries come by last use. */
  readonly order?: 'lastUsedAt' | 'createdAt' | 'sizeBytes';
  readonly limit?: number;
  /** Key of the last entry of the page before. */
  readonly after?: string;
}

/** One transaction reads so many; the caller may take its time between them. */
const PAGE = 100;

export async function* listEntries(store: Store | undefined, query: EntryQuery): AsyncGenerator<EntryInfo> {
  const { order = 'lastUsedAt', limit = Number.POSITIVE_INFINITY, ...where } = query;
  await store?.open();
  await store?.touches.flush();
  let after = query.after === undefined ? undefined : await store?.catalog.detail(query.after);
  for (let left = limit; store && left > 0; ) {
    const request = { ...where, order, direction: 'descending', limit: Math.min(PAGE, left) } as const;
    const page: DetailRecord[] = await store.catalog.details({ ...request, after });
    const now = Date.now();
    for (const detail of page) yield infoOf(detail, now);
    after = page.at(-1);
    left -= page.length;
    if (page.length < PAGE) return;
  }
}
