/** The transactions that change the catalog. Each keeps the running totals right; none scans the store. */

import { change } from './book.ts';
import type { Database } from './connection.ts';
import { type FileUse, type Footprint, footprintOf } from './footprint.ts';
import { laterUse } from './last-use.ts';
import { addLiveBytes, subtractLiveBytes } from './live-bytes.ts';
import { putEntry } from './put-entry.ts';
import { footprintsOf, type Run, rangeOf, runsOf } from './runs.ts';
import { type Commit, type CommitOutcome, emptyState, type FunctionRecord } from './schema.ts';
import { emptyFunction, readFunction, readState, subtractTotals } from './totals.ts';
import { type Transaction, unawaited } from './transaction.ts';
import { detailOf } from './validate.ts';

export interface Removal {
  readonly removed: number;
  readonly freedBytes: number;
  readonly deadFiles: readonly string[];
}

export interface Touch {
  readonly key: string;
  readonly functionKey: string;
  readonly hits: number;
  readonly savedMs: number;
  readonly lastUsedAt: number;
}

/** What the entry under `key` takes; undefined where there is none. */
async function findFootprint(tx: Transaction, key: string): Promise<Footprint | undefined> {
  const [record, detail] = await Promise.all([
    tx.objectStore('entries').get(key),
    tx.objectStore('details').get(key),
  ]);
  return record === undefined && !detail ? undefined : footprintOf(record, key, detailOf(detail));
}

/** Commits an entry with its detail and the totals; the previous entry of the call, if any, is replaced. */
export const commit = (db: Database, request: Commit): Promise<CommitOutcome> =>
  change(db, async (tx) => {
    const { entry, detail, epochs, identity } = request;
    const functions = tx.objectStore('functions');
    const [state, row = emptyFunction(entry.functionKey, detail.functionId), previous] = await Promise.all([
      readState(tx),
      readFunction(tx, entry.functionKey),
      findFootprint(tx, entry.key),
    ]);
    const isCurrent = state.epoch === epochs.memory && row.epoch === epochs.function;
    const isFileDoomed = isCurrent && !(await addLiveBytes(tx, entry));
    if (!isCurrent || isFileDoomed) {
      return { isCommitted: false, isFileDoomed, isReplaced: false, deadFiles: [], totalBytes: state.bytes };
    }
    const dead = new Set<string>();
    if (previous) await subtractLiveBytes(tx, previous.files, dead);
    const entries = previous ? 0 : 1;
    const bytes = entry.sizeBytes - (previous?.sizeBytes ?? 0);
    const totalBytes = Math.max(0, state.bytes + bytes);
    unawaited(
      ...putEntry(tx, entry, previous?.hasTail ?? false),
      tx.objectStore('details').put(detail),
      tx.objectStore('state').put({
        ...state,
        entries: state.entries + entries,
        bytes: totalBytes,
        ...(previous?.isDoubtful && { isDoubtful: true }),
      }),
      functions.put({
        ...row,
        identity,
        entries: row.entries + entries,
        bytes: Math.max(0, row.bytes + bytes),
        lastUsedAt: laterUse(row.lastUsedAt, detail.lastUsedAt),
        computeMs: row.computeMs + entry.computeMs,
      }),
    );
    const isReplaced = previous !== undefined;
    return { isCommitted: true, isFileDoomed, isReplaced, deadFiles: [...dead], totalBytes };
  });

/** Removes entries, wherever they still exist, whole or damaged. */
export const remove = (db: Database, keys: readonly string[]): Promise<Removal> =>
  change(db, async (tx) => {
    const state = await readState(tx);
    // All at once: one after the other, each run would wait for the requests of the one before.
    const runs = await runsOf(tx, keys);
    const footprints = await Promise.all(runs.map((run) => footprintsOf(tx, run)));
    const perFunction = new Map<string, { entries: number; bytes: number }>();
    const gone = new Map<string, FileUse>();
    let removed = 0;
    let freedBytes = 0;
    let isDoubtful = state.isDoubtful ?? false;
    for (const { files, functionKey, sizeBytes, ...rest } of footprints.flatMap((each) => [
      ...each.values(),
    ])) {
      for (const [file, use] of files) gone.set(file, added(gone.get(file), use));
      const totals = perFunction.get(functionKey) ?? { entries: 0, bytes: 0 };
      perFunction.set(functionKey, { entries: totals.entries + 1, bytes: totals.bytes + sizeBytes });
      isDoubtful ||= rest.isDoubtful;
      removed += 1;
      freedBytes += sizeBytes;
    }
    for (const [at, run] of runs.entries()) deleteRun(tx, run, footprints[at] ?? new Map());
    const dead = new Set<string>();
    await subtractLiveBytes(tx, gone, dead);
    await subtractTotals(tx, perFunction, isDoubtful ? { ...state, isDoubtful } : state);
    return { removed, freedBytes, deadFiles: [...dead] };
  });

/** Asks for the second record of entries only where one of them has it. */
function deleteRun(tx: Transaction, run: Run, footprints: ReadonlyMap<string, Footprint>): void {
  const range = rangeOf(run);
  if (footprints.size === 0) return;
  unawaited(tx.objectStore('entries').delete(range), tx.objectStore('details').delete(range));
  if ([...footprints.values()].some(({ hasTail }) => hasTail))
    unawaited(tx.objectStore('tails').delete(range));
}

const added = (before: FileUse | undefined, { liveBytes, end }: FileUse): FileUse => ({
  liveBytes: (before?.liveBytes ?? 0) + liveBytes,
  end: Math.max(before?.end ?? 0, end),
});

/** Removes everything and raises the memory's epoch; files stay listed, dead, until they are gone. */
export const clearAll = (db: Database): Promise<Removal> =>
  change(db, async (tx) => {
    const state = await readState(tx);
    const deadFiles = await tx.objectStore('files').getAllKeys();
    for (const file of deadFiles) await tx.objectStore('files').put({ file, byteLength: 0, liveBytes: 0 });
    await Promise.all([
      tx.objectStore('entries').clear(),
      tx.objectStore('tails').clear(),
      tx.objectStore('details').clear(),
      tx.objectStore('functions').clear(),
      tx.objectStore('state').put({ ...emptyState, epoch: state.epoch + 1 }),
    ]);
    return { removed: state.entries, freedBytes: state.bytes, deadFiles };
  });

/** Misses of one function, by reason. */
export interface FunctionMisses {
  readonly functionKey: string;
  readonly functionId: string;
  readonly reasons: Readonly<Record<string, number>>;
}

/** A row with misses added to it. */
export function addMisses(row: FunctionRecord, { reasons }: FunctionMisses): FunctionRecord {
  const misses = { ...row.misses };
  for (const [reason, count] of Object.entries(reasons)) misses[reason] = (misses[reason] ?? 0) + count;
  return { ...row, misses };
}

interface Used {
  readonly hits: number;
  readonly savedMs: number;
  readonly lastUsedAt: number;
}

/** A record with uses added to it. */
export const addUse = <T extends Used>(record: T, { hits, savedMs, lastUsedAt }: Touch): T => ({
  ...record,
  hits: record.hits + hits,
  savedMs: record.savedMs + savedMs,
  lastUsedAt: laterUse(record.lastUsedAt, lastUsedAt),
});

/** Adds uses to entries and functions, and misses to functions. */
export const touch = (
  db: Database,
  touches: readonly Touch[],
  misses: readonly FunctionMisses[],
): Promise<void> =>
  change(db, async (tx) => {
    const functions = tx.objectStore('functions');
    for (const each of touches) {
      const [detail, row] = await Promise.all([
        tx.objectStore('details').get(each.key),
        readFunction(tx, each.functionKey),
      ]);
      if (detail) await tx.objectStore('details').put(addUse(detail, each));
      if (row) await functions.put(addUse(row, each));
    }
    for (const each of misses) {
      const row = await readFunction(tx, each.functionKey);
      await functions.put(addMisses(row ?? emptyFunction(each.functionKey, each.functionId), each));
    }
  });
