/** A blob store in another thread: see blob-realm.ts. */
import type { BlobStore, Slice } from '../../blobs/blobs.ts';
import type { RealmCall } from './blob-realm.ts';

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

/** The thread of a store; starts again when it is needed after it was ended, as a storage worker does. */
class Realm {
  readonly #folder: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the type of its own reply
  async call(method: RealmCall['method'], ...args: unknown[]): Promise<any> {
    if (!this.#worker) {
      this.#worker = this.#start();
      await this.call('open', this.#folder);
    }
    this.#lastId += 1;
    const reply = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, reply);
    this.#worker.postMessage({ id: this.#lastId, method, args });
    return reply.promise;
  }

  async end(): Promise<void> {
    await this.call('close');
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./blob-realm.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data: { id, value, error } }: MessageEvent<Reply>) => {
      if (error) this.#waiting.get(id)?.reject(new DOMException(error.message, error.name));
      else this.#waiting.get(id)?.resolve(value);
      this.#waiting.delete(id);
    };
    worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
    };
    return worker;
  }
}

/** Opens a store in a dedicated worker. `write` copies by clone, so that a caller's later changes never arrive. */
export async function openRemoteBlobStore(folder: string): Promise<BlobStore> {
  const realm = new Realm(folder);
  const call = realm.call.bind(realm);
  await call('list');
  return {
    write({ file, label, parts }) {
      const done = call('write', { file, label, parts });
      return { taken: done.then(() => undefined), done };
    },
    settle: (place, isKept) => void call('settle', { file: place.file, offset: place.offset }, isKept),
    async read(slices: readonly Slice[]) {
      // A destination here is filled from one there.
      const there = slices.map(({ into, ...slice }) => (into ? { ...slice, into: into.slice() } : slice));
      const buffers: ArrayBuffer[] = await call('read', there);
      return slices.map(({ into }, at) => {
        if (!into) return buffers[at] ?? new ArrayBuffer(0);
        into.set(new Uint8Array(buffers[at] ?? new ArrayBuffer(0)));
        return into.buffer as ArrayBuffer; // tests give no shared memory
      });
    },
    release: (files) => call('release', files),
    remove: (files) => call('remove', files),
    list: () => call('list'),
    records: (segment) => call('records', segment),
    copyRecord: (segment, record) => call('copyRecord', segment, record),
    close: () => realm.end(),
  };
}
