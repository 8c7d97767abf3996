/** Entries and their metadata: in IndexedDB, or in this realm's memory. The only room that imports idb. */
import type { Catalog } from './catalog-interface.ts';
import { databaseName } from './connection.ts';
import { InMemoryCatalog } from './in-memory-catalog.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';
import { isLogFragile } from './renew-log.ts';

export type { Added, Catalog, Found } from './catalog-interface.ts';
export { isToCome } from './last-use.ts';
export type { DetailQuery } from './list.ts';
export { isSameEntry, isSamePlace, type Revision, type RevisionOutcome } from './revise.ts';
export {
  type Commit,
  type CommitOutcome,
  type DetailRecord,
  type EntryRecord,
  type Epochs,
  type Extent,
  extentsOf,
  type FileRecord,
  type FunctionRecord,
  RECORD_FORMAT,
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

/** A catalog that ends with the realm. */
export const openInMemoryCatalog = (): Catalog => new InMemoryCatalog();

/** Names of every memory that has a database in this origin. */
export async function listMemories(): Promise<string[]> {
  const prefix = databaseName('');
  const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/**
 * Deletes a memory's database. Connections of other tabs are asked to close and do so in their own time:
 * 'pending' says that one has not yet, and the browser will finish when it does.
 */
export function deleteMemory(name: string, waitMs: number): Promise<'deleted' | 'pending'> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseName(name));
    const timer = setTimeout(() => resolve('pending'), waitMs);
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve('deleted');
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error(`Cannot delete the database of memory "${name}"`));
    };
  });
}
