/** All of the catalog in IndexedDB but looking entries up: what is written, listed and counted. Fetched when it is needed. */
import { change } from './book.ts';
import { Bookkeeper } from './bookkeeper.ts';
import type { Added, KeyedBytes } from './catalog-interface.ts';
import type { Connection, Database } from './connection.ts';
import { keyedBytes } from './keyed-bytes.ts';
import { type DetailQuery, keysOfFiles, listDetails } from './list.ts';
import { mend } from './mend.ts';
import { renewLog } from './renew-log.ts';
import { type Revision, type RevisionOutcome, revise } from './revise.ts';
import type {
  Commit,
  CommitOutcome,
  DetailRecord,
  FileRecord,
  FunctionRecord,
  StateRecord,
} from './schema.ts';
import { sealsReady } from './seal.ts';
import { emptyFunction } from './totals.ts';
import type { Transaction } from './transaction.ts';
import { detailOf, functionOf, stateOf } from './validate.ts';
import { clearAll, commit, type FunctionMisses, type Removal, remove, type Touch, touch } from './write.ts';

export class Books {
  readonly #connection: Connection;
  readonly #bookkeeper: Bookkeeper;
  readonly #onWrite: () => void;

  constructor(connection: Connection, onWrite: () => void) {
    this.#onWrite = onWrite;
    this.#connection = connection;
    this.#bookkeeper = new Bookkeeper(connection);
  }

  /** Enters everything that is not booked yet. Never rejects. */
  book(): Promise<void> {
    return this.#bookkeeper.book();
  }

  detail(key: string): Promise<DetailRecord | undefined> {
    return this.#read(async (db) => detailOf(await db.get('details', key)));
  }

  /** Makes an entry visible, in one transaction; refused when a clear() came since its epochs were read. */
  commit(entry: Commit): Promise<CommitOutcome> {
    return this.#write((db) => commit(db, entry));
  }

  async add(entry: Commit): Promise<Added | undefined> {
    this.#onWrite();
    await sealsReady();
    return this.#bookkeeper.add(entry);
  }

  hurry(): () => void {
    return this.#bookkeeper.hurry();
  }

  revise(revision: Revision): Promise<RevisionOutcome> {
    return this.#write((db) => revise(db, revision));
  }

  touch(touches: readonly Touch[], misses: readonly FunctionMisses[], isLast = false): Promise<void> {
    const write = (db: Database): Promise<void> => touch(db, touches, misses);
    return isLast ? this.#connection.use(write) : this.#write(write);
  }

  /** Removes the entries and says which files hold nothing any more; these stay listed until forgetFiles(). */
  remove(keys: readonly string[]): Promise<Removal> {
    return this.#write((db) => remove(db, keys));
  }

  /**
   * Raises the epoch of a function's key spaces, so that nothing in flight is committed, and lists their keys.
   * `functionKey` is the one of the caller, which may have no entry yet.
   */
  async retireFunction(functionId: string, functionKey?: string): Promise<string[]> {
    const retire = async (tx: Transaction): Promise<string[]> => {
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
      return tx.objectStore('details').index('functionId').getAllKeys(range);
    };
    return this.#write((db) => change(db, retire));
  }

  /** Removes every entry in one transaction and raises the memory's epoch. */
  clear(): Promise<Removal> {
    return this.#write(clearAll);
  }

  details(query: DetailQuery): Promise<DetailRecord[]> {
    return this.#read((db) => listDetails(db, query));
  }

  keysOfTag(tag: string): Promise<string[]> {
    return this.#read((db) => db.getAllKeysFromIndex('details', 'tags', tag));
  }

  functions(): Promise<FunctionRecord[]> {
    return this.#read(async (db) =>
      (await db.getAll('functions')).filter((row) => functionOf(row) !== undefined),
    );
  }

  state(): Promise<StateRecord | undefined> {
    return this.#read(async (db) => stateOf(await db.get('state', 'state')));
  }

  files(): Promise<FileRecord[]> {
    return this.#read((db) => db.getAll('files'));
  }

  doom(file: string): Promise<boolean> {
    const markDoomed = async (tx: Transaction): Promise<boolean> => {
      const files = tx.objectStore('files');
      const row = await files.get(file);
      const isFree = !row || row.liveBytes <= 0;
      if (isFree) await files.put({ file, byteLength: 0, ...row, liveBytes: 0 });
      return isFree;
    };
    return this.#write((db) => change(db, markDoomed));
  }

  async mend(): Promise<boolean> {
    await sealsReady();
    return this.#connection.use(mend); // which hardly ever finds anything to write
  }

  keysOfFiles(files: readonly string[]): Promise<string[]> {
    return this.#read((db) => keysOfFiles(db, files));
  }

  forgetFiles(files: readonly string[]): Promise<void> {
    return this.#write(async (db) => {
      const tx = db.transaction('files', 'readwrite');
      for (const file of files) await tx.store.delete(file);
      await tx.done;
    });
  }

  busyRealms(): Promise<string[]> {
    return this.#connection.use((db) => db.getAllKeys('busy'));
  }

  markBusy(realm: string): Promise<void> {
    return this.#connection.use(async (db) => void (await db.put('busy', Date.now(), realm)));
  }

  unmarkBusy(realms: readonly string[]): Promise<void> {
    return this.#connection.use(async (db) => {
      const tx = db.transaction('busy', 'readwrite');
      const deleted = realms.map((realm) => tx.store.delete(realm));
      tx.commit(); // a page that is left does not live to see that nothing more comes
      await Promise.all([...deleted, tx.done]);
    });
  }

  renewLog(): Promise<void> {
    return renewLog();
  }

  keyedBytes(): KeyedBytes {
    return keyedBytes(this.#connection, (use) => this.#write(use));
  }

  close(): Promise<void> {
    return this.#bookkeeper.close();
  }

  async #write<T>(use: (db: Database) => Promise<T>): Promise<T> {
    this.#onWrite();
    await sealsReady();
    return this.#connection.use(use);
  }

  /** Reads the books, with everything in them. */
  async #read<T>(use: (db: Database) => Promise<T>): Promise<T> {
    await sealsReady();
    await this.#bookkeeper.settle();
    return this.#connection.use(use);
  }
}
