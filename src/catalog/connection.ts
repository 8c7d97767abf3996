/** One connection to a memory's database: opened at first use, opened again when it was lost. */
import { type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { MemoryClosedError, UnsupportedFormatError } from '../errors/errors.ts';
import { type CatalogSchema, DATABASE_VERSION, emptyState } from './schema.ts';

export type Database = IDBPDatabase<CatalogSchema>;

export const databaseName = (memory: string): string => `keepsake/${memory}`;

type Upgrade = IDBPTransaction<CatalogSchema, StoreNames<CatalogSchema>[], 'versionchange'>;

function upgrade(db: Database, oldVersion: number, _: number | null, tx: Upgrade): void {
  if (oldVersion < 1) createStores(db);
  if (oldVersion < 2) tx.objectStore('entries').createIndex('unbookedAt', 'unbookedAt');
  if (oldVersion < 3) for (const name of ['tails', 'busy'] as const) db.createObjectStore(name);
}

function createStores(db: Database): void {
  db.createObjectStore('entries', { keyPath: 'key' });
  const details = db.createObjectStore('details', { keyPath: 'key' });
  details.createIndex('lastUsedAt', 'lastUsedAt');
  details.createIndex('createdAt', 'createdAt');
  details.createIndex('sizeBytes', 'sizeBytes');
  details.createIndex('functionId', ['functionId', 'lastUsedAt']);
  details.createIndex('functionKey', ['functionKey', 'lastUsedAt']);
  details.createIndex('tags', 'tags', { multiEntry: true });
  db.createObjectStore('functions', { keyPath: 'functionKey' }).createIndex('functionId', 'functionId');
  // Epochs begin with the time: what was computed for a database that was deleted meanwhile is not kept in this one.
  void db.createObjectStore('state', { keyPath: 'id' }).put({ ...emptyState, epoch: Date.now() }); // awaited with the upgrade
  db.createObjectStore('files', { keyPath: 'file' }).createIndex('liveBytes', 'liveBytes');
  db.createObjectStore('blobs');
}

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

export class Connection {
  readonly #name: string;
  #opening: Promise<Database> | undefined;
  /** What #opening brought. */
  #db: Database | undefined;
  #isClosed = false;
  /** How often it was used, or ended. */
  uses = 0;

  constructor(memory: string) {
    this.#name = databaseName(memory);
  }

  /** Runs `use` on the open database; once more on a new connection when the old one turns out to be closed. */
  async use<T>(use: (db: Database) => Promise<T>): Promise<T> {
    const db = this.#db ?? (await this.#open());
    this.uses += 1;
    try {
      return await use(db);
    } catch (error) {
      // The browser closed it (cleared storage, a newer tab's upgrade): InvalidStateError from transaction().
      if (nameOf(error) !== 'InvalidStateError') throw error;
      this.#forget(db);
      return use(await this.#open());
    }
  }

  /** Ends it: what comes later must not open, and thereby make, a database that was deleted since. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.uses += 1;
    const opening = this.#opening;
    this.#opening = undefined;
    this.#db = undefined;
    await opening?.then(
      (db) => db.close(),
      () => undefined,
    );
  }

  #open(): Promise<Database> {
    if (this.#isClosed) return Promise.reject(new MemoryClosedError());
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<Database> {
    try {
      const db: Database = await openDB<CatalogSchema>(this.#name, DATABASE_VERSION, {
        upgrade,
        blocking: () => this.#forget(db),
        terminated: () => this.#forget(db),
      });
      this.#db = db;
      return db;
    } catch (error) {
      if (nameOf(error) !== 'VersionError') throw error;
      const known = (await indexedDB.databases()).find(({ name }) => name === this.#name);
      throw new UnsupportedFormatError(known?.version ?? DATABASE_VERSION + 1, DATABASE_VERSION);
    }
  }

  #forget(db: Database): void {
    this.uses += 1;
    db.close();
    this.#opening = undefined;
    this.#db = undefined;
  }
}
