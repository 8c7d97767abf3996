/** A slice of a file by getFile().slice(): what needs neither a worker nor a handle. */
import { type CallArguments, NotOfferedError, type Subject, type Value } from './subject.ts';
import { compute } from './values.ts';

const nameOf = ([index, { byteLength }]: CallArguments): string => `${byteLength}-${index}`;

export class RawFileSlice implements Subject {
  #folder: FileSystemDirectoryHandle | undefined;

  async open(store: string): Promise<void> {
    const root = await navigator.storage.getDirectory();
    this.#folder = await root.getDirectoryHandle(`raw-slices-${store}`, { create: true });
  }

  async call(args: CallArguments): Promise<Value> {
    const value = compute(...args);
    if (!(value instanceof Float32Array)) throw new NotOfferedError('only arrays are sliced');
    const handle = await this.#folder?.getFileHandle(nameOf(args), { create: true });
    const writable = await handle?.createWritable();
    await writable?.write(value);
    await writable?.close();
    return value;
  }

  async slice(args: CallArguments, start: number, end: number): Promise<Float32Array> {
    const handle = await this.#folder?.getFileHandle(nameOf(args));
    const file = await handle?.getFile();
    if (!file) throw new TypeError('The folder opens before its files');
    return new Float32Array(await file.slice(start * 4, end * 4).arrayBuffer());
  }
}
