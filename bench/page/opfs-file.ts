import type { KeyValueStore } from './memoized.ts';
import type { Value } from './subject.ts';

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotFoundError';

/** One file per key, written by createWritable() and read by getFile(): JSON for small records, else the bytes. */
export class OpfsFile implements KeyValueStore {
  #name = '';
  #folder: FileSystemDirectoryHandle | undefined;

  async open(store: string): Promise<void> {
    this.#name = `opfs-file-${store}`;
    const root = await navigator.storage.getDirectory();
    this.#folder = await root.getDirectoryHandle(this.#name, { create: true });
  }

  async get(key: string): Promise<Value | undefined> {
    try {
      const handle = await this.#folder?.getFileHandle(key);
      const bytes = await (await handle?.getFile())?.arrayBuffer();
      if (!bytes || bytes.byteLength === 0) return undefined;
      // Small records take some hundred bytes, arrays 64 KiB and more.
      return bytes.byteLength < 4096 ? JSON.parse(new TextDecoder().decode(bytes)) : new Float32Array(bytes);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async set(key: string, value: Value): Promise<void> {
    const handle = await this.#folder?.getFileHandle(key, { create: true });
    const writable = await handle?.createWritable();
    await writable?.write(value instanceof Float32Array ? value : JSON.stringify(value));
    await writable?.close();
  }

  async delete(key: string): Promise<void> {
    await this.#folder?.removeEntry(key);
  }

  async clear(): Promise<void> {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(this.#name, { recursive: true });
    this.#folder = await root.getDirectoryHandle(this.#name, { create: true });
  }
}
