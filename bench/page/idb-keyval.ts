import { clear, createStore, del, get, set, type UseStore } from 'idb-keyval';
import type { KeyValueStore } from './memoized.ts';
import type { Value } from './subject.ts';

export class IdbKeyval implements KeyValueStore {
  #store: UseStore | undefined;

  async open(store: string): Promise<void> {
    this.#store = createStore(`idb-keyval-${store}`, 'entries');
  }

  get(key: string): Promise<Value | undefined> {
    return get<Value>(key, this.#store);
  }

  set(key: string, value: Value): Promise<void> {
    return set(key, value, this.#store);
  }

  delete(key: string): Promise<void> {
    return del(key, this.#store);
  }

  clear(): Promise<void> {
    return clear(this.#store);
  }
}
