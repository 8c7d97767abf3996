/** Writes an entry in the place of the one before it. */
import type { EntryRecord } from './schema.ts';
import { sealed } from './seal.ts';
import { split } from './tails.ts';
import type { Transaction } from './transaction.ts';

/** The requests of it, which may be left unawaited. */
export function putEntry(tx: Transaction, entry: EntryRecord): Promise<unknown>[] {
  const { record, tail } = split(sealed(entry));
  const tails = tx.objectStore('tails');
  return [tx.objectStore('entries').put(record), tail ? tails.put(tail, entry.key) : tails.delete(entry.key)];
}
