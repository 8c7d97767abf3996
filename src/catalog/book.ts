/**
 * The books: details, totals and live bytes of entries. An entry is added by one request to one table, as a hit needs no
 * more, and the rest of it travels in the same record until it is entered here, many at a time. No transaction reads
 * or changes the books before everything that was added is in them; a crash in between costs nothing.
 */
import { unwrap } from 'idb';
import type { Database } from './connection.ts';
import { filesOf, isDoomed, withUse } from './footprint.ts';
import { laterUse } from './last-use.ts';
import type {
  Commit,
  CommitOutcome,
  EntryRecord,
  FileRecord,
  FunctionRecord,
  UnbookedRecord,
} from './schema.ts';
import { sealed } from './seal.ts';
import { split } from './tails.ts';
import { emptyFunction, readFunction, readState } from './totals.ts';
import { type Transaction, transact, unawaited } from './transaction.ts';
import { birthOf, isEntryRecord } from './validate.ts';

/** A segment that is about to be removed may have an entry whose writer will move it; for so long it is waited for. */
const ABANDONED_MS = 60_000;

/** Adds an entry, unbooked. Returns false, and changes nothing, where its call has one. */
export function add(db: Database, { entry, ...birth }: Commit): Promise<boolean> {
  // One request, and no waiting for its success before the commit: half of what a hit costs.
  const { record, tail } = split(sealed(entry));
  const names = tail ? ['entries', 'tails'] : 'entries';
  const tx = unwrap(db).transaction(names, 'readwrite', { durability: 'relaxed' });
  const unbooked: UnbookedRecord = { ...record, unbookedAt: Date.now(), birth };
  const request = tx.objectStore('entries').add(unbooked);
  if (tail) tx.objectStore('tails').put(tail, entry.key);
  tx.commit();
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve(true);
    tx.onabort = () => {
      if (request.error?.name === 'ConstraintError') resolve(false);
      else reject(tx.error ?? request.error ?? new DOMException('The transaction was aborted', 'AbortError'));
    };
  });
}

/** Whether any entry waits for the books. */
export const isAnyUnbooked = async (db: Database): Promise<boolean> =>
  (await db.getKeyFromIndex('entries', 'unbookedAt', IDBKeyRange.lowerBound(0))) !== undefined;

/** So many at once keep the page's tasks short. */
const PAGE = 200;

/** Enters what was added; tells what became of it. `owned`: entries whose bytes this realm can move. */
export async function book(
  db: Database,
  owned: ReadonlySet<string>,
): Promise<ReadonlyMap<string, CommitOutcome>> {
  const all = new Map<string, CommitOutcome>();
  for (;;) {
    const { page, isMore } = await transact(db, async (tx) => {
      const books = new Bookkeeping(tx, owned);
      return { page: await books.run(PAGE), isMore: books.isMore };
    });
    for (const [key, outcome] of page) all.set(key, outcome);
    if (!isMore) return all;
  }
}

/** Runs `work` in one transaction over all tables but the bytes, with every entry in the books. */
export const change = <T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  transact(db, async (tx) => {
    await new Bookkeeping(tx, new Set()).run();
    return work(tx);
  });

const refused = { isCommitted: false, isFileDoomed: false, isReplaced: false, deadFiles: [] };

class Bookkeeping {
  readonly #tx: Transaction;
  readonly #owned: ReadonlySet<string>;
  readonly #functions = new Map<string, FunctionRecord>();
  readonly #files = new Map<string, FileRecord | undefined>();
  readonly #outcomes = new Map<string, CommitOutcome>();
  #entries = 0;
  #bytes = 0;
  #leftAlone = 0;
  /** Whether more may wait than the limit let in: not where nothing but what is left alone was found. */
  isMore = false;

  constructor(tx: Transaction, owned: ReadonlySet<string>) {
    this.#tx = tx;
    this.#owned = owned;
  }

  /** @param limit All, where there is none. */
  async run(limit?: number): Promise<ReadonlyMap<string, CommitOutcome>> {
    const unbooked = await this.#tx.objectStore('entries').index('unbookedAt').getAll(null, limit);
    if (unbooked.length === 0) return this.#outcomes;
    const state = await readState(this.#tx);
    // Only such records are in the index.
    for (const record of unbooked as UnbookedRecord[]) await this.#enter(record, state.epoch);
    this.isMore = unbooked.length === limit && this.#leftAlone < unbooked.length;
    const totalBytes = state.bytes + this.#bytes;
    for (const row of this.#functions.values()) unawaited(this.#tx.objectStore('functions').put(row));
    for (const row of this.#files.values()) unawaited(row && this.#tx.objectStore('files').put(row));
    const entries = state.entries + this.#entries;
    unawaited(this.#tx.objectStore('state').put({ ...state, entries, bytes: totalBytes }));
    for (const [key, outcome] of this.#outcomes) this.#outcomes.set(key, { ...outcome, totalBytes });
    return this.#outcomes;
  }

  async #enter(record: UnbookedRecord, epoch: number): Promise<void> {
    const { key } = record;
    const commit = birthOf(record);
    // A record of another format is none of ours.
    if (!commit && isEntryRecord(record, key) === 'format') return this.#leave();
    if (!commit) return this.#drop(key);
    const row = await this.#functionOf(commit);
    const { epochs } = commit;
    if (epoch !== epochs.memory || row.epoch !== epochs.function) return this.#drop(key, {});
    if (!(await this.#addLiveBytes(commit.entry))) {
      if (this.#owned.has(key)) return this.#drop(key, { isFileDoomed: true });
      // Left to its writer, if there still is one.
      return Math.abs(Date.now() - record.unbookedAt) > ABANDONED_MS ? this.#drop(key) : this.#leave();
    }
    this.#commit(commit, row);
  }

  /** Returns false, and changes nothing, where a file of the entry is doomed. */
  async #addLiveBytes(entry: EntryRecord): Promise<boolean> {
    const uses = [...filesOf(entry)];
    for (const [file] of uses) {
      if (!this.#files.has(file)) this.#files.set(file, await this.#tx.objectStore('files').get(file));
    }
    if (uses.some(([file]) => isDoomed(this.#files.get(file)))) return false;
    for (const [file, use] of uses) this.#files.set(file, withUse(file, this.#files.get(file), use));
    return true;
  }

  #commit({ entry, detail, identity }: Commit, row: FunctionRecord): void {
    this.#functions.set(entry.functionKey, {
      ...row,
      identity,
      entries: row.entries + 1,
      bytes: row.bytes + entry.sizeBytes,
      lastUsedAt: laterUse(row.lastUsedAt, detail.lastUsedAt),
      computeMs: row.computeMs + entry.computeMs,
    });
    this.#entries += 1;
    this.#bytes += entry.sizeBytes;
    this.#outcomes.set(entry.key, { ...refused, isCommitted: true, totalBytes: 0 });
    unawaited(this.#tx.objectStore('entries').put(entry), this.#tx.objectStore('details').put(detail));
  }

  #leave(): void {
    this.#leftAlone += 1;
  }

  #drop(key: string, outcome?: Partial<CommitOutcome>): void {
    if (outcome) this.#outcomes.set(key, { ...refused, totalBytes: 0, ...outcome });
    unawaited(this.#tx.objectStore('entries').delete(key), this.#tx.objectStore('tails').delete(key));
  }

  async #functionOf({ entry, detail }: Commit): Promise<FunctionRecord> {
    const { functionKey } = entry;
    const known = this.#functions.get(functionKey) ?? (await readFunction(this.#tx, functionKey));
    return known ?? emptyFunction(functionKey, detail.functionId);
  }
}
