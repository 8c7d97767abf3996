/** Bytes in a plain IndexedDB store, for tests of the blob tiers that need one. */
import type { KeyedBytes } from '../../blobs/blobs.ts';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Opens a database of its own at the first use. */
export function rawIndexedDbBytes(name: string): KeyedBytes {
  let opening: Promise<IDBDatabase> | undefined;
  const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
    if (!opening) {
      const request = indexedDB.open(`raw-bytes-${name}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore('blobs');
      opening = done(request);
    }
    return (await opening).transaction('blobs', mode).objectStore('blobs');
  };
  return {
    put: async (file, bytes) => void (await done((await store('readwrite')).put(bytes, file))),
    get: async (file) => done((await store('readonly')).get(file)),
    async delete(files) {
      const blobs = await store('readwrite');
      await Promise.all(files.map((file) => done(blobs.delete(file))));
    },
    async list() {
      const blobs = await store('readonly');
      const [keys, buffers] = await Promise.all([done(blobs.getAllKeys()), done(blobs.getAll())]);
      return keys.map((key, at) => ({ file: String(key), byteLength: buffers[at].byteLength }));
    },
  };
}
