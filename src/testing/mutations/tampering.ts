/** Damage done to real storage, as accidents and other versions do it: records and files of a closed memory. */

/** What a test changes in a record; its fields are whatever is stored. */
// biome-ignore lint/suspicious/noExplicitAny: a test may put anything anywhere
export type AnyRecord = any;

export function openDatabase(memory: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`keepsake/${memory}`, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Changes every record of a table; what `change` returns takes its place. */
export async function changeRecords(
  memory: string,
  table: string,
  change: (record: AnyRecord) => AnyRecord,
): Promise<void> {
  const db = await openDatabase(memory);
  try {
    const tx = db.transaction(table, 'readwrite');
    const request = tx.objectStore(table).getAll();
    request.onsuccess = () => {
      for (const record of request.result) tx.objectStore(table).put(change(record));
    };
    await new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error);
    });
  } finally {
    db.close();
  }
}

export async function readRecords(memory: string, table: string): Promise<AnyRecord[]> {
  const db = await openDatabase(memory);
  try {
    const request = db.transaction(table).objectStore(table).getAll();
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    db.close();
  }
}

async function fileHandle(path: string, create = false): Promise<FileSystemFileHandle> {
  const names = path.split('/');
  const last = names.pop() ?? '';
  let folder = await navigator.storage.getDirectory();
  for (const name of names) folder = await folder.getDirectoryHandle(name, { create });
  return folder.getFileHandle(last, { create });
}

export const openFile = async (path: string): Promise<File> => (await fileHandle(path)).getFile();

export async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await openFile(path)).arrayBuffer());
}

/** Writes the whole file anew; a handle that a worker still holds is waited for. */
export async function writeFile(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const writable = await (await fileHandle(path, true)).createWritable();
      await writable.write(bytes);
      await writable.close();
      return;
    } catch (error) {
      const isHeld = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!isHeld || tries > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function removeFile(path: string): Promise<void> {
  const names = path.split('/');
  const last = names.pop() ?? '';
  let folder = await navigator.storage.getDirectory();
  for (const name of names) folder = await folder.getDirectoryHandle(name);
  await folder.removeEntry(last);
}

/** Every file below the folder of a memory. */
export async function listFiles(memory: string): Promise<string[]> {
  const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<string[]> => {
    const files: string[] = [];
    for await (const [name, handle] of folder.entries()) {
      const file = `${path}/${name}`;
      if (handle.kind === 'file') files.push(file);
      else files.push(...(await walk(handle as FileSystemDirectoryHandle, file)));
    }
    return files;
  };
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('keepsake');
    return await walk(await root.getDirectoryHandle(memory), `keepsake/${memory}`);
  } catch {
    return [];
  }
}
