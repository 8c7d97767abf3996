/**
 * Counts everything anew from the entries that can be believed. A walk over all of them: done by the sweep, and only
 * where something was found that does not agree.
 */
import { change } from './book.ts';
import type { Database } from './connection.ts';
import { type FileUse, filesOf } from './footprint.ts';
import { type DetailRecord, type EntryRecord, emptyState, type FunctionRecord } from './schema.ts';
import { emptyFunction } from './totals.ts';
import { type Transaction, tables } from './transaction.ts';
import { detailOf, fileOf, functionOf, isEntryRecord, stateOf } from './validate.ts';

/** What is known of an entry whose detail was lost. */
const lostDetail = (
  { key, functionKey, createdAt, computeMs, sizeBytes }: EntryRecord,
  functionId: string,
): DetailRecord => ({
  ...{ key, functionKey, functionId, createdAt, computeMs, sizeBytes },
  argumentsPreview: '',
  storeMs: 0,
  lastUsedAt: createdAt,
  hits: 0,
  savedMs: 0,
  tags: [],
  digests: {},
});

/** Whether the records agree with each other, as far as can be told without reading the entries. */
async function isSound(db: Database): Promise<boolean> {
  const tx = db.transaction([...tables]);
  const [[state, ...strays], entries, unbooked, details, files, functions] = await Promise.all([
    tx.objectStore('state').getAll(),
    tx.objectStore('entries').count(),
    tx.objectStore('entries').index('unbookedAt').count(),
    tx.objectStore('details').count(),
    tx.objectStore('files').getAll(),
    tx.objectStore('functions').getAll(),
  ]);
  const known = stateOf(state);
  return (
    strays.length === 0 &&
    known?.entries === entries - unbooked &&
    !known.isDoubtful &&
    details === entries - unbooked &&
    files.every((row) => fileOf(row) !== undefined) &&
    functions.every((row) => functionOf(row) !== undefined)
  );
}

class Mending {
  readonly #tx: Transaction;
  readonly #functions = new Map<string, { row: FunctionRecord; entries: number; bytes: number }>();
  readonly #files = new Map<string, FileUse>();
  readonly #keys = new Set<string>();
  #bytes = 0;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async run(): Promise<void> {
    await this.#readFunctions();
    await this.#countEntries();
    await this.#removeDetails();
    await this.#writeFunctions();
    await this.#writeFiles();
    const state = stateOf(await this.#tx.objectStore('state').get('state')) ?? emptyState;
    const { isDoubtful: _, ...rest } = state;
    await this.#tx.objectStore('state').clear();
    await this.#tx
      .objectStore('state')
      .put({ ...rest, id: 'state', entries: this.#keys.size, bytes: this.#bytes });
  }

  async #readFunctions(): Promise<void> {
    for (const each of await this.#tx.objectStore('functions').getAll()) {
      const row = functionOf(each);
      if (row) this.#functions.set(row.functionKey, { row, entries: 0, bytes: 0 });
      else await this.#tx.objectStore('functions').delete(each.functionKey);
    }
  }

  /** Removes what cannot be believed. What another version has written is left to it. */
  async #countEntries(): Promise<void> {
    const tails = new Set(await this.#tx.objectStore('tails').getAllKeys());
    let cursor = await this.#tx.objectStore('entries').openCursor();
    while (cursor) {
      const { value } = cursor;
      const verdict = isEntryRecord(value, cursor.primaryKey);
      // What is not in the books yet is not counted.
      const isBooked = !('unbookedAt' in value && typeof value.unbookedAt === 'number');
      if (isBooked && verdict === 'damaged') await cursor.delete();
      else tails.delete(cursor.primaryKey);
      if (isBooked && verdict !== 'damaged')
        await this.#count(cursor.primaryKey, verdict === 'valid' ? value : undefined, value);
      cursor = await cursor.continue();
    }
    for (const key of tails) await this.#tx.objectStore('tails').delete(key);
  }

  async #count(key: string, entry: EntryRecord | undefined, record: unknown): Promise<void> {
    const details = this.#tx.objectStore('details');
    let detail = detailOf(await details.get(key));
    if (!detail && entry) {
      detail = lostDetail(entry, this.#functions.get(entry.functionKey)?.row.functionId ?? '');
      await details.put(detail);
    }
    this.#keys.add(key);
    const sizeBytes = entry?.sizeBytes ?? detail?.sizeBytes ?? 0;
    this.#bytes += sizeBytes;
    this.#countInFunction(entry?.functionKey ?? detail?.functionKey, detail?.functionId ?? '', sizeBytes);
    for (const [file, { liveBytes, end }] of filesOf(record)) {
      const before = this.#files.get(file) ?? { liveBytes: 0, end: 0 };
      this.#files.set(file, { liveBytes: before.liveBytes + liveBytes, end: Math.max(before.end, end) });
    }
  }

  #countInFunction(functionKey: string | undefined, functionId: string, sizeBytes: number): void {
    if (functionKey === undefined) return;
    const known = this.#functions.get(functionKey) ?? {
      row: emptyFunction(functionKey, functionId),
      entries: 0,
      bytes: 0,
    };
    this.#functions.set(functionKey, {
      ...known,
      entries: known.entries + 1,
      bytes: known.bytes + sizeBytes,
    });
  }

  async #removeDetails(): Promise<void> {
    const details = this.#tx.objectStore('details');
    for (const key of await details.getAllKeys()) if (!this.#keys.has(key)) await details.delete(key);
  }

  async #writeFunctions(): Promise<void> {
    for (const { row, entries, bytes } of this.#functions.values())
      await this.#tx.objectStore('functions').put({ ...row, entries, bytes });
  }

  /** Files of which nothing is live stay listed, dead, for the sweep to remove. */
  async #writeFiles(): Promise<void> {
    const files = this.#tx.objectStore('files');
    const rows = new Map((await files.getAll()).map((row) => [row.file, fileOf(row)]));
    for (const file of new Set([...rows.keys(), ...this.#files.keys()])) {
      const { liveBytes, end } = this.#files.get(file) ?? { liveBytes: 0, end: 0 };
      await files.put({ file, byteLength: Math.max(rows.get(file)?.byteLength ?? 0, end), liveBytes });
    }
  }
}

/** Returns whether there was anything to mend. */
export async function mend(db: Database): Promise<boolean> {
  if (await isSound(db)) return false;
  await change(db, (tx) => new Mending(tx).run());
  return true;
}
