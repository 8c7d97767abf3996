/** A key-value store as a careful user makes a cache of it: hash the arguments, look up, else compute and store. */
import { hash } from 'ohash';
import type { CallArguments, Subject, Value } from './subject.ts';
import { compute } from './values.ts';

export interface KeyValueStore {
  open(store: string): Promise<void>;
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<void>;
  clear(): Promise<void>;
}

const keyOf = (args: readonly unknown[]): string => `compute-${hash(args)}`;

export class Memoized implements Subject {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  open(store: string): Promise<void> {
    return this.#store.open(store);
  }

  async call(args: CallArguments): Promise<Value> {
    const key = keyOf(args);
    const found = await this.#store.get(key);
    if (found !== undefined) return found;
    const value = compute(...args);
    await this.#store.set(key, value);
    return value;
  }

  forget(args: CallArguments): Promise<void> {
    return this.#store.delete(keyOf(args));
  }

  clear(): Promise<void> {
    return this.#store.clear();
  }

  async hash(argument: unknown): Promise<void> {
    keyOf([argument]);
  }
}
