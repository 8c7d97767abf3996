import { afterAll, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { resolveMemoryOptions } from '../options/options.ts';
import { portWorker } from '../testing/blob-stores/port-worker.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { compact } from '../upkeep/compact.ts';
import { Store } from './entry-store.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const SIZE = 900_000;
const fill = (n: number) => new Uint8Array(SIZE).fill(n);

async function openStore(name: string): Promise<Store> {
  const store = new Store(resolveMemoryOptions({ name }), {
    receive: () => undefined,
    onStatus: () => undefined,
    onOpened: () => undefined,
  });
  await store.open();
  return store;
}

test('middle-sized results share segments, which count what is live in them', async () => {
  const { memory } = freshMemory();
  const f = memory.cache(fill, { id: 'fill' });
  for (let n = 0; n < 12; n += 1) await f(n);
  await memory.flush();
  const store = await openStore(memory.name);
  const [row, ...others] = await store.catalog.files();
  expect(others).toEqual([]);
  expect(row?.liveBytes).toBe(12 * SIZE); // the skeletons are in the catalog
  expect(row?.byteLength).toBeGreaterThan(row?.liveBytes ?? 0);
  await f.delete(3);
  expect((await store.catalog.files())[0]?.liveBytes).toBeLessThan((row?.liveBytes ?? 0) - SIZE + 1);
  await memory.close();
  const later = reopen(memory);
  const again = later.memory.cache(fill, { id: 'fill' });
  expect((await again(11))[0]).toBe(11);
  expect((await again(3))[5]).toBe(3);
  expect(later.reasons('compute')).toEqual(['absent']);
  await store.close();
});

test('a mostly dead segment is emptied and removed; what was live in it is still read', async () => {
  const { memory } = freshMemory();
  const f = memory.cache(fill, { id: 'fill' });
  for (let n = 0; n < 16; n += 1) await f(n);
  await memory.flush();
  for (let n = 0; n < 16; n += 1) if (n % 5 !== 0) await f.delete(n);
  const store = await openStore(memory.name);
  const [before] = await store.catalog.files();
  // Another page has found the entries, and reads their bytes later.
  const keys = (await Array.fromAsync(memory.entries())).map(({ key }) => key);
  const found = await Promise.all(keys.map((key) => store.catalog.find(key)));
  await memory.close();

  expect(await compact(store)).toBe(1);
  const rows = await store.catalog.files();
  expect(rows.map(({ file }) => file)).not.toContain(before?.file);
  expect(rows.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(5 * SIZE);
  expect(await compact(store)).toBe(0);

  const later = reopen(memory);
  const again = later.memory.cache(fill, { id: 'fill' });
  for (const n of [0, 5, 10, 15]) expect((await again(n))[SIZE - 1]).toBe(n);
  expect(later.reasons('compute')).toEqual([]);
  for (const each of found) {
    if (each.kind !== 'entry') throw new Error('It was there');
    await expect(store.load(each.entry)).rejects.toMatchObject({ name: 'NotFoundError' });
  }
  await store.close();
});

test('a result whose segment is removed while it is stored moves to another one', async () => {
  const { memory } = freshMemory();
  const f = memory.cache(fill, { id: 'fill' });
  await f(1);
  await memory.flush();
  const store = await openStore(memory.name);
  const [row] = await store.catalog.files();
  const [{ key } = { key: '' }] = await Array.fromAsync(memory.entries());
  // The only entry goes from the catalog, and its segment waits for removal while the next result is appended.
  await store.catalog.remove([key]);
  await f(2);
  await memory.flush();
  const rows = await store.catalog.files();
  expect(rows.filter(({ liveBytes }) => liveBytes > 0).map(({ file }) => file)).not.toContain(row?.file);
  await store.removeFiles([row?.file ?? '']);
  await memory.close();
  const later = reopen(memory);
  expect((await later.memory.cache(fill, { id: 'fill' })(2))[7]).toBe(2);
  expect(later.reasons('compute')).toEqual([]);
  await store.close();
});

test('a mapped result whose segment is removed while it is stored is the one that moved', async () => {
  const { memory, reasons } = freshMemory();
  const f = memory.cache(fill, { id: 'fill', captures: () => ({}) });
  await f(1);
  await memory.flush();
  const store = await openStore(memory.name);
  await store.catalog.remove((await Array.fromAsync(memory.entries())).map(({ key }) => key));
  const mapped = await f.with({ mmapMode: 'r+' })(2);
  await mapped.set([9], 5);
  await mapped.flush();
  await mapped.close();
  expect(Array.from((await f(2)).subarray(4, 7))).toEqual([2, 9, 2]);
  expect(reasons('compute')).toEqual(['absent', 'absent']);
  await store.close();
});

test('what is written to a result goes to another segment where the current one waits for removal', async () => {
  const { memory } = freshMemory();
  await memory.cache(fill, { id: 'fill', captures: () => ({}) })(1);
  await memory.flush();
  const later = reopen(memory, { workerFactory: portWorker }); // beside it, with a worker and a segment of its own
  const f = later.memory.cache(fill, { id: 'fill', captures: () => ({}) });
  await f(2);
  await later.memory.flush();
  const store = await openStore(memory.name);
  const second = (await Array.fromAsync(later.memory.entries())).find(
    ({ argumentsPreview }) => argumentsPreview === '(2)',
  );
  const { deadFiles } = await store.catalog.remove([second?.key ?? '']);
  expect(deadFiles).toHaveLength(1);
  const mapped = await f.with({ mmapMode: 'r+' })(1);
  await mapped.set([9], 5);
  await mapped.close();
  await store.removeFiles(deadFiles);
  expect(Array.from((await f(1)).subarray(4, 7))).toEqual([1, 9, 1]);
  expect(later.reasons('compute')).toEqual(['absent']);
  await store.close();
});

test('a realm gives back the dead bytes of its segments by itself, once it has deleted enough', async () => {
  const { memory, events } = freshMemory();
  const f = memory.cache(fill, { id: 'fill', captures: () => ({}) });
  for (let n = 0; n < 16; n += 1) await f(n);
  await memory.flush();
  const compacted = new Promise((resolve) =>
    memory.addEventListener('storage', ({ detail }) => detail.compacted && resolve(detail.compacted)),
  );
  for (let n = 0; n < 16; n += 1) if (n % 5 !== 0) await f.delete(n);
  expect(await compacted).toEqual({ segments: 1 });
  const store = await openStore(memory.name);
  const rows = await store.catalog.files();
  expect(rows.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(5 * SIZE);
  for (const n of [0, 5, 10, 15]) expect((await f(n))[SIZE - 1]).toBe(n);
  expect(events.filter(({ kind }) => kind === 'damaged')).toEqual([]);
  await store.close();
});
