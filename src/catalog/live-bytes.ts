/** How many bytes of each stored file entries point at. */
import { type FileUse, filesOf, isDoomed, withUse } from './footprint.ts';
import type { EntryRecord } from './schema.ts';
import { type Transaction, unawaited } from './transaction.ts';
import { fileOf } from './validate.ts';

/** Returns false, and changes nothing, where a file of the entry is doomed. */
export async function addLiveBytes(tx: Transaction, entry: EntryRecord): Promise<boolean> {
  const files = tx.objectStore('files');
  const uses = [...filesOf(entry)];
  const rows = await Promise.all(uses.map(([file]) => files.get(file)));
  if (rows.some(isDoomed)) return false;
  unawaited(...uses.map(([file, use], at) => files.put(withUse(file, rows[at], use))));
  return true;
}

/** Takes uses off the files' rows; the files that have none left are added to `dead`. */
export async function subtractLiveBytes(
  tx: Transaction,
  gone: ReadonlyMap<string, FileUse>,
  dead: Set<string>,
): Promise<void> {
  const files = tx.objectStore('files');
  const uses = [...gone];
  const rows = await Promise.all(uses.map(([file]) => files.get(file)));
  for (const [at, [file, use]] of uses.entries()) {
    const row = fileOf(rows[at]);
    if (!row) continue;
    const liveBytes = row.liveBytes - use.liveBytes;
    // Less than nothing: others may still point at it, so it is left to be counted anew.
    unawaited(files.put({ ...row, liveBytes: Math.max(-1, liveBytes) }));
    if (liveBytes === 0) dead.add(file);
  }
}
