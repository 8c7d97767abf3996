/**
 * The one narrow place through which the storage worker touches files; tests put one that fails in front of it.
 * Its types are its own: the page compiles this room too, for realms that store in their own thread, without the
 * worker's library.
 */
import { getFileHandle, removeFile, walkFolder } from '../folders.ts';
import type { StoredFile } from '../protocol.ts';

/** An open file. Everything is synchronous. */
export interface SyncFile {
  /** The mode it was opened in, where the engine knows modes. */
  readonly mode: string | undefined;
  /** Returns how many bytes there were. */
  read(into: Uint8Array, position: number): number;
  /** Returns how many bytes were written: fewer where Firefox's quota ends. */
  write(bytes: Uint8Array, position: number): number;
  truncate(byteLength: number): void;
  flush(): void;
  byteLength(): number;
  close(): void;
}

export type OpenMode = 'read-only' | 'readwrite' | 'readwrite-unsafe';

export interface FileAccess {
  create(file: string, mode: OpenMode): Promise<SyncFile>;
  open(file: string, mode: OpenMode): Promise<SyncFile>;
  /** The file as it is now, readable while another realm holds it. */
  snapshot(file: string): Promise<Blob>;
  /** Returns false while some realm holds the file; one that is not there counts as removed. */
  remove(file: string): Promise<boolean>;
  list(folder: string): Promise<StoredFile[]>;
}

interface SyncHandle {
  readonly mode?: string;
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(byteLength: number): void;
  flush(): void;
  getSize(): number;
  close(): void;
}

type WithSyncHandles = FileSystemFileHandle & {
  createSyncAccessHandle(options: { mode: OpenMode }): Promise<SyncHandle>;
};

async function openSync(handle: FileSystemFileHandle, mode: OpenMode): Promise<SyncFile> {
  // Present in dedicated workers only; elsewhere the call fails, and so does the probe.
  const sync = await (handle as WithSyncHandles).createSyncAccessHandle({ mode });
  return {
    mode: sync.mode,
    read: (into, at) => sync.read(into, { at }),
    write: (bytes, at) => sync.write(bytes, { at }),
    truncate: (byteLength) => sync.truncate(byteLength),
    flush: () => sync.flush(),
    byteLength: () => sync.getSize(),
    close: () => sync.close(),
  };
}

export const originFiles: FileAccess = {
  create: async (file, mode) => openSync(await getFileHandle(file, true), mode),
  open: async (file, mode) => openSync(await getFileHandle(file), mode),
  snapshot: async (file) => (await getFileHandle(file)).getFile(),
  remove: removeFile,
  list: walkFolder,
};

/** Some bytes did not arrive: a full disk in Firefox, which writes short without an error. */
class ShortWriteError extends Error {
  override readonly name = 'QuotaExceededError';
}

export class FileTooShortError extends Error {
  override readonly name = 'DataError';
}

export function writeAll(file: SyncFile, bytes: Uint8Array, position: number): void {
  const written = file.write(bytes, position);
  if (written !== bytes.byteLength)
    throw new ShortWriteError(`${written} of ${bytes.byteLength} bytes were written`);
}

export function readAll(file: SyncFile, into: Uint8Array, position: number): void {
  const count = file.read(into, position);
  if (count !== into.byteLength)
    throw new FileTooShortError(`The file ends after ${count} of ${into.byteLength} bytes`);
}

const SNAPSHOTS = 6;

/** Reads a file of which this thread has no handle; another one is taken where the file has changed since. */
export function snapshotReader(
  files: FileAccess,
  file: string,
): (into: Uint8Array, position: number) => Promise<void> {
  let snapshot: Blob | undefined;
  return async (into, position) => {
    const end = position + into.byteLength;
    for (let attempt = 1; ; attempt += 1) {
      if (!snapshot || snapshot.size < end) snapshot = await files.snapshot(file);
      if (snapshot.size < end) throw new FileTooShortError(`The file ends before byte ${end}`);
      try {
        into.set(new Uint8Array(await snapshot.slice(position, end).arrayBuffer()));
        return;
      } catch (error) {
        // Chromium: its owner has appended.
        const isStale = error instanceof DOMException && error.name === 'NotReadableError';
        if (!isStale || attempt === SNAPSHOTS) throw error;
        snapshot = undefined;
      }
    }
  };
}
