/** Open files for reading, a bounded number of them, closed when idle. */
import { openFolder, splitPath } from '../folders.ts';

// Chromium charges an open file up to its next power of two, Safari allows 252 in all.
const MAX_OPEN = 32;
// An idle handle refuses another tab's removal, and ends the back-forward cache for the page.
const IDLE_MS = 5_000;

/** Reads bytes at positions of one file. */
export interface OpenFile {
  /** Fills `into` from `position`; rejects when the file is shorter. */
  read(into: Uint8Array<ArrayBuffer>, position: number): undefined | Promise<void>;
  close(): void;
}

class FileTooShortError extends Error {
  override readonly name = 'DataError';
}

const readByHandle = (handle: FileSystemSyncAccessHandle): OpenFile => ({
  read(into, position) {
    const count = handle.read(into, { at: position });
    if (count !== into.byteLength) throw new FileTooShortError(`The file ends after ${count} of the bytes`);
    return undefined;
  },
  close: () => handle.close(),
});

/** Where another tab holds the file exclusively, as in Firefox, it can still be read as a File. */
const readByFile = (handle: FileSystemFileHandle): OpenFile => ({
  async read(into, position) {
    const file = await handle.getFile();
    const bytes = await file.slice(position, position + into.byteLength).arrayBuffer();
    if (bytes.byteLength !== into.byteLength)
      throw new FileTooShortError(`The file ends after ${bytes.byteLength} of the bytes`);
    into.set(new Uint8Array(bytes));
  },
  close: () => undefined,
});

// `mode` is newer than TypeScript's library; engines that do not know it ignore it.
type OpenSync = (options: { mode: 'read-only' }) => Promise<FileSystemSyncAccessHandle>;

export class HandlePool {
  readonly #open = new Map<string, Promise<OpenFile>>();
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  open(file: string): Promise<OpenFile> {
    const opening = this.#open.get(file) ?? this.#openFile(file);
    this.#open.delete(file);
    this.#open.set(file, opening);
    opening.catch(() => this.#open.delete(file));
    const oldest = this.#open.keys().next();
    if (this.#open.size > MAX_OPEN && !oldest.done) this.close(oldest.value);
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.closeAll(), IDLE_MS);
    return opening;
  }

  close(file: string): void {
    const opening = this.#open.get(file);
    this.#open.delete(file);
    void opening?.then(
      (open) => open.close(),
      () => undefined,
    ); // a file that never opened has nothing to close
  }

  closeAll(): void {
    for (const file of [...this.#open.keys()]) this.close(file);
  }

  async #openFile(file: string): Promise<OpenFile> {
    const [folder, name] = splitPath(file);
    const parent = await openFolder(folder, { create: false });
    const handle = await parent.getFileHandle(name);
    try {
      const open = handle.createSyncAccessHandle.bind(handle) as OpenSync; // see OpenSync
      return readByHandle(await open({ mode: 'read-only' }));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NoModificationAllowedError')
        return readByFile(handle);
      throw error;
    }
  }
}
