/**
 * Reads entries and epochs. What is asked for in one turn shares one readonly transaction, and so does what is asked for
 * in the turn of an answer: in a loop of hits, a transaction of its own is a quarter of each.
 */
import { unwrap } from 'idb';
import type { Connection, Database } from './connection.ts';
import type { Epochs } from './schema.ts';
import { hasTail } from './tails.ts';
import { functionOf, stateOf } from './validate.ts';

/** An entry that is looked for: called back with its record and the tail of that, unjudged. */
export interface Lookup {
  readonly key: string;
  resolve(record: unknown, tail?: unknown): void;
  reject(error: unknown): void;
}

export interface EpochsRead {
  readonly functionKey: string;
  resolve(epochs: Epochs): void;
  reject(error: unknown): void;
}

/** From here on, neighbours are read together as long as most of what comes is asked for. */
const MANY = 16;
const FIRST_RUN = 32;
/** What comes at once is decoded at once: no more than a page's task may hold. */
const RUN = 128;
/** A record that nobody asked for takes a fifth of a request for one. */
const WORTHWHILE_SHARE = 0.25;

/** Who writes waits until the transaction is over, so that it must not go on for ever: some milliseconds. */
const MOST_TURNS = 16;

const byKey = (a: Lookup, b: Lookup): number => (a.key < b.key ? -1 : 1);

/**
 * Large results come in rows: where the last entry had a tail, the next one's is asked for before that is known. So is
 * the first one's of the page, which has waited for enough.
 */
let isTailLikely = true;

/** Without idb's wrappers: every hit comes this way, and they are a third of what it does. */
class Reading {
  readonly #tx: IDBTransaction;
  readonly #entries: IDBObjectStore;
  readonly #isWithEpochs: boolean;
  #turns = 0;
  #isOver = false;

  constructor(db: Database, isWithEpochs: boolean) {
    const names = isWithEpochs ? ['entries', 'tails', 'functions', 'state'] : ['entries', 'tails'];
    this.#isWithEpochs = isWithEpochs;
    this.#tx = unwrap(db).transaction(names);
    this.#tx.oncomplete = () => {
      this.#isOver = true;
    };
    this.#entries = this.#tx.objectStore('entries');
  }

  ask({ lookups, epochs }: Wanted): void {
    this.#turns += 1;
    for (const each of epochs) this.#epochs(each);
    if (lookups.length < MANY) for (const lookup of lookups) this.#one(lookup);
    else this.#run([...lookups].sort(byKey), 0, FIRST_RUN);
  }

  /** Asks here as well; `false` where it has ended meanwhile, or has gone on for long enough. */
  askToo(wanted: Wanted): boolean {
    if (this.#isOver || this.#turns >= MOST_TURNS) return false;
    if (wanted.epochs.length > 0 && !this.#isWithEpochs) return false;
    try {
      this.ask(wanted);
      return true;
    } catch {
      return false; // between its last answer and its end: the first request is refused, and so nothing was asked
    }
  }

  #epochs({ functionKey, resolve, reject }: EpochsRead): void {
    const row = this.#tx.objectStore('functions').get(functionKey);
    const state = this.#tx.objectStore('state').get('state');
    row.onerror = () => reject(row.error);
    state.onerror = () => reject(state.error);
    // Answered in the order they are asked in.
    state.onsuccess = () =>
      resolve({
        memory: stateOf(state.result)?.epoch ?? 0,
        function: functionOf(row.result)?.epoch ?? 0,
      });
  }

  #one(lookup: Lookup): void {
    const request = this.#entries.get(lookup.key);
    const tail = isTailLikely ? this.#tx.objectStore('tails').get(lookup.key) : undefined;
    if (tail) tail.onerror = () => lookup.reject(tail.error);
    request.onsuccess = () => this.#answer(lookup, request.result, tail);
    request.onerror = () => lookup.reject(request.error);
  }

  /** Runs of neighbours from `from` on, in the order of their keys; singly where they turn out to be far apart. */
  #run(sorted: readonly Lookup[], from: number, count: number): void {
    const [first, last] = [sorted[from], sorted.at(-1)];
    if (!first || !last) return;
    const request = this.#entries.getAll(IDBKeyRange.bound(first.key, last.key), count);
    request.onsuccess = () => {
      const { result } = request;
      const { next, found } = this.#match(sorted, from, result, result.length < count);
      if (found >= result.length * WORTHWHILE_SHARE) this.#run(sorted, next, RUN);
      else for (const lookup of sorted.slice(next)) this.#one(lookup);
    };
    request.onerror = (event) => {
      // One of them cannot be read: asked for singly, the others can.
      event.preventDefault();
      event.stopPropagation();
      for (const lookup of sorted.slice(from)) this.#one(lookup);
    };
  }

  /** Answers what the records say something about. */
  #match(
    sorted: readonly Lookup[],
    from: number,
    records: readonly { readonly key: string }[],
    isEnd: boolean,
  ): { readonly next: number; readonly found: number } {
    const end = records.at(-1)?.key;
    let [next, at, found] = [from, 0, 0];
    for (; next < sorted.length; next += 1) {
      const lookup = sorted[next];
      if (!lookup || (!isEnd && (end === undefined || lookup.key > end))) break;
      let record = records[at];
      while (record && record.key < lookup.key) record = records[++at];
      const isFound = record?.key === lookup.key;
      if (isFound) found += 1;
      this.#answer(lookup, isFound ? record : undefined);
    }
    return { next, found };
  }

  #answer(lookup: Lookup, record: unknown, tail?: IDBRequest): void {
    isTailLikely = hasTail(record);
    if (!isTailLikely) {
      lookup.resolve(record);
      return;
    }
    const request = tail ?? this.#tx.objectStore('tails').get(lookup.key);
    request.onsuccess = () => lookup.resolve(record, request.result);
    request.onerror = () => lookup.reject(request.error);
  }
}

interface Wanted {
  readonly lookups: Lookup[];
  readonly epochs: EpochsRead[];
}

/** What is looked up over one connection. */
export class Lookups {
  readonly #connection: Connection;
  #wanted: Wanted | undefined;
  #last: Reading | undefined;
  /** How often the connection had been used once #last had begun. */
  #uses = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  find(lookup: Lookup): void {
    this.#soon().lookups.push(lookup);
  }

  epochs(read: EpochsRead): void {
    this.#soon().epochs.push(read);
  }

  /** What is asked for in this turn. */
  #soon(): Wanted {
    if (this.#wanted) return this.#wanted;
    const wanted: Wanted = { lookups: [], epochs: [] };
    void Promise.resolve().then(() => this.#read(wanted)); // never rejects
    this.#wanted = wanted;
    return wanted;
  }

  async #read(wanted: Wanted): Promise<void> {
    this.#wanted = undefined;
    // What was written since is seen by transactions that begin after it.
    if (this.#uses === this.#connection.uses && this.#last?.askToo(wanted)) return;
    try {
      await this.#connection.use(async (db) => {
        this.#last = new Reading(db, wanted.epochs.length > 0);
        this.#uses = this.#connection.uses;
        this.#last.ask(wanted);
      });
    } catch (error) {
      for (const { reject } of [...wanted.lookups, ...wanted.epochs]) reject(error);
    }
  }
}
