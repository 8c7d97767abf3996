/** One get by a key that is known: what IndexedDB itself takes. */
import type { CallArguments, Subject, Value } from './subject.ts';
import { compute } from './values.ts';

const keyOf = ([index, { byteLength }]: CallArguments): string => `${byteLength}/${index}`;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class RawIndexedDb implements Subject {
  #db: IDBDatabase | undefined;

  async open(store: string): Promise<void> {
    const request = indexedDB.open(`raw-${store}`, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore('entries');
    this.#db = await settled(request);
  }

  async call(args: CallArguments): Promise<Value> {
    return (await settled<Value | undefined>(this.#reading().get(keyOf(args)))) ?? this.#store(args);
  }

  async callAll(all: readonly CallArguments[]): Promise<readonly Value[]> {
    const reading = this.#reading();
    return Promise.all(all.map((args) => settled<Value>(reading.get(keyOf(args)))));
  }

  async forget(args: CallArguments): Promise<void> {
    await settled(
      this.#opened().transaction('entries', 'readwrite').objectStore('entries').delete(keyOf(args)),
    );
  }

  #opened(): IDBDatabase {
    if (!this.#db) throw new TypeError('The database opens before it is used');
    return this.#db;
  }

  #reading(): IDBObjectStore {
    return this.#opened().transaction('entries').objectStore('entries');
  }

  #store(args: CallArguments): Promise<Value> {
    const value = compute(...args);
    const tx = this.#opened().transaction('entries', 'readwrite', { durability: 'relaxed' });
    tx.objectStore('entries').put(value, keyOf(args));
    return new Promise((resolve, reject) => {
      tx.oncomplete = () => resolve(value);
      tx.onabort = () => reject(tx.error);
    });
  }
}
