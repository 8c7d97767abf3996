import { openDB } from 'idb';
import { describe, expect, test } from 'vitest';
import { databaseName } from './connection.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';
import { type CatalogSchema, type Commit, RECORD_FORMAT, type StoredBytes } from './schema.ts';

const LARGE_BYTES = 70_000;

const inline = (byteLength: number): StoredBytes => ({
  place: new Uint8Array(byteLength).fill(byteLength).buffer,
  checks: new BigUint64Array(1),
  compression: '',
  rawByteLength: byteLength,
});

function commitOf(key: string, memory: number, byteLength = 10): Commit {
  const common = { key, functionKey: 'f', createdAt: 1, computeMs: 5, sizeBytes: byteLength };
  return {
    entry: { ...common, format: RECORD_FORMAT, revision: 0, skeleton: inline(byteLength), buffers: [] },
    detail: {
      ...common,
      ...{ functionId: 'f', argumentsPreview: '()', storeMs: 0, lastUsedAt: 1 },
      ...{ hits: 0, savedMs: 0, tags: [], digests: {} },
    },
    identity: 'source',
    epochs: { memory, function: 0 },
  };
}

async function openCatalog() {
  const name = `find-${crypto.randomUUID()}`;
  const catalog = new IndexedDbCatalog(name);
  await catalog.open();
  const { memory } = await catalog.epochs('f');
  return { name, catalog, memory };
}

/** Runs `use` on the database, beside the catalog's own connection. */
async function inDatabase<T>(name: string, use: (db: Awaited<ReturnType<typeof openRaw>>) => Promise<T>) {
  const db = await openRaw(name);
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

const openRaw = (name: string) => openDB<CatalogSchema>(databaseName(name));

const tailsOf = (name: string): Promise<string[]> => inDatabase(name, (db) => db.getAllKeys('tails'));

const sizeOf = (found: Awaited<ReturnType<IndexedDbCatalog['find']>>): number | string =>
  found.kind === 'entry' ? found.entry.skeleton.place.byteLength : found.kind;

describe('an entry larger than one record', () => {
  test('is found whole, before and after it is in the books, and has a tail as long as it is there', async () => {
    const { name, catalog, memory } = await openCatalog();
    const added = await catalog.add(commitOf('a', memory, LARGE_BYTES));
    expect(await tailsOf(name)).toEqual(['a']);
    expect((await added?.booked)?.isCommitted).toBe(true);
    const found = await catalog.find('a');
    const bytes = found.kind === 'entry' ? found.entry.skeleton.place : undefined;
    expect(bytes).toEqual(new Uint8Array(LARGE_BYTES).fill(LARGE_BYTES).buffer);
    await catalog.commit(commitOf('a', memory, 20));
    expect([sizeOf(await catalog.find('a')), await tailsOf(name)]).toEqual([20, []]);
    await catalog.commit(commitOf('a', memory, LARGE_BYTES));
    expect([sizeOf(await catalog.find('a')), await tailsOf(name)]).toEqual([LARGE_BYTES, ['a']]);
    await catalog.remove(['a']);
    expect([sizeOf(await catalog.find('a')), await tailsOf(name)]).toEqual(['absent', []]);
  });

  test('goes with its tail when everything is cleared, or was before it came', async () => {
    const { name, catalog, memory } = await openCatalog();
    await catalog.commit(commitOf('a', memory, LARGE_BYTES));
    await catalog.clear();
    expect(await tailsOf(name)).toEqual([]);
    const late = await catalog.add(commitOf('b', memory, LARGE_BYTES));
    expect((await late?.booked)?.isCommitted).toBe(false);
    expect([sizeOf(await catalog.find('b')), await tailsOf(name)]).toEqual(['absent', []]);
  });

  test('is damaged where its tail is missing, short or foreign, and leaves none behind', async () => {
    const { name, catalog, memory } = await openCatalog();
    await catalog.commit(commitOf('a', memory, LARGE_BYTES));
    for (const tail of [new ArrayBuffer(3), new Uint8Array(60 * 1024) as unknown as ArrayBuffer]) {
      await inDatabase(name, (db) => db.put('tails', tail, 'a'));
      expect(await catalog.find('a')).toEqual({ kind: 'unreadable', reason: 'damaged' });
    }
    await inDatabase(name, (db) => db.delete('tails', 'a'));
    expect(await catalog.find('a')).toEqual({ kind: 'unreadable', reason: 'damaged' });
    expect((await catalog.remove(['a'])).removed).toBe(1);
  });

  test('a tail without an entry goes when the catalog is mended', async () => {
    const { name, catalog, memory } = await openCatalog();
    await catalog.commit(commitOf('a', memory, LARGE_BYTES));
    await inDatabase(name, async (db) => {
      await db.put('tails', new ArrayBuffer(9), 'stray');
      await db.delete('details', 'a'); // what shows that something is wrong
    });
    expect(await catalog.mend()).toBe(true);
    expect([sizeOf(await catalog.find('a')), await tailsOf(name)]).toEqual([LARGE_BYTES, ['a']]);
  });
});

describe('many lookups at once', () => {
  const keyOf = (index: number): string => `key-${String(index).padStart(4, '0')}`;

  test.each([
    ['all of what is there', 1],
    ['every third of it', 3],
    ['a few, far apart', 25],
  ])('%s, and some that is not: each gets its own', async (_, step) => {
    const { name, catalog, memory } = await openCatalog();
    const commits = Array.from({ length: 600 }, (_, index) =>
      commitOf(keyOf(index), memory, index % 50 === 0 ? LARGE_BYTES : 100 + index),
    );
    await Promise.all(commits.map((commit) => catalog.add(commit)));
    await catalog.state(); // in the books
    const wanted = Array.from({ length: 640 }, (_, index) => index)
      .filter((index) => index % step === 0)
      .toReversed();
    const strangers = ['', 'key-0003x', 'zzz'];
    const asked = [...wanted.map(keyOf), ...strangers, keyOf(0), keyOf(0)];
    const found = await Promise.all(asked.map((key) => catalog.find(key)));
    const expected = wanted.map((index) => {
      if (index >= 600) return 'absent';
      return index % 50 === 0 ? LARGE_BYTES : 100 + index;
    });
    expect(found.map(sizeOf)).toEqual([
      ...expected,
      ...strangers.map(() => 'absent'),
      LARGE_BYTES,
      LARGE_BYTES,
    ]);
    // One that waits for the books, and one that is damaged, among the others.
    await inDatabase(name, async (db) => {
      const record = await db.get('entries', keyOf(step));
      if (record) await db.put('entries', { ...record, sizeBytes: -1 });
    });
    const late = catalog.add(commitOf('key-0000-late', memory));
    await late;
    const again = await Promise.all([...asked, 'key-0000-late'].map((key) => catalog.find(key)));
    expect(again.at(-1)?.kind).toBe('entry');
    expect(again[asked.indexOf(keyOf(step))]).toEqual({ kind: 'unreadable', reason: 'damaged' });
    expect(again.filter(({ kind }) => kind === 'entry')).toHaveLength(
      found.filter(({ kind }) => kind === 'entry').length,
    );
  });

  test('reads fewer records than it was asked for lookups only where they are neighbours', async () => {
    const { catalog, memory } = await openCatalog();
    const keys = Array.from({ length: 400 }, (_, index) => keyOf(index));
    await Promise.all(keys.map((key) => catalog.add(commitOf(key, memory))));
    await catalog.state();
    const counts = { get: 0, getAll: 0 };
    const { get, getAll } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.get = function (...args) {
      counts.get += 1;
      return get.apply(this, args);
    };
    IDBObjectStore.prototype.getAll = function (...args) {
      counts.getAll += 1;
      return getAll.apply(this, args as []);
    };
    try {
      await Promise.all(keys.map((key) => catalog.find(key)));
      expect(counts.get).toBe(0);
      expect(counts.getAll).toBeLessThan(6);
      const sparse = keys.filter((_, index) => index % 20 === 0);
      counts.getAll = 0;
      await Promise.all(sparse.map((key) => catalog.find(key)));
      expect(counts.getAll).toBe(1);
      expect(counts.get).toBeGreaterThan(15);
    } finally {
      Object.assign(IDBObjectStore.prototype, { get, getAll });
    }
  });
});
