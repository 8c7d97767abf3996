import type { KeyValueStore } from './memoized.ts';
import type { Value } from './subject.ts';

const json = 'application/json';

/** Responses in the Cache API: small records as JSON, arrays as their bytes. */
export class CacheApi implements KeyValueStore {
  #name = '';
  #cache: Cache | undefined;

  async open(store: string): Promise<void> {
    this.#name = `cache-api-${store}`;
    this.#cache = await caches.open(this.#name);
  }

  async get(key: string): Promise<Value | undefined> {
    const response = await this.#cache?.match(`/entries/${key}`);
    if (!response) return undefined;
    if (response.headers.get('Content-Type') === json) return response.json();
    return new Float32Array(await response.arrayBuffer());
  }

  async set(key: string, value: Value): Promise<void> {
    const isArray = value instanceof Float32Array;
    const headers = { 'Content-Type': isArray ? 'application/octet-stream' : json };
    const response = new Response(isArray ? value : JSON.stringify(value), { headers });
    await this.#cache?.put(`/entries/${key}`, response);
  }

  async delete(key: string): Promise<void> {
    await this.#cache?.delete(`/entries/${key}`);
  }

  async clear(): Promise<void> {
    await caches.delete(this.#name);
    this.#cache = await caches.open(this.#name);
  }
}
