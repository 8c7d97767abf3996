/** A transaction over the tables: wholly or not at all. */
import type { IDBPTransaction } from 'idb';
import type { Database } from './connection.ts';
import type { CatalogSchema } from './schema.ts';

/** All but the bytes. */
export const tables = ['entries', 'tails', 'details', 'functions', 'state', 'files'] as const;

export type Transaction = IDBPTransaction<CatalogSchema, (typeof tables)[number][], 'readwrite'>;

/**
 * Runs `work` in one transaction over all tables but the bytes, and waits until it is complete. What fails on the way
 * undoes all of it. The transaction's own error comes first: a full disk aborts it, and requests only say 'aborted'.
 */
export async function transact<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  // Relaxed: the promise is kept against process kills, which lose no committed transaction; strict costs 2x.
  const tx = db.transaction([...tables], 'readwrite', { durability: 'relaxed' });
  const ended = tx.done.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  let result: T;
  try {
    result = await work(tx);
    tx.commit(); // it would notice by itself that nothing more comes, a task later
  } catch (error) {
    abort(tx);
    await ended;
    throw tx.error ?? error;
  }
  const failure = await ended;
  if (failure) throw failure.error;
  return result;
}

/** Requests that nothing waits for: where one fails, the transaction fails with it. */
export function unawaited(...requests: readonly (Promise<unknown> | undefined)[]): void {
  for (const request of requests) request?.catch(() => undefined);
}

function abort(tx: Transaction): void {
  try {
    tx.abort();
  } catch {
    // It had ended by itself.
  }
}
