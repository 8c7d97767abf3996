/** The transactions that change the catalog. Each keeps the running totals right; none scans the store. */
import type { Database } from './connection.ts';
import { type FileUse, type Footprint, filesOf, footprintOf, isDoomed, withUse } from './footprint.ts';
import { type DetailRecord, type EntryRecord, emptyState, type FunctionRecord } from './schema.ts';
import { emptyFunction, readFunction, readState, subtractTotals } from './totals.ts';
import { change, type Transaction } from './transaction.ts';

export interface Commit {
  readonly entry: EntryRecord;
  readonly detail: DetailRecord;
  /** How the code was identified: shown by explain(). */
  readonly identity: string;
  readonly epochs: { readonly memory: number; readonly function: number };
}

export interface CommitOutcome {
  readonly isCommitted: boolean;
  /** The reason why not: a file that the entry points at waits for removal. */
  readonly isFileDoomed: boolean;
  readonly isReplaced: boolean;
  /** Files that the replaced entry leaves without a reader. */
  readonly deadFiles: readonly string[];
  /** The memory's bytes after the commit. */
  readonly totalBytes: number;
}

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

/** Returns false, and changes nothing, where a file of the entry is doomed. */
async function addLiveBytes(tx: Transaction, entry: EntryRecord): Promise<boolean> {
  const files = tx.objectStore('files');
  const uses = [...filesOf(entry)];
  const rows = await Promise.all(uses.map(([file]) => files.get(file)));
  if (rows.some(isDoomed)) return false;
  await Promise.all(uses.map(([file, use], at) => files.put(withUse(file, rows[at], use))));
  return true;
}

async function subtractLiveBytes(
  tx: Transaction,
  gone: ReadonlyMap<string, FileUse>,
  dead: Set<string>,
): Promise<void> {
  const files = tx.objectStore('files');
  for (const [file, use] of gone) {
    const row = await files.get(file);
    if (!row) continue;
    const liveBytes = Math.max(0, row.liveBytes - use.liveBytes);
    await files.put({ ...row, liveBytes });
    if (liveBytes === 0) dead.add(file);
  }
}

/** What the entry under `key` takes; undefined where there is none. */
async function findFootprint(tx: Transaction, key: string): Promise<Footprint | undefined> {
  const [record, detail] = await Promise.all([
    tx.objectStore('entries').get(key),
    tx.objectStore('details').get(key),
  ]);
  return record === undefined && !detail ? undefined : footprintOf(record, key, detail);
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
    await Promise.all([
      tx.objectStore('entries').put(entry),
      tx.objectStore('details').put(detail),
      tx.objectStore('state').put({ ...state, entries: state.entries + entries, bytes: totalBytes }),
      functions.put({
        ...row,
        identity,
        entries: row.entries + entries,
        bytes: Math.max(0, row.bytes + bytes),
        lastUsedAt: entry.createdAt,
        computeMs: row.computeMs + entry.computeMs,
      }),
    ]);
    const isReplaced = previous !== undefined;
    return { isCommitted: true, isFileDoomed, isReplaced, deadFiles: [...dead], totalBytes };
  });

/** Removes entries, wherever they still exist, whole or damaged. */
export const remove = (db: Database, keys: readonly string[]): Promise<Removal> =>
  change(db, async (tx) => {
    const state = await readState(tx);
    const dead = new Set<string>();
    const perFunction = new Map<string, { entries: number; bytes: number }>();
    let removed = 0;
    let freedBytes = 0;
    for (const key of keys) {
      const footprint = await findFootprint(tx, key);
      if (!footprint) continue;
      const { files, functionKey, sizeBytes } = footprint;
      await subtractLiveBytes(tx, files, dead);
      await Promise.all([tx.objectStore('entries').delete(key), tx.objectStore('details').delete(key)]);
      const totals = perFunction.get(functionKey) ?? { entries: 0, bytes: 0 };
      perFunction.set(functionKey, { entries: totals.entries + 1, bytes: totals.bytes + sizeBytes });
      removed += 1;
      freedBytes += sizeBytes;
    }
    await subtractTotals(tx, perFunction, state);
    return { removed, freedBytes, deadFiles: [...dead] };
  });

/** Removes everything and raises the memory's epoch; files stay listed, dead, until they are gone. */
export const clearAll = (db: Database): Promise<Removal> =>
  change(db, async (tx) => {
    const state = await readState(tx);
    const deadFiles = await tx.objectStore('files').getAllKeys();
    for (const file of deadFiles) await tx.objectStore('files').put({ file, byteLength: 0, liveBytes: 0 });
    await Promise.all([
      tx.objectStore('entries').clear(),
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
  lastUsedAt: Math.max(record.lastUsedAt, lastUsedAt),
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
