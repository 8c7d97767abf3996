/** The databases of all memories. */
import { wait } from '../deferred/deferred.ts';
import { databaseName } from './connection.ts';

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
