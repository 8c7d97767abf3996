/** Has what this realm adds entered in the books: soon, many entries at a time, and at once where somebody waits. */
import { deferred } from '../deferred/deferred.ts';
import { add, book, isAnyUnbooked } from './book.ts';
import type { Added } from './catalog-interface.ts';
import type { Connection, Database } from './connection.ts';
import type { Commit, CommitOutcome } from './schema.ts';
import { functionOf, stateOf } from './validate.ts';

/** So long after the last one, many are entered together: meanwhile others would wait behind their transaction. */
const DELAY_MS = 100;
/** Where they keep coming: no longer than a limit may be exceeded for. */
const LONGEST_MS = 1_000;
/** What is waiting is bounded: a transaction over more would hold others up, and the limit is to hold. */
const MOST = 200;
const MOST_BYTES = 8 * 2 ** 20;

interface Waiting {
  readonly commit: Commit;
  resolve(outcome: CommitOutcome): void;
}

const outcomeOf = (isCommitted: boolean, totalBytes: number): CommitOutcome => ({
  isCommitted,
  isFileDoomed: false,
  isReplaced: false,
  deadFiles: [],
  totalBytes,
});

export class Bookkeeper {
  readonly #connection: Connection;
  readonly #waiting = new Map<string, Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitingBytes = 0;
  #firstAt = 0;
  #lastAt = 0;
  #turn: Promise<void> = Promise.resolve();
  /** The turn after it, where there is to be one. */
  #next: Promise<void> | undefined;
  /** How many wait for everything to be in the books. */
  #hurries = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async add(commit: Commit): Promise<Added | undefined> {
    if (!(await this.#connection.use((db) => add(db, commit)))) return undefined;
    const { promise: booked, resolve } = deferred<CommitOutcome>();
    const { key, sizeBytes } = commit.entry;
    this.#waitingBytes += sizeBytes;
    // Deleted and added again meanwhile: what became of the one before is of no account.
    this.#settle(key, outcomeOf(true, 0));
    this.#waiting.set(key, { commit, resolve });
    this.#schedule();
    return { booked };
  }

  /** Books without delay until the result is called. */
  hurry(): () => void {
    this.#hurries += 1;
    if (this.#waiting.size > 0) void this.book(); // never rejects
    return () => {
      this.#hurries -= 1;
    };
  }

  /** Enters what this realm has added, and whatever else waits. Never rejects: what is not booked now is booked by whoever comes next. */
  book(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingBytes = 0;
    // One that has not begun yet takes everything along.
    this.#next ??= this.#turn.then(() => {
      this.#next = undefined;
      this.#turn = this.#book();
      return this.#turn;
    });
    return this.#next;
  }

  /** Before the books are read: enters what any realm has added. */
  async settle(): Promise<void> {
    if (this.#waiting.size > 0 || (await this.#connection.use(isAnyUnbooked))) await this.book();
  }

  async close(): Promise<void> {
    if (this.#waiting.size > 0) await this.book();
    clearTimeout(this.#timer);
  }

  async #book(): Promise<void> {
    const owned = new Map(this.#waiting);
    const outcomes = await this.#connection
      .use((db) => book(db, new Set(owned.keys())))
      .catch(() => undefined);
    // Those that were added since are among them, too.
    for (const [key, outcome] of outcomes ?? []) this.#settle(key, outcome);
    const left = [...owned.values()].filter((each) => this.#waiting.get(each.commit.entry.key) === each);
    if (left.length === 0) return;
    // Where it failed, the entries stand and wait for the books. Else somebody else's transaction was first.
    const found =
      outcomes && (await this.#connection.use((db) => readRefusals(db, left)).catch(() => undefined));
    for (const { commit } of left) {
      const { key } = commit.entry;
      this.#settle(key, outcomeOf(found?.refused.has(key) !== true, found?.totalBytes ?? 0));
    }
  }

  #settle(key: string, outcome: CommitOutcome): void {
    this.#waiting.get(key)?.resolve(outcome);
    this.#waiting.delete(key);
  }

  #schedule(): void {
    this.#lastAt = performance.now();
    if (this.#hurries > 0 || this.#waiting.size >= MOST || this.#waitingBytes >= MOST_BYTES) {
      void this.book(); // never rejects
    } else if (this.#timer === undefined) {
      this.#firstAt = this.#lastAt;
      this.#bookIn(DELAY_MS);
    }
  }

  /** Later, where more has come meanwhile. */
  #bookIn(ms: number): void {
    this.#timer = setTimeout(() => {
      const due = Math.min(this.#lastAt + DELAY_MS, this.#firstAt + LONGEST_MS);
      const left = due - performance.now();
      if (left > 0) this.#bookIn(left);
      else void this.book(); // never rejects
    }, ms);
  }
}

/** Entries that others were the first to judge: those that are gone and for which a clear() has come were refused; any other was booked, and maybe deleted since. */
async function readRefusals(
  db: Database,
  left: readonly Waiting[],
): Promise<{ readonly refused: ReadonlySet<string>; readonly totalBytes: number }> {
  const tx = db.transaction(['entries', 'functions', 'state']);
  const state = stateOf(await tx.objectStore('state').get('state'));
  const refused = new Set<string>();
  for (const { commit } of left) {
    const { key, functionKey, createdAt } = commit.entry;
    const [record, row] = await Promise.all([
      tx.objectStore('entries').get(key),
      tx.objectStore('functions').get(functionKey),
    ]);
    const { memory, function: own } = commit.epochs;
    const isCurrent = (state?.epoch ?? 0) === memory && (functionOf(row)?.epoch ?? 0) === own;
    if (record?.createdAt !== createdAt && !isCurrent) refused.add(key);
  }
  return { refused, totalBytes: state?.bytes ?? 0 };
}
