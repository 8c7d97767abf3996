import { openDB } from 'idb';
import { describe, expect, test } from 'vitest';
import { commitOf, FUNCTION_KEY } from '../testing/commits.ts';
import { add } from './book.ts';
import { databaseName } from './connection.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';
import type { CatalogSchema } from './schema.ts';

/** Two realms over one database, and the epoch that it began with. */
async function twoRealms() {
  const name = `books-${crypto.randomUUID()}`;
  const [one, two] = [new IndexedDbCatalog(name), new IndexedDbCatalog(name)];
  await Promise.all([one.open(), two.open()]);
  const { memory } = await one.epochs(FUNCTION_KEY);
  return { name, one, two, memory };
}

const countUnbooked = async (name: string): Promise<number> => {
  const db = await openDB(databaseName(name));
  const count = await db.countFromIndex('entries', 'unbookedAt');
  db.close();
  return count;
};

describe('an added entry', () => {
  test('is found by another realm before its own has entered it in the books', async () => {
    const { name, one, two, memory } = await twoRealms();
    const added = await one.add(commitOf('a', { memory }));
    expect(await countUnbooked(name)).toBe(1);
    expect((await two.find('a')).kind).toBe('entry');
    expect(await countUnbooked(name)).toBe(0);
    expect((await added?.booked)?.isCommitted).toBe(true);
  });

  test('counts in every total and list that is read after it', async () => {
    const { one, two, memory } = await twoRealms();
    await one.add(commitOf('a', { memory, sizeBytes: 70, file: 'x/one.segment' }));
    await one.add(commitOf('b', { memory, sizeBytes: 30, file: 'x/one.segment' }));
    expect(await two.state()).toMatchObject({ entries: 2, bytes: 100 });
    const page = { order: 'createdAt', direction: 'ascending', limit: 9 } as const;
    expect((await two.details(page)).map(({ key }) => key).sort()).toEqual(['a', 'b']);
    expect(await two.functions()).toMatchObject([{ entries: 2, bytes: 100, computeMs: 10 }]);
    expect(await two.files()).toMatchObject([{ file: 'x/one.segment', liveBytes: 100 }]);
  });

  test('outlives its realm, and is booked by the next one', async () => {
    const { name, one, memory } = await twoRealms();
    await one.add(commitOf('a', { memory })); // and the realm is gone: nothing of it is awaited
    const next = new IndexedDbCatalog(name);
    await next.open();
    expect(await next.state()).toMatchObject({ entries: 1 });
    expect((await next.find('a')).kind).toBe('entry');
  });

  test('is refused where its call has an entry', async () => {
    const { one, two, memory } = await twoRealms();
    await one.add(commitOf('a', { memory }));
    expect(await two.add(commitOf('a', { memory, sizeBytes: 999 }))).toBeUndefined();
    expect(await two.state()).toMatchObject({ entries: 1, bytes: 100 });
  });

  test('is not found when a clear() came before it', async () => {
    const { one, two, memory } = await twoRealms();
    await two.clear();
    const added = await one.add(commitOf('a', { memory }));
    expect((await two.find('a')).kind).toBe('absent');
    expect(await two.state()).toMatchObject({ entries: 0, bytes: 0 });
    expect((await added?.booked)?.isCommitted).toBe(false);
  });

  test('that another realm has booked and deleted was committed', async () => {
    const { one, two, memory } = await twoRealms();
    const added = await one.add(commitOf('a', { memory }));
    await two.remove(['a']);
    expect((await added?.booked)?.isCommitted).toBe(true);
  });

  test('says so to its own realm when a clear() came before it', async () => {
    const { one, two, memory } = await twoRealms();
    await two.clear();
    const added = await one.add(commitOf('a', { memory }));
    expect((await added?.booked)?.isCommitted).toBe(false);
  });

  test('keeps its file from being doomed before it is booked', async () => {
    const { one, two, memory } = await twoRealms();
    await one.add(commitOf('a', { memory, file: 'x/one.segment' }));
    expect(await two.doom('x/one.segment')).toBe(false);
  });

  test('goes with its function, and nothing in flight comes back', async () => {
    const { one, two, memory } = await twoRealms();
    await one.add(commitOf('a', { memory }));
    expect(await two.retireFunction('f')).toEqual(['a']);
    await two.remove(['a']);
    await one.add(commitOf('b', { memory }));
    expect((await two.find('b')).kind).toBe('absent');
  });

  test('in a doomed file is told to its own realm, which can move it, and left alone by others', async () => {
    const { one, two, memory } = await twoRealms();
    expect(await two.doom('x/one.segment')).toBe(true);
    const added = await one.add(commitOf('a', { memory, file: 'x/one.segment' }));
    expect(await two.state()).toMatchObject({ entries: 0 });
    expect(await added?.booked).toMatchObject({ isCommitted: false, isFileDoomed: true });
  });

  test('is judged however many wait before it, one of them left alone', async () => {
    const { name, two, memory } = await twoRealms();
    await two.doom('x/one.segment');
    await two.clear();
    const db = await openDB<CatalogSchema>(databaseName(name));
    const { memory: now } = await two.epochs(FUNCTION_KEY);
    // As realms that have ended left them.
    await add(db, commitOf('a', { memory: now, file: 'x/one.segment' }));
    await Promise.all(Array.from({ length: 450 }, (_, at) => add(db, commitOf(`b${at}`, { memory: now }))));
    await add(db, commitOf('c', { memory }));
    db.close();
    expect((await two.find('c')).kind).toBe('absent');
    expect(await two.state()).toMatchObject({ entries: 450 });
  });

  test('whose birth is not what it should be is removed', async () => {
    const { name, one, two, memory } = await twoRealms();
    await one.add(commitOf('a', { memory }));
    const db = await openDB(databaseName(name));
    const { birth, ...record } = await db.get('entries', 'a');
    await db.put('entries', { ...record, birth: { ...birth, epochs: { memory: '__proto__' } } });
    db.close();
    expect((await two.find('a')).kind).toBe('absent');
    expect(await two.state()).toMatchObject({ entries: 0 });
  });
});

test('a database of the first layout opens, and its entries are of another format', async () => {
  const name = `layout-1-${crypto.randomUUID()}`;
  const { entry } = commitOf('old');
  const db = await openDB(databaseName(name), 1, {
    upgrade(made) {
      made.createObjectStore('entries', { keyPath: 'key' }).put({ ...entry, format: 1 });
      const details = made.createObjectStore('details', { keyPath: 'key' });
      details.createIndex('lastUsedAt', 'lastUsedAt');
      details.createIndex('functionId', ['functionId', 'lastUsedAt']);
      made.createObjectStore('functions', { keyPath: 'functionKey' }).createIndex('functionId', 'functionId');
      made.createObjectStore('state', { keyPath: 'id' });
      made.createObjectStore('files', { keyPath: 'file' });
      made.createObjectStore('blobs');
    },
  });
  db.close();
  const catalog = new IndexedDbCatalog(name);
  await catalog.open();
  expect(await catalog.find('old')).toEqual({ kind: 'unreadable', reason: 'format' });
  const { memory } = await catalog.epochs(FUNCTION_KEY);
  expect(await catalog.add(commitOf('new', { memory }))).toBeDefined();
  expect(await catalog.state()).toMatchObject({ entries: 1 });
});
