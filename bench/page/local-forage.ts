import localforage from 'localforage';
import type { KeyValueStore } from './memoized.ts';
import type { Value } from './subject.ts';

export class LocalForageStore implements KeyValueStore {
  #store = localforage;

  async open(store: string): Promise<void> {
    this.#store = localforage.createInstance({ name: `localforage-${store}`, driver: localforage.INDEXEDDB });
    await this.#store.ready();
  }

  async get(key: string): Promise<Value | undefined> {
    return (await this.#store.getItem<Value>(key)) ?? undefined;
  }

  async set(key: string, value: Value): Promise<void> {
    await this.#store.setItem(key, value);
  }

  delete(key: string): Promise<void> {
    return this.#store.removeItem(key);
  }

  clear(): Promise<void> {
    return this.#store.clear();
  }
}
