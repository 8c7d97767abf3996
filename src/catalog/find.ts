/** Reads entries and epochs: what is asked for in one task shares one readonly transaction. */
import { unwrap } from 'idb';
import type { Database } from './connection.ts';
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

  constructor(db: Database, isWithEpochs: boolean) {
    const names = isWithEpochs ? ['entries', 'tails', 'functions', 'state'] : ['entries', 'tails'];
    this.#tx = unwrap(db).transaction(names);
    this.#entries = this.#tx.objectStore('entries');
  }

  epochs({ functionKey, resolve, reject }: EpochsRead): void {
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

  one(lookup: Lookup): void {
    const request = this.#entries.get(lookup.key);
    const tail = isTailLikely ? this.#tx.objectStore('tails').get(lookup.key) : undefined;
    if (tail) tail.onerror = () => lookup.reject(tail.error);
    request.onsuccess = () => this.#answer(lookup, request.result, tail);
    request.onerror = () => lookup.reject(request.error);
  }

  /** Runs of neighbours from `from` on, in the order of their keys; singly where they turn out to be far apart. */
  run(sorted: readonly Lookup[], from: number, count: number): void {
    const [first, last] = [sorted[from], sorted.at(-1)];
    if (!first || !last) return;
    const request = this.#entries.getAll(IDBKeyRange.bound(first.key, last.key), count);
    request.onsuccess = () => {
      const { result } = request;
      const { next, found } = this.#match(sorted, from, result, result.length < count);
      if (found >= result.length * WORTHWHILE_SHARE) this.run(sorted, next, RUN);
      else for (const lookup of sorted.slice(next)) this.one(lookup);
    };
    request.onerror = (event) => {
      // One of them cannot be read: asked for singly, the others can.
      event.preventDefault();
      event.stopPropagation();
      for (const lookup of sorted.slice(from)) this.one(lookup);
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

/** Begins to read; throws where the connection is not open any more, and then calls nobody. */
export function read(db: Database, lookups: readonly Lookup[], epochs: readonly EpochsRead[]): void {
  const reading = new Reading(db, epochs.length > 0);
  for (const each of epochs) reading.epochs(each);
  if (lookups.length < MANY) for (const lookup of lookups) reading.one(lookup);
  else reading.run([...lookups].sort(byKey), 0, FIRST_RUN);
}
