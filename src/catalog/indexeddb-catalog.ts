/**
 * The catalog in IndexedDB: looks entries up, which is all that a hit needs of it. The rest comes with `Books`, which a
 * page fetches when it first needs them.
 */
import { Chunk } from '../chunks/chunks.ts';
import type { Books } from './books.ts';
import type { Added, Catalog, Found, KeyedBytes } from './catalog-interface.ts';
import { Connection } from './connection.ts';
import { Lookups } from './find.ts';
import type { DetailQuery } from './list.ts';
import type { Revision, RevisionOutcome } from './revise.ts';
import type {
  Commit,
  CommitOutcome,
  DetailRecord,
  Epochs,
  FileRecord,
  FunctionRecord,
  StateRecord,
  StoredEntry,
  UnbookedRecord,
} from './schema.ts';
import { sealsReady } from './seal.ts';
import { join } from './tails.ts';
import { isEntryRecord } from './validate.ts';
import type { FunctionMisses, Removal, Touch } from './write.ts';

const chunk = new Chunk(() => import('./books.ts'));

/** Fetches what entries are written with, which a miss had better have before its function is entered. */
export const loadBooks = (): Promise<unknown> => chunk.load();

export class IndexedDbCatalog implements Catalog {
  readonly isPersistent = true;
  readonly #connection: Connection;
  readonly #onWrite: () => void;
  readonly #lookups: Lookups;
  #books: Books | undefined;

  constructor(memory: string, onWrite: () => void = () => undefined) {
    this.#onWrite = onWrite;
    this.#connection = new Connection(memory);
    this.#lookups = new Lookups(this.#connection);
  }

  /** Rejects where the database cannot be opened. Meanwhile seals are compiled, which are waited for where they are needed. */
  async open(): Promise<void> {
    const opening = this.#connection.use(async () => undefined);
    void sealsReady()?.catch(() => undefined); // whoever needs them waits for them, and hears why not
    await opening;
  }

  /** The entry of a call. */
  find(key: string): Promise<Found> {
    return new Promise((resolve, reject) => {
      const judge = (record: unknown, tail?: unknown): void => resolve(this.#judge(key, record, tail));
      this.#lookups.find({ key, resolve: judge, reject });
    });
  }

  epochs(functionKey: string): Promise<Epochs> {
    return new Promise((resolve, reject) => this.#lookups.epochs({ functionKey, resolve, reject }));
  }

  detail(key: string): Promise<DetailRecord | undefined> {
    return this.#with((books) => books.detail(key));
  }

  commit(entry: Commit): Promise<CommitOutcome> {
    return this.#with((books) => books.commit(entry));
  }

  add(entry: Commit): Promise<Added | undefined> {
    return this.#with((books) => books.add(entry));
  }

  hurry(): () => void {
    return this.#books?.hurry() ?? (() => undefined); // nothing was added yet
  }

  revise(revision: Revision): Promise<RevisionOutcome> {
    return this.#with((books) => books.revise(revision));
  }

  touch(touches: readonly Touch[], misses: readonly FunctionMisses[], isLast?: boolean): Promise<void> {
    return this.#with((books) => books.touch(touches, misses, isLast));
  }

  remove(keys: readonly string[]): Promise<Removal> {
    return this.#with((books) => books.remove(keys));
  }

  retireFunction(functionId: string, functionKey?: string): Promise<string[]> {
    return this.#with((books) => books.retireFunction(functionId, functionKey));
  }

  clear(): Promise<Removal> {
    return this.#with((books) => books.clear());
  }

  details(query: DetailQuery): Promise<DetailRecord[]> {
    return this.#with((books) => books.details(query));
  }

  keysOfTag(tag: string): Promise<string[]> {
    return this.#with((books) => books.keysOfTag(tag));
  }

  functions(): Promise<FunctionRecord[]> {
    return this.#with((books) => books.functions());
  }

  state(): Promise<StateRecord | undefined> {
    return this.#with((books) => books.state());
  }

  files(): Promise<FileRecord[]> {
    return this.#with((books) => books.files());
  }

  doom(file: string): Promise<boolean> {
    return this.#with((books) => books.doom(file));
  }

  mend(): Promise<boolean> {
    return this.#with((books) => books.mend());
  }

  keysOfFiles(files: readonly string[]): Promise<string[]> {
    return this.#with((books) => books.keysOfFiles(files));
  }

  forgetFiles(files: readonly string[]): Promise<void> {
    return this.#with((books) => books.forgetFiles(files));
  }

  busyRealms(): Promise<string[]> {
    return this.#with((books) => books.busyRealms());
  }

  markBusy(realm: string): Promise<void> {
    return this.#with((books) => books.markBusy(realm));
  }

  unmarkBusy(realms: readonly string[]): Promise<void> {
    return this.#with((books) => books.unmarkBusy(realms));
  }

  renewLog(): Promise<void> {
    return this.#with((books) => books.renewLog());
  }

  keyedBytes(): Promise<KeyedBytes> {
    return this.#with(async (books) => books.keyedBytes());
  }

  async close(): Promise<void> {
    await this.#books?.close();
    await this.#connection.close();
  }

  /** At once where the books are here: a page that is left does not live to see the next turn. */
  #with<T>(use: (books: Books) => Promise<T>): Promise<T> {
    const open = ({ Books }: typeof import('./books.ts')): Promise<T> => {
      this.#books ??= new Books(this.#connection, this.#onWrite);
      return use(this.#books);
    };
    return chunk.loaded ? open(chunk.loaded) : chunk.load().then(open);
  }

  /** An entry counts once it is in the books: only then is it known that no clear() came before it. */
  async #findBooked(key: string): Promise<Found> {
    await this.#with((books) => books.book());
    return new Promise((resolve, reject) => {
      const believed = (record: unknown, tail?: unknown): void =>
        resolve(believe(key, isObject(record) ? withoutBirth(record) : record, tail));
      this.#lookups.find({ key, resolve: believed, reject });
    });
  }

  #judge(key: string, record: unknown, tail: unknown): Found | Promise<Found> {
    const ready = sealsReady();
    if (ready !== undefined) return ready.then(() => this.#judge(key, record, tail));
    const isUnbooked = isObject(record) && 'unbookedAt' in record;
    return isUnbooked ? this.#findBooked(key) : believe(key, record, tail);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A record as it will be once it is in the books. */
function withoutBirth(record: object): object {
  const { unbookedAt, birth, ...entry } = record as UnbookedRecord; // its own fields are there or not
  return entry;
}

function believe(key: string, record: unknown, tail: unknown): Found {
  if (record === undefined) return { kind: 'absent' };
  const verdict = isEntryRecord(record, key);
  if (verdict !== 'valid') return { kind: 'unreadable', reason: verdict };
  const entry = join(record as StoredEntry, tail); // checked field by field by isEntryRecord
  return entry ? { kind: 'entry', entry } : { kind: 'unreadable', reason: 'damaged' };
}
