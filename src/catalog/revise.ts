/** The transaction that swaps an entry's bytes for those of its next revision. */
import type { Database } from './connection.ts';
import { type FileUse, filesOf, withUse } from './footprint.ts';
import { type EntryRecord, emptyState } from './schema.ts';
import { change, type Transaction } from './transaction.ts';

export interface Revision {
  /** The entry that the revision started from. */
  readonly base: EntryRecord;
  /** The same entry with the next revision number and other places. */
  readonly entry: EntryRecord;
}

export interface RevisionOutcome {
  /** false: the entry was removed, computed anew or revised by somebody else, and stays as it is. */
  readonly isCommitted: boolean;
  /** Files that nothing points at any more. */
  readonly deadFiles: readonly string[];
  /** The memory's bytes afterwards. */
  readonly totalBytes: number;
}

/** Whether both are one revision of one computed value. */
export const isSameEntry = (found: EntryRecord | undefined, base: EntryRecord): boolean =>
  found !== undefined &&
  found.revision === base.revision &&
  found.createdAt === base.createdAt &&
  found.computeMs === base.computeMs;

/** What the revision changes in each file. */
function changesByFile(previous: EntryRecord, entry: EntryRecord): Map<string, FileUse> {
  const changes = filesOf(entry);
  for (const [file, before] of filesOf(previous)) {
    const { liveBytes = 0, end = 0 } = changes.get(file) ?? {};
    changes.set(file, { liveBytes: liveBytes - before.liveBytes, end: Math.max(end, before.end) });
  }
  return changes;
}

/** Counts the live bytes of each file anew; returns the files that have none left. */
async function updateFiles(tx: Transaction, previous: EntryRecord, entry: EntryRecord): Promise<string[]> {
  const files = tx.objectStore('files');
  const dead: string[] = [];
  for (const [file, use] of changesByFile(previous, entry)) {
    const row = withUse(file, await files.get(file), use);
    await files.put({ ...row, liveBytes: Math.max(0, row.liveBytes) });
    if (row.liveBytes <= 0) dead.push(file);
  }
  return dead;
}

async function swap(tx: Transaction, { base, entry }: Revision): Promise<RevisionOutcome> {
  const [state = emptyState, previous, detail, row] = await Promise.all([
    tx.objectStore('state').get('state'),
    tx.objectStore('entries').get(entry.key),
    tx.objectStore('details').get(entry.key),
    tx.objectStore('functions').get(entry.functionKey),
  ]);
  if (!previous || !isSameEntry(previous, base)) {
    return { isCommitted: false, deadFiles: [], totalBytes: state.bytes };
  }
  const deadFiles = await updateFiles(tx, previous, entry);
  const grown = entry.sizeBytes - previous.sizeBytes;
  const totalBytes = state.bytes + grown;
  await Promise.all([
    tx.objectStore('entries').put(entry),
    tx.objectStore('state').put({ ...state, bytes: totalBytes }),
    detail && tx.objectStore('details').put({ ...detail, sizeBytes: entry.sizeBytes }),
    row && tx.objectStore('functions').put({ ...row, bytes: row.bytes + grown }),
  ]);
  return { isCommitted: true, deadFiles, totalBytes };
}

/** All of it or nothing: whatever fails, the previous revision stays whole. */
export const revise = (db: Database, revision: Revision): Promise<RevisionOutcome> =>
  change(db, (tx) => swap(tx, revision));
