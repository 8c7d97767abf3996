/** Has what this realm adds entered in the books: soon, many entries at a time, and at once where somebody waits. */
import { add, book, isAnyUnbooked } from './book.ts';
import type { Added } from './catalog-interface.ts';
import type { Connection } from './connection.ts';
import type { Commit, CommitOutcome } from './schema.ts';
import { stateOf } from './validate.ts';

/** So long after the last one, many are entered together: meanwhile others would wait behind their transaction. */
const DELAY_MS = 100;
/** Where they keep coming: no longer than a limit may be exceeded for. */
const LONGEST_MS = 1_000;
/** What is waiting is bounded: a transaction over more would hold others up, and the limit is to hold. */
const MOST = 200;
const MOST_BYTES = 8 * 2 ** 20;

type Resolve = (outcome: CommitOutcome) => void;

const outcomeOf = (isCommitted: boolean, totalBytes: number): CommitOutcome => ({
  isCommitted,
  isFileDoomed: false,
  isReplaced: false,
  deadFiles: [],
  totalBytes,
});

export class Bookkeeper {
  readonly #connection: Connection;
  readonly #waiting = new Map<string, Resolve>();
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
    const { promise: booked, resolve } = Promise.withResolvers<CommitOutcome>();
    const { key, sizeBytes } = commit.entry;
    this.#waitingBytes += sizeBytes;
    // Deleted and added again meanwhile: what became of the one before is of no account.
    this.#waiting.get(key)?.(outcomeOf(true, 0));
    this.#waiting.set(key, resolve);
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
    const left = [...owned].filter(([key, resolve]) => this.#waiting.get(key) === resolve);
    if (left.length === 0) return;
    // Where it failed, the entries stand and wait for the books. Else another transaction was first, whatever it was:
    // where an entry is gone since, that was a deletion like any other.
    const totalBytes = outcomes ? await this.#totalBytes() : 0;
    for (const [key] of left) this.#settle(key, outcomeOf(true, totalBytes));
  }

  #settle(key: string, outcome: CommitOutcome): void {
    this.#waiting.get(key)?.(outcome);
    this.#waiting.delete(key);
  }

  async #totalBytes(): Promise<number> {
    const state = await this.#connection.use((db) => db.get('state', 'state')).catch(() => undefined);
    return stateOf(state)?.bytes ?? 0;
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
