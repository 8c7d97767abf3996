/** Bytes under file names, for where there is no private file system. */
import type { KeyedBytes } from './catalog-interface.ts';
import type { Connection } from './connection.ts';

/** @param write Uses the connection to change what is stored. */
export function keyedBytes(connection: Connection, write: Connection['use']): KeyedBytes {
  return {
    put: (file, bytes) => write(async (db) => void (await db.put('blobs', bytes, file))),
    get: (file) => connection.use((db) => db.get('blobs', file)),
    delete: (files) =>
      write(async (db) => {
        const tx = db.transaction('blobs', 'readwrite');
        for (const file of files) await tx.store.delete(file);
        await tx.done;
      }),
    list: () =>
      connection.use(async (db) => {
        // The keys alone: rows of lost commits have bytes too, and nobody wants to read those to list them.
        const rows = new Map((await db.getAll('files')).map((row) => [row.file, row.byteLength]));
        const stored = await db.getAllKeys('blobs');
        return stored.map((file) => ({ file, byteLength: rows.get(file) ?? 0 }));
      }),
  };
}
