/** Gathers the reads that are asked for in one turn into one message: many small hits at once cost one hop. */
import { type Deferred, deferred } from '../deferred/deferred.ts';
import type { SliceToRead } from './protocol.ts';

type Read = (slices: readonly SliceToRead[]) => Promise<readonly ArrayBuffer[]>;

interface Waiting extends Deferred<ArrayBuffer> {
  readonly slice: SliceToRead;
}

export class ReadBatch {
  readonly #read: Read;
  #waiting: Waiting[] = [];

  constructor(read: Read) {
    this.#read = read;
  }

  read(slice: SliceToRead): Promise<ArrayBuffer> {
    const waiting = { slice, ...deferred<ArrayBuffer>() };
    this.#waiting.push(waiting);
    if (this.#waiting.length === 1) queueMicrotask(() => void this.#readAll());
    return waiting.promise;
  }

  async #readAll(): Promise<void> {
    const all = this.#waiting;
    this.#waiting = [];
    try {
      const buffers = await this.#read(all.map(({ slice }) => slice));
      for (const [at, { resolve }] of all.entries()) resolve(buffers[at] ?? new ArrayBuffer(0));
    } catch (error) {
      if (all.length === 1) all[0]?.reject(error);
      // One of them is damaged or gone: the others are not to suffer from it.
      else
        for (const { slice, resolve, reject } of all)
          this.#read([slice]).then(([buffer]) => resolve(buffer ?? new ArrayBuffer(0)), reject);
    }
  }
}
