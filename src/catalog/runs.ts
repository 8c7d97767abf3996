/**
 * Entries to be removed, as runs of neighbours. Chromium takes as long for one key as for a range of hundreds
 * (5,000 entries of two tables: 1.5 s key by key, 0.12 s in ranges of 1,000), so what has nothing else in between
 * goes at once.
 */
import { type Footprint, footprintOf } from './footprint.ts';
import type { Transaction } from './transaction.ts';
import { detailOf } from './validate.ts';

/** Keys that follow each other in the tables, ascending; at least one. */
export type Run = readonly [string, ...string[]];

/** Fewer than these are asked for one by one: to see what lies between them costs two requests. */
const MIN_KEYS = 16;

/** One request for a run of one, one for a run of many. */
export const rangeOf = (run: Run): IDBKeyRange => IDBKeyRange.bound(run[0], run.at(-1));

/** All keys of both tables within the range, as far as there are not more than `limit` of one. */
async function keysWithin(
  tx: Transaction,
  range: IDBKeyRange,
  limit: number,
): Promise<ReadonlySet<string> | undefined> {
  const [entries, details] = await Promise.all([
    tx.objectStore('entries').getAllKeys(range, limit),
    tx.objectStore('details').getAllKeys(range, limit),
  ]);
  if (entries.length === limit || details.length === limit) return undefined;
  return new Set([...entries, ...details]);
}

/** Splits the keys where the tables hold another one. Among many others each is a run of its own. */
export async function runsOf(tx: Transaction, keys: readonly string[]): Promise<Run[]> {
  const wanted = [...new Set(keys)].sort();
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const present =
    wanted.length < MIN_KEYS
      ? undefined
      : await keysWithin(tx, IDBKeyRange.bound(first, last), 2 * wanted.length);
  if (!present) return wanted.map((key): Run => [key]);
  const isWanted = new Set(wanted);
  const runs: [string, ...string[]][] = [];
  let isOpen = false;
  for (const key of [...new Set([...present, ...wanted])].sort()) {
    if (!isWanted.has(key)) isOpen = false;
    else if (isOpen) runs.at(-1)?.push(key);
    else isOpen = runs.push([key]) > 0;
  }
  return runs;
}

/** What each entry of a run takes, by key; those that are not there have none. */
export async function footprintsOf(tx: Transaction, run: Run): Promise<Map<string, Footprint>> {
  const range = rangeOf(run);
  const [records, details] = await Promise.all([
    tx.objectStore('entries').getAll(range),
    tx.objectStore('details').getAll(range),
  ]);
  const recordOf = new Map(records.map((record) => [record.key, record]));
  const beside = new Map(details.map((detail) => [detail.key, detail]));
  const known = run.filter((key) => recordOf.has(key) || beside.has(key));
  return new Map(known.map((key) => [key, footprintOf(recordOf.get(key), key, detailOf(beside.get(key)))]));
}
