/** What a memory has on disk, seen from outside: its files, and its raw database records. For tests of damage and debris. */

const hasPrefix = (path: string, memory: string): boolean => path.startsWith(`/keepsake/${memory}/`);

async function listFiles(
  folder?: FileSystemDirectoryHandle,
  path = '',
): Promise<[string, FileSystemFileHandle][]> {
  const root = folder ?? (await navigator.storage.getDirectory());
  const files: [string, FileSystemFileHandle][] = [];
  for await (const [name, handle] of root.entries()) {
    // `kind` tells the two apart; the library types both as the base.
    if (handle.kind === 'file') files.push([`${path}/${name}`, handle as FileSystemFileHandle]);
    else files.push(...(await listFiles(handle as FileSystemDirectoryHandle, `${path}/${name}`)));
  }
  return files;
}

/** The files of one memory. */
export async function filesOf(memory: string): Promise<FileSystemFileHandle[]> {
  return (await listFiles()).filter(([path]) => hasPrefix(path, memory)).map(([, file]) => file);
}

/** Flips one bit of a closed file, counted from its end. */
export async function flipBit(file: FileSystemFileHandle, fromEnd: number): Promise<void> {
  const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
  const at = bytes.length - fromEnd;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const writable = await file.createWritable();
  await writable.write(bytes);
  await writable.close();
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Changes every entry's record, as damage on disk does. */
export async function changeRecords(
  memory: string,
  change: (record: Record<string, unknown>) => void,
): Promise<void> {
  const database = await done(indexedDB.open(`keepsake/${memory}`));
  const store = database.transaction('entries', 'readwrite').objectStore('entries');
  for (const record of await done(store.getAll())) {
    change(record);
    await done(store.put(record));
  }
  database.close();
}
