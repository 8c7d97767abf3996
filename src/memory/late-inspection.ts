/** What is asked about a memory, rather than of it, is fetched when it is asked for. */
import { Chunk } from '../chunks/chunks.ts';
import type { EntryInfo } from '../options/options.ts';
import type { Store } from '../store/store.ts';
import type { EntryList, EntryQuery } from './entries.ts';

export const inspection = new Chunk(() => import('./inspection.ts'));

async function* listed(list: () => Promise<EntryList>): AsyncGenerator<EntryInfo> {
  yield* await list();
}

/** The entries of a query: read as they are asked for. */
export function listEntries(store: Store | undefined, query: EntryQuery): EntryList {
  const list = async (): Promise<EntryList> => (await inspection.load()).listEntries(store, query);
  return { [Symbol.asyncIterator]: () => listed(list), count: async () => (await list()).count() };
}
