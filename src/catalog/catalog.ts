/** Entries and their metadata: in IndexedDB, or in this realm's memory. The only room that imports idb. */
import { Chunk } from '../chunks/chunks.ts';
import type { Catalog } from './catalog-interface.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';
import { isLogFragile } from './renew-log.ts';

export type { Added, Catalog, Found } from './catalog-interface.ts';
export { loadBooks } from './indexeddb-catalog.ts';
export { isToCome } from './last-use.ts';
export type { DetailQuery } from './list.ts';
export { deleteMemory, listMemories } from './memories.ts';
export type { Revision, RevisionOutcome } from './revise.ts';
export { isSameEntry, isSamePlace } from './same-entry.ts';
export {
  type Commit,
  type CommitOutcome,
  type DetailRecord,
  type EntryRecord,
  type EntryTier,
  type Epochs,
  type Extent,
  extentsOf,
  type FileRecord,
  type FunctionRecord,
  RECORD_FORMAT,
  type ResultSummary,
  type StoredBytes,
  storedBytesOf,
} from './schema.ts';
export type { FunctionMisses, Removal, Touch } from './write.ts';

/**
 * Opens the memory's database. Rejects where that is not to be had.
 * @param onWrite Called before each write, where a kill in the middle of one may be the end of all that is stored.
 */
export async function openCatalog(memory: string, onWrite: () => void): Promise<Catalog> {
  const catalog = new IndexedDbCatalog(memory, isLogFragile() ? onWrite : undefined);
  await catalog.open();
  return catalog;
}

const inMemory = new Chunk(() => import('./in-memory-catalog.ts'));

/** A catalog that ends with the realm. */
export async function openInMemoryCatalog(): Promise<Catalog> {
  const { InMemoryCatalog } = await inMemory.load();
  return new InMemoryCatalog();
}
