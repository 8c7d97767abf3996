/** Writes an entry in the place of the one before it. */
import type { EntryRecord } from './schema.ts';
import { sealed } from './seal.ts';
import { split } from './tails.ts';
import type { Transaction } from './transaction.ts';

/**
 * The requests of it, which may be left unawaited.
 * @param hadTail Whether the one before had a tail.
 */
export function putEntry(tx: Transaction, entry: EntryRecord, hadTail: boolean): Promise<unknown>[] {
  const { record, tail } = split(sealed(entry));
  const tails = tx.objectStore('tails');
  const put = tx.objectStore('entries').put(record);
  if (tail) return [put, tails.put(tail, entry.key)];
  return hadTail ? [put, tails.delete(entry.key)] : [put];
}
