/**
 * Has Chromium begin a new log for the origin's databases. One that was killed between two writes of a record leaves a
 * log with a torn end; the next start reads over it, goes on to write behind it, and the start after that takes the
 * middle of the log for damaged and deletes every database of the origin. Deleting a database compacts what is in
 * memory, and with that the old log is done with: 4 ms, once a realm.
 */
import { deleteDB, openDB } from 'idb';

/** No memory's: theirs have a slash. */
const THROWAWAY = 'keepsake-log-renewal';

let renewal: Promise<void> | undefined;

async function renew(): Promise<void> {
  // Its events alone say what was lost; the other engines have no such log.
  if (!('dataLoss' in IDBVersionChangeEvent.prototype)) return;
  const db = await openDB(THROWAWAY, 1);
  db.close();
  await deleteDB(THROWAWAY);
}

/** Once a realm, soon after it has written: what was written behind a torn end is safe from then on. Never rejects. */
export function renewLog(): Promise<void> {
  renewal ??= renew().catch(() => undefined); // the log stays as it is
  return renewal;
}

/** Resolves when no renewal is under way. */
export const logRenewed = (): Promise<void> => renewal ?? Promise.resolve();
