/** Reads through an open sync access handle, in a worker: what the file system itself takes. */
import type { CallArguments, Subject, Value } from './subject.ts';
import { compute } from './values.ts';

const nameOf = ([index, { byteLength }]: CallArguments): string => `${byteLength}-${index}`;

export class RawHandle implements Subject {
  readonly #isFresh: boolean;
  readonly #handles = new Map<string, FileSystemSyncAccessHandle>();
  #warm = new Float32Array(0);
  #folder: FileSystemDirectoryHandle | undefined;

  /** Into a fresh buffer each time, or into one that has been used before. */
  constructor(target: 'fresh' | 'warm') {
    this.#isFresh = target === 'fresh';
  }

  async open(store: string): Promise<void> {
    const root = await navigator.storage.getDirectory();
    // One copy of the files serves every raw reader.
    this.#folder = await root.getDirectoryHandle(`raw-${store}`, { create: true });
  }

  async call(args: CallArguments): Promise<Value> {
    const handle = this.#handles.get(nameOf(args)) ?? (await this.#openHandle(args));
    const length = args[1].byteLength / 4;
    if (!this.#isFresh && this.#warm.length !== length) this.#warm = new Float32Array(length);
    const target = this.#isFresh ? new Float32Array(length) : this.#warm;
    handle.read(target, { at: 0 });
    return target;
  }

  async callInto(args: CallArguments, into: Float32Array<ArrayBuffer>): Promise<void> {
    const handle = this.#handles.get(nameOf(args)) ?? (await this.#openHandle(args));
    handle.read(into, { at: 0 });
  }

  async slice(args: CallArguments, start: number, end: number): Promise<Float32Array> {
    const handle = this.#handles.get(nameOf(args)) ?? (await this.#openHandle(args));
    const target = new Float32Array(end - start);
    handle.read(target, { at: start * 4 });
    return target;
  }

  async slices(args: CallArguments, starts: Uint32Array, length: number): Promise<void> {
    const handle = this.#handles.get(nameOf(args)) ?? (await this.#openHandle(args));
    const target = new Float32Array(length);
    for (const start of starts) handle.read(target, { at: start * 4 });
  }

  async #openHandle(args: CallArguments): Promise<FileSystemSyncAccessHandle> {
    const file = await this.#folder?.getFileHandle(nameOf(args), { create: true });
    if (!file) throw new TypeError('The folder opens before its files');
    const handle = await file.createSyncAccessHandle();
    const value = handle.getSize() === 0 ? compute(...args) : undefined;
    if (value instanceof Float32Array) {
      handle.write(value, { at: 0 });
      handle.flush();
    }
    this.#handles.set(nameOf(args), handle);
    return handle;
  }
}
