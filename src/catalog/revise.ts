/** The transaction that swaps an entry's bytes for those of its next revision. */
import { change } from './book.ts';
import type { Database } from './connection.ts';
import { type FileUse, filesOf, isDoomed, withUse } from './footprint.ts';
import { putEntry } from './put-entry.ts';
import { isSameEntry, isSamePlace } from './same-entry.ts';
import type { EntryRecord } from './schema.ts';
import { hasTail } from './tails.ts';
import { readFunction, readState } from './totals.ts';
import type { Transaction } from './transaction.ts';
import { fileOf } from './validate.ts';

export interface Revision {
  /** The entry that the revision started from. */
  readonly base: EntryRecord;
  /** The same entry with the next revision number and other places. */
  readonly entry: EntryRecord;
}

export interface RevisionOutcome {
  /** false: the entry was removed, computed anew or revised by somebody else, and stays as it is. */
  readonly isCommitted: boolean;
  /** Why not, where the entry is the same: a new file of it waits for removal. */
  readonly isFileDoomed: boolean;
  /** Files that nothing points at any more. */
  readonly deadFiles: readonly string[];
  /** The memory's bytes afterwards. */
  readonly totalBytes: number;
}

/** What the revision changes in each file. */
function changesByFile(previous: EntryRecord, entry: EntryRecord): Map<string, FileUse> {
  const changes = filesOf(entry);
  for (const [file, before] of filesOf(previous)) {
    const { liveBytes = 0, end = 0 } = changes.get(file) ?? {};
    changes.set(file, { liveBytes: liveBytes - before.liveBytes, end: Math.max(end, before.end) });
  }
  return changes;
}

/** Counts the live bytes of each file anew; returns the files that have none left. Undefined: a new one is doomed. */
async function updateFiles(
  tx: Transaction,
  previous: EntryRecord,
  entry: EntryRecord,
): Promise<string[] | undefined> {
  const files = tx.objectStore('files');
  const before = filesOf(previous);
  const changes = [...changesByFile(previous, entry)];
  const rows = await Promise.all(changes.map(([file]) => files.get(file)));
  if (changes.some(([file], at) => !before.has(file) && isDoomed(rows[at]))) return undefined;
  const dead: string[] = [];
  for (const [at, [file, use]] of changes.entries()) {
    if (rows[at] && !fileOf(rows[at])) continue; // left to be counted anew
    const row = withUse(file, rows[at], use);
    await files.put({ ...row, liveBytes: Math.max(0, row.liveBytes) });
    if (row.liveBytes <= 0) dead.push(file);
  }
  return dead;
}

async function swap(tx: Transaction, { base, entry }: Revision): Promise<RevisionOutcome> {
  const [state, previous, detail, row] = await Promise.all([
    readState(tx),
    tx.objectStore('entries').get(entry.key),
    tx.objectStore('details').get(entry.key),
    readFunction(tx, entry.functionKey),
  ]);
  // Bytes that were compacted since `base` was read are not there any more.
  const refused = { isCommitted: false, isFileDoomed: false, deadFiles: [], totalBytes: state.bytes };
  if (!previous || !isSameEntry(previous, base) || !isSamePlace(previous, base)) return refused;
  // Booking has left it alone: its writer is about to move it.
  if ('unbookedAt' in previous) return refused;
  const deadFiles = await updateFiles(tx, previous, entry);
  if (!deadFiles) return { ...refused, isFileDoomed: true };
  const grown = entry.sizeBytes - previous.sizeBytes;
  const totalBytes = state.bytes + grown;
  await Promise.all([
    ...putEntry(tx, entry, hasTail(previous)),
    tx.objectStore('state').put({ ...state, bytes: totalBytes }),
    detail && tx.objectStore('details').put({ ...detail, sizeBytes: entry.sizeBytes }),
    row && tx.objectStore('functions').put({ ...row, bytes: row.bytes + grown }),
  ]);
  return { isCommitted: true, isFileDoomed: false, deadFiles, totalBytes };
}

/** All of it or nothing: whatever fails, the previous revision stays whole. */
export const revise = (db: Database, revision: Revision): Promise<RevisionOutcome> =>
  change(db, (tx) => swap(tx, revision));
