import { Dexie, type Table } from 'dexie';
import type { KeyValueStore } from './memoized.ts';
import type { Value } from './subject.ts';

interface Entry {
  readonly key: string;
  readonly value: Value;
}

export class DexieStore implements KeyValueStore {
  #entries: Table<Entry, string> | undefined;

  async open(store: string): Promise<void> {
    const db = new Dexie(`dexie-${store}`);
    db.version(1).stores({ entries: 'key' });
    await db.open();
    this.#entries = db.table<Entry, string>('entries');
  }

  async get(key: string): Promise<Value | undefined> {
    return (await this.#entries?.get(key))?.value;
  }

  async set(key: string, value: Value): Promise<void> {
    await this.#entries?.put({ key, value });
  }

  async delete(key: string): Promise<void> {
    await this.#entries?.delete(key);
  }

  async clear(): Promise<void> {
    await this.#entries?.clear();
  }
}
