/** Entries and their metadata: in IndexedDB, or in this realm's memory. The only room that imports idb. */
import { wait } from '../deferred/deferred.ts';
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

/** A catalog that ends with the realm. */
export const openInMemoryCatalog = (): Catalog => new InMemoryCatalog();

/** A frame that is sandboxed, or of another site, may be refused. */
async function databases(): Promise<IDBDatabaseInfo[]> {
  if (globalThis.origin === 'null') return []; // Chromium would report a rejection that nobody can handle
  try {
    return await indexedDB.databases();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'SecurityError') return [];
    throw error;
  }
}

/** Names of every memory that has a database in this origin; none where it may have no database. */
export async function listMemories(): Promise<string[]> {
  const prefix = databaseName('');
  const names = (await databases()).map(({ name }) => name ?? '');
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/**
 * Deletes a memory's database. Connections of other tabs are asked to close and do so in their own time:
 * 'pending' says that one has not yet, and the browser will finish when it does.
 */
export function deleteMemory(name: string, waitMs: number): Promise<'deleted' | 'pending'> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseName(name));
    void wait(waitMs).then(() => resolve('pending'));
    request.onsuccess = () => resolve('deleted');
    request.onerror = () =>
      reject(request.error ?? new Error(`Cannot delete the database of memory "${name}"`));
  });
}
