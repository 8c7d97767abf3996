/** Everything that a closed memory has on disk, whatever its tables are: taken, changed, and written back. */
import {
  type AnyRecord,
  listFiles,
  openDatabase,
  openFile,
  readFile,
  removeFile,
  writeFile,
} from './tampering.ts';

export interface StoredRecord {
  readonly key: IDBValidKey;
  readonly value: AnyRecord;
}

export interface Snapshot {
  readonly memory: string;
  /** Records by table. */
  readonly tables: ReadonlyMap<string, readonly StoredRecord[]>;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

const completed = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });

const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Runs `work` in one transaction over all tables. */
async function overAll<T>(
  memory: string,
  work: (tx: IDBTransaction, tables: string[]) => Promise<T>,
): Promise<T> {
  const db = await openDatabase(memory);
  try {
    const tables = [...db.objectStoreNames];
    const tx = db.transaction(tables, 'readwrite');
    const [result] = await Promise.all([work(tx, tables), completed(tx)]);
    return result;
  } finally {
    db.close();
  }
}

export async function takeRecords(memory: string): Promise<Map<string, StoredRecord[]>> {
  return overAll(memory, async (tx, names) => {
    const tables = new Map<string, StoredRecord[]>();
    for (const name of names) {
      const table = tx.objectStore(name);
      const [keys, values] = await Promise.all([resultOf(table.getAllKeys()), resultOf(table.getAll())]);
      tables.set(
        name,
        keys.map((key, at) => ({ key, value: values[at] })),
      );
    }
    return tables;
  });
}

export async function takeSnapshot(memory: string): Promise<Snapshot> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of await listFiles(memory)) files.set(file, await readFile(file));
  return { memory, tables: await takeRecords(memory), files };
}

/** Puts the records in place of what is there. Rejects where a record cannot be stored at all. */
export async function writeRecords({ memory, tables }: Pick<Snapshot, 'memory' | 'tables'>): Promise<void> {
  await overAll(memory, async (tx) => {
    for (const [name, records] of tables) {
      const table = tx.objectStore(name);
      table.clear();
      for (const { key, value } of records) {
        if (table.keyPath === null) table.put(value, key);
        else table.put(value);
      }
    }
  });
}

/** What is on disk, as far as it was written by restore() and not touched since: by file, when that was. */
const written = new Map<string, { bytes: Uint8Array; at: number }>();

const modifiedAt = async (file: string): Promise<number> => (await openFile(file)).lastModified;

/** Everything as it was. */
export async function restore(snapshot: Snapshot): Promise<void> {
  await writeRecords(snapshot);
  const there = new Set(await listFiles(snapshot.memory));
  for (const file of there) if (!snapshot.files.has(file)) await removeFile(file);
  for (const [file, bytes] of snapshot.files) {
    const last = there.has(file) ? written.get(file) : undefined;
    if (last?.bytes === bytes && last.at === (await modifiedAt(file))) continue;
    await writeFile(file, bytes);
    written.set(file, { bytes, at: await modifiedAt(file) });
  }
}
