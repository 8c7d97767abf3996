/** The transactions that change the catalog. Each keeps the running totals right; none scans the store. */
import type { IDBPTransaction } from 'idb';
import type { Database } from './connection.ts';
import {
  type CatalogSchema,
  type DetailRecord,
  type EntryRecord,
  type FileRecord,
  type FunctionRecord,
  RECORD_FORMAT,
  type StateRecord,
} from './schema.ts';

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

const tables = ['entries', 'details', 'functions', 'state', 'files'] as const;
type Transaction = IDBPTransaction<CatalogSchema, (typeof tables)[number][], 'readwrite'>;

// Relaxed: the promise is kept against process kills, which lose no committed transaction; strict costs 2x.
const begin = (db: Database): Transaction =>
  db.transaction([...tables], 'readwrite', { durability: 'relaxed' });

const emptyState: StateRecord = { id: 'state', format: RECORD_FORMAT, epoch: 0, entries: 0, bytes: 0 };

/** The row of a function's key space before its first entry. */
export const emptyFunction = (functionKey: string, functionId: string, identity = ''): FunctionRecord => ({
  functionKey,
  functionId,
  identity,
  epoch: 0,
  entries: 0,
  bytes: 0,
  createdAt: Date.now(),
  lastUsedAt: 0,
  hits: 0,
  computeMs: 0,
  savedMs: 0,
  misses: {},
});

/** What an entry has in a file. */
export interface FileUse {
  readonly liveBytes: number;
  /** Where the last of its bytes end. */
  readonly end: number;
}

/** What the entry has in each stored file that it points at. */
export function filesOf(entry: EntryRecord): Map<string, FileUse> {
  const uses = new Map<string, FileUse>();
  for (const { place } of [entry.skeleton, ...entry.buffers]) {
    if (place instanceof ArrayBuffer) continue;
    const { liveBytes, end } = uses.get(place.file) ?? { liveBytes: 0, end: 0 };
    uses.set(place.file, {
      liveBytes: liveBytes + place.byteLength,
      end: Math.max(end, place.offset + place.byteLength),
    });
  }
  return uses;
}

/** A file of which nothing was live waits for removal, and never comes back. */
export const isDoomed = (row: FileRecord | undefined): boolean => row?.liveBytes === 0;

/** The file's row with an entry more in it. */
export const withUse = (
  file: string,
  row: FileRecord | undefined,
  { liveBytes, end }: FileUse,
): FileRecord => ({
  file,
  byteLength: Math.max(row?.byteLength ?? 0, end),
  liveBytes: (row?.liveBytes ?? 0) + liveBytes,
});

/** Returns false, and changes nothing, where a file of the entry is doomed. */
async function addLiveBytes(tx: Transaction, entry: EntryRecord): Promise<boolean> {
  const files = tx.objectStore('files');
  const uses = [...filesOf(entry)];
  const rows = await Promise.all(uses.map(([file]) => files.get(file)));
  if (rows.some(isDoomed)) return false;
  await Promise.all(uses.map(([file, use], at) => files.put(withUse(file, rows[at], use))));
  return true;
}

async function subtractLiveBytes(tx: Transaction, entry: EntryRecord, dead: Set<string>): Promise<void> {
  const files = tx.objectStore('files');
  for (const [file, use] of filesOf(entry)) {
    const row = await files.get(file);
    if (!row) continue;
    const liveBytes = Math.max(0, row.liveBytes - use.liveBytes);
    await files.put({ ...row, liveBytes });
    if (liveBytes === 0) dead.add(file);
  }
}

/** Commits an entry with its detail and the totals; the previous entry of the call, if any, is replaced. */
export async function commit(db: Database, request: Commit): Promise<CommitOutcome> {
  const { entry, detail, epochs, identity } = request;
  const tx = begin(db);
  const functions = tx.objectStore('functions');
  const [state = emptyState, row = emptyFunction(entry.functionKey, detail.functionId), previous] =
    await Promise.all([
      tx.objectStore('state').get('state'),
      functions.get(entry.functionKey),
      tx.objectStore('entries').get(entry.key),
    ]);
  const isCurrent = state.epoch === epochs.memory && row.epoch === epochs.function;
  const isFileDoomed = isCurrent && !(await addLiveBytes(tx, entry));
  if (!isCurrent || isFileDoomed) {
    tx.abort();
    await tx.done.catch(() => undefined);
    return { isCommitted: false, isFileDoomed, isReplaced: false, deadFiles: [], totalBytes: state.bytes };
  }
  const dead = new Set<string>();
  if (previous) await subtractLiveBytes(tx, previous, dead);
  const entries = previous ? 0 : 1;
  const bytes = entry.sizeBytes - (previous?.sizeBytes ?? 0);
  const totalBytes = state.bytes + bytes;
  await Promise.all([
    tx.objectStore('entries').put(entry),
    tx.objectStore('details').put(detail),
    tx.objectStore('state').put({ ...state, entries: state.entries + entries, bytes: totalBytes }),
    functions.put({
      ...row,
      identity,
      entries: row.entries + entries,
      bytes: row.bytes + bytes,
      lastUsedAt: entry.createdAt,
      computeMs: row.computeMs + entry.computeMs,
    }),
  ]);
  await tx.done;
  const isReplaced = previous !== undefined;
  return { isCommitted: true, isFileDoomed, isReplaced, deadFiles: [...dead], totalBytes };
}

/** Removes entries, wherever they still exist. */
export async function remove(db: Database, keys: readonly string[]): Promise<Removal> {
  const tx = begin(db);
  const dead = new Set<string>();
  const perFunction = new Map<string, { entries: number; bytes: number }>();
  let removed = 0;
  let freedBytes = 0;
  for (const key of keys) {
    const entry = await tx.objectStore('entries').get(key);
    if (!entry) continue;
    await subtractLiveBytes(tx, entry, dead);
    await Promise.all([tx.objectStore('entries').delete(key), tx.objectStore('details').delete(key)]);
    const totals = perFunction.get(entry.functionKey) ?? { entries: 0, bytes: 0 };
    perFunction.set(entry.functionKey, {
      entries: totals.entries + 1,
      bytes: totals.bytes + entry.sizeBytes,
    });
    removed += 1;
    freedBytes += entry.sizeBytes;
  }
  await subtractTotals(tx, perFunction);
  await tx.done;
  return { removed, freedBytes, deadFiles: [...dead] };
}

async function subtractTotals(
  tx: Transaction,
  perFunction: ReadonlyMap<string, { entries: number; bytes: number }>,
): Promise<void> {
  const state = (await tx.objectStore('state').get('state')) ?? emptyState;
  let { entries, bytes } = state;
  for (const [functionKey, gone] of perFunction) {
    entries -= gone.entries;
    bytes -= gone.bytes;
    const row = await tx.objectStore('functions').get(functionKey);
    if (!row) continue;
    await tx
      .objectStore('functions')
      .put({ ...row, entries: row.entries - gone.entries, bytes: row.bytes - gone.bytes });
  }
  await tx.objectStore('state').put({ ...state, entries: Math.max(0, entries), bytes: Math.max(0, bytes) });
}

/** Removes everything and raises the memory's epoch; files stay listed, dead, until they are gone. */
export async function clearAll(db: Database): Promise<Removal> {
  const tx = begin(db);
  const state = (await tx.objectStore('state').get('state')) ?? emptyState;
  const deadFiles = await tx.objectStore('files').getAllKeys();
  for (const file of deadFiles) await tx.objectStore('files').put({ file, byteLength: 0, liveBytes: 0 });
  await Promise.all([
    tx.objectStore('entries').clear(),
    tx.objectStore('details').clear(),
    tx.objectStore('functions').clear(),
    tx.objectStore('state').put({ ...emptyState, epoch: state.epoch + 1 }),
  ]);
  await tx.done;
  return { removed: state.entries, freedBytes: state.bytes, deadFiles };
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

/** Adds uses to entries and functions. */
export async function touch(db: Database, touches: readonly Touch[]): Promise<void> {
  const tx = begin(db);
  for (const each of touches) {
    const [detail, row] = await Promise.all([
      tx.objectStore('details').get(each.key),
      tx.objectStore('functions').get(each.functionKey),
    ]);
    if (detail) await tx.objectStore('details').put(addUse(detail, each));
    if (row) await tx.objectStore('functions').put(addUse(row, each));
  }
  await tx.done;
}
