import { openDB } from 'idb';
import { expect, onTestFinished, test } from 'vitest';
import { commitOf, FUNCTION_KEY } from '../testing/commits.ts';
import { databaseName } from './connection.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';
import type { CatalogSchema } from './schema.ts';

const keys = Array.from({ length: 64 }, (_, index) => `k${index}`);

async function filled() {
  const name = `find-again-${crypto.randomUUID()}`;
  const catalog = new IndexedDbCatalog(name);
  onTestFinished(() => catalog.close());
  await catalog.open();
  const { memory } = await catalog.epochs(FUNCTION_KEY);
  await Promise.all(keys.map((key) => catalog.add(commitOf(key, { memory }))));
  await catalog.state(); // in the books
  return { name, catalog, memory };
}

/** How many transactions begin while `work` runs. */
async function transactionsOf(work: () => Promise<void>): Promise<number> {
  const { transaction } = IDBDatabase.prototype;
  let count = 0;
  IDBDatabase.prototype.transaction = function (...args) {
    count += 1;
    return transaction.apply(this, args);
  };
  try {
    await work();
    return count;
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
}

test('what is looked up in the turn of an answer needs no transaction of its own', async () => {
  const { catalog } = await filled();
  const count = await transactionsOf(async () => {
    for (const key of keys) expect((await catalog.find(key)).kind).toBe('entry');
  });
  expect(count).toBe(keys.length / 16);
});

test('what is looked up at any time after an answer is found', async () => {
  const { catalog } = await filled();
  for (const [index, key] of keys.entries()) {
    expect((await catalog.find(key)).kind).toBe('entry');
    // From "answered a moment ago" to "over": a message is a task of its own.
    for (let tasks = index % 8; tasks > 0; tasks -= 1) {
      const { port1, port2 } = new MessageChannel();
      await new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(0);
      });
      port1.close();
    }
  }
});

test('what this realm writes is seen by what it looks up next, without waiting for it', async () => {
  const { catalog, memory } = await filled();
  expect((await catalog.find('k0')).kind).toBe('entry');
  const removed = catalog.remove(['k1']);
  // The removal has begun by then, in the turn of the answer.
  for (let hops = 0; hops < 8; hops += 1) await undefined;
  expect((await catalog.find('k1')).kind).toBe('absent');
  await removed;
  expect((await catalog.find('k0')).kind).toBe('entry');
  const added = catalog.add(commitOf('k1', { memory }));
  for (let hops = 0; hops < 8; hops += 1) await undefined;
  expect((await catalog.find('k1')).kind).toBe('entry');
  await added;
});

test('epochs that are asked for after an answer are those of now', async () => {
  const { catalog, memory } = await filled();
  await catalog.find('k0');
  expect((await catalog.epochs(FUNCTION_KEY)).memory).toBe(memory);
  await catalog.find('k0');
  const cleared = catalog.clear();
  for (let hops = 0; hops < 8; hops += 1) await undefined;
  expect((await catalog.epochs(FUNCTION_KEY)).memory).toBeGreaterThan(memory);
  await cleared;
});

test('who writes meanwhile waits for a few lookups, and not for all that follow each other', async () => {
  const { name, catalog } = await filled();
  const other = await openDB<CatalogSchema>(databaseName(name));
  onTestFinished(() => other.close());
  await catalog.find('k0');
  let isWritten = false;
  void other.delete('entries', 'k63').then(() => {
    isWritten = true;
  });
  let lookups = 0;
  while (!isWritten && lookups < 10_000) {
    await catalog.find(keys[lookups % 60] ?? '');
    lookups += 1;
  }
  expect(lookups).toBeLessThan(100);
  expect((await catalog.find('k63')).kind).toBe('absent');
});
