/** The catalog in IndexedDB. */
import { unwrap } from 'idb';
import type { Catalog, Epochs, Found } from './catalog-interface.ts';
import { Connection } from './connection.ts';
import { type DetailQuery, keysOfFiles, listDetails } from './list.ts';
import { type Revision, type RevisionOutcome, revise } from './revise.ts';
import type { DetailRecord, EntryRecord, FileRecord, FunctionRecord, StateRecord } from './schema.ts';
import { emptyFunction } from './totals.ts';
import { detailOf, functionOf, isEntryRecord, stateOf } from './validate.ts';
import {
  type Commit,
  type CommitOutcome,
  clearAll,
  commit,
  type FunctionMisses,
  type Removal,
  remove,
  type Touch,
  touch,
} from './write.ts';

interface Lookup {
  readonly key: string;
  resolve(found: Found): void;
  reject(error: unknown): void;
}

export class IndexedDbCatalog implements Catalog {
  readonly isPersistent = true;
  readonly #connection: Connection;
  #lookups: Lookup[] = [];

  constructor(memory: string) {
    this.#connection = new Connection(memory);
  }

  /** Rejects where the database cannot be opened. */
  async open(): Promise<void> {
    await this.#connection.use(async () => undefined);
  }

  /** The entry of a call. Lookups asked for in one task share one readonly transaction. */
  find(key: string): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#lookups.push({ key, resolve, reject });
      if (this.#lookups.length === 1) queueMicrotask(() => void this.#findAll());
    });
  }

  detail(key: string): Promise<DetailRecord | undefined> {
    return this.#connection.use(async (db) => detailOf(await db.get('details', key)));
  }

  async epochs(functionKey: string): Promise<Epochs> {
    return this.#connection.use(async (db) => {
      const tx = db.transaction(['functions', 'state']);
      const [row, state] = await Promise.all([
        tx.objectStore('functions').get(functionKey),
        tx.objectStore('state').get('state'),
      ]);
      return { memory: stateOf(state)?.epoch ?? 0, function: functionOf(row)?.epoch ?? 0 };
    });
  }

  /** Makes an entry visible, in one transaction; refused when a clear() came since its epochs were read. */
  commit(entry: Commit): Promise<CommitOutcome> {
    return this.#connection.use((db) => commit(db, entry));
  }

  revise(revision: Revision): Promise<RevisionOutcome> {
    return this.#connection.use((db) => revise(db, revision));
  }

  touch(touches: readonly Touch[], misses: readonly FunctionMisses[]): Promise<void> {
    return this.#connection.use((db) => touch(db, touches, misses));
  }

  /** Removes the entries and says which files hold nothing any more; these stay listed until forgetFiles(). */
  remove(keys: readonly string[]): Promise<Removal> {
    return this.#connection.use((db) => remove(db, keys));
  }

  /**
   * Raises the epoch of a function's key spaces, so that nothing in flight is committed, and lists their keys.
   * `functionKey` is the one of the caller, which may have no entry yet.
   */
  async retireFunction(functionId: string, functionKey?: string): Promise<string[]> {
    return this.#connection.use(async (db) => {
      const tx = db.transaction(['functions', 'details'], 'readwrite');
      const functions = tx.objectStore('functions');
      const rows = await functions.index('functionId').getAll(functionId);
      if (functionKey !== undefined && !rows.some((row) => row.functionKey === functionKey)) {
        rows.push(emptyFunction(functionKey, functionId));
      }
      for (const each of rows) {
        const row = functionOf(each) ?? emptyFunction(each.functionKey, functionId);
        await functions.put({ ...row, epoch: row.epoch + 1 });
      }
      const range = IDBKeyRange.bound([functionId], [functionId, []]);
      const keys = await tx.objectStore('details').index('functionId').getAllKeys(range);
      await tx.done;
      return keys;
    });
  }

  /** Removes every entry in one transaction and raises the memory's epoch. */
  clear(): Promise<Removal> {
    return this.#connection.use(clearAll);
  }

  details(query: DetailQuery): Promise<DetailRecord[]> {
    return this.#connection.use((db) => listDetails(db, query));
  }

  keysOfTag(tag: string): Promise<string[]> {
    return this.#connection.use((db) => db.getAllKeysFromIndex('details', 'tags', tag));
  }

  functions(): Promise<FunctionRecord[]> {
    return this.#connection.use(async (db) =>
      (await db.getAll('functions')).filter((row) => functionOf(row) !== undefined),
    );
  }

  state(): Promise<StateRecord | undefined> {
    return this.#connection.use(async (db) => stateOf(await db.get('state', 'state')));
  }

  files(): Promise<FileRecord[]> {
    return this.#connection.use((db) => db.getAll('files'));
  }

  doom(file: string): Promise<boolean> {
    return this.#connection.use(async (db) => {
      const tx = db.transaction('files', 'readwrite');
      const row = await tx.store.get(file);
      const isFree = !row || row.liveBytes <= 0;
      if (isFree) await tx.store.put({ file, byteLength: 0, ...row, liveBytes: 0 });
      await tx.done;
      return isFree;
    });
  }

  keysOfFiles(files: readonly string[]): Promise<string[]> {
    return this.#connection.use((db) => keysOfFiles(db, files));
  }

  forgetFiles(files: readonly string[]): Promise<void> {
    return this.#connection.use(async (db) => {
      const tx = db.transaction('files', 'readwrite');
      for (const file of files) await tx.store.delete(file);
      await tx.done;
    });
  }

  /** Bytes under file names, for where there is no private file system. */
  keyedBytes() {
    const connection = this.#connection;
    return {
      put: (file: string, bytes: ArrayBuffer): Promise<void> =>
        connection.use(async (db) => void (await db.put('blobs', bytes, file))),
      get: (file: string): Promise<ArrayBuffer | undefined> => connection.use((db) => db.get('blobs', file)),
      delete: (files: readonly string[]): Promise<void> =>
        connection.use(async (db) => {
          const tx = db.transaction('blobs', 'readwrite');
          for (const file of files) await tx.store.delete(file);
          await tx.done;
        }),
      list: (): Promise<{ file: string; byteLength: number }[]> =>
        connection.use(async (db) => {
          // The keys alone: rows of lost commits have bytes too, and nobody wants to read those to list them.
          const rows = new Map((await db.getAll('files')).map((row) => [row.file, row.byteLength]));
          const stored = await db.getAllKeys('blobs');
          return stored.map((file) => ({ file, byteLength: rows.get(file) ?? 0 }));
        }),
    };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #findAll(): Promise<void> {
    const lookups = this.#lookups;
    this.#lookups = [];
    try {
      // Without idb's wrappers: every hit comes this way, and they are a third of what it does.
      await this.#connection.use(async (db) => {
        const store = unwrap(db).transaction('entries').objectStore('entries');
        for (const { key, resolve, reject } of lookups) {
          const request = store.get(key);
          request.onsuccess = () => resolve(believe(key, request.result));
          request.onerror = () => reject(request.error);
        }
      });
    } catch (error) {
      for (const { reject } of lookups) reject(error);
    }
  }
}

function believe(key: string, record: unknown): Found {
  if (record === undefined) return { kind: 'absent' };
  const verdict = isEntryRecord(record, key);
  if (verdict !== 'valid') return { kind: 'unreadable', reason: verdict };
  return { kind: 'entry', entry: record as EntryRecord }; // checked field by field by isEntryRecord
}
