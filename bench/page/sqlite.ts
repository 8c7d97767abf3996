import type { KeyValueStore } from './memoized.ts';
import type { SqliteReply, SqliteRequest } from './sqlite-protocol.ts';
import type { Value } from './subject.ts';

type Stored = string | Uint8Array<ArrayBuffer> | undefined;

/** SQLite in a worker, on its pool of sync access handles: small records as JSON text, arrays as blobs. */
export class Sqlite implements KeyValueStore {
  readonly #waiting = new Map<number, PromiseWithResolvers<Stored>>();
  #worker: Worker | undefined;
  #lastId = 0;

  async open(store: string): Promise<void> {
    this.#worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<SqliteReply>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.value);
    };
    await this.#ask({ name: 'open', store });
  }

  async get(key: string): Promise<Value | undefined> {
    const value = await this.#ask({ name: 'get', key });
    if (value === undefined) return undefined;
    return typeof value === 'string' ? JSON.parse(value) : new Float32Array(value.buffer);
  }

  async set(key: string, value: Value): Promise<void> {
    const stored =
      value instanceof Float32Array
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : JSON.stringify(value);
    await this.#ask({ name: 'set', key, value: stored });
  }

  async delete(key: string): Promise<void> {
    await this.#ask({ name: 'delete', key });
  }

  async clear(): Promise<void> {
    await this.#ask({ name: 'clear' });
  }

  #ask(request: SqliteRequest): Promise<Stored> {
    this.#lastId += 1;
    const waiting = Promise.withResolvers<Stored>();
    this.#waiting.set(this.#lastId, waiting);
    this.#worker?.postMessage({ ...request, id: this.#lastId });
    return waiting.promise;
  }
}
