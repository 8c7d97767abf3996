/**
 * Chromium writes a log for all databases of an origin. One that was killed between two writes of a record leaves it with
 * a torn end; the next start reads over that and goes on to write behind it, and the start after that takes the middle
 * of the log for damaged, and deletes every database of the origin. A new log is begun when a database is deleted.
 */
import { deleteDB, openDB } from 'idb';

/** No memory's: theirs have a slash. */
const THROWAWAY = 'keepsake-log-renewal';

/** Whether a kill can tear the log so. Only Chromium's events say what was lost. */
export const isLogFragile = (): boolean =>
  typeof IDBVersionChangeEvent !== 'undefined' && 'dataLoss' in IDBVersionChangeEvent.prototype;

/** What was written behind a torn end is safe from then on. Milliseconds, and more where much is stored: it is compacted. */
export async function renewLog(): Promise<void> {
  const db = await openDB(THROWAWAY, 1, { blocking: () => db.close() });
  db.close();
  await deleteDB(THROWAWAY);
}
