import { afterAll, expect, test } from 'vitest';
import { moveLock, withLock, writerLock } from '../locks/locks.ts';
import { Memory } from '../memory/memory.ts';
import { resolveMemoryOptions } from '../options/options.ts';
import { Store } from '../store/entry-store.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { compact } from '../upkeep/compact.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const SIZE = 900_000;
const fill = (n: number) => new Uint8Array(SIZE).fill(n);
const options = { id: 'fill', captures: () => ({}) };

test('changed results are found when their segment is compacted, and open arrays follow them', async () => {
  const { memory } = freshMemory();
  const f = memory.cache(fill, options);
  const kept = [1, 6, 11];
  for (let n = 0; n < 12; n += 1) await f(n);
  for (const n of kept) {
    const array = await f.with({ mmapMode: 'r+' })(n);
    await array.set([100 + n], 7);
    await array.close();
  }
  await memory.flush();
  const { memory: other } = reopen(memory);
  const open = await Promise.all(kept.map((n) => other.cache(fill, options).with({ mmapMode: 'r' })(n)));
  for (let n = 0; n < 12; n += 1) if (!kept.includes(n)) await f.delete(n);
  const ignore = (): undefined => undefined;
  const listeners = { receive: ignore, onStatus: ignore, onOpened: ignore };
  const store = new Store(resolveMemoryOptions({ name: memory.name }), listeners);
  await store.open();
  const before = (await store.catalog.files()).map(({ file }) => file);
  await memory.close();

  expect(await compact(store)).toBe(1);
  const after = (await store.catalog.files()).map(({ file }) => file);
  expect(before.filter((file) => !after.includes(file))).toHaveLength(1);
  for (const [at, n] of kept.entries()) {
    expect([...((await open[at]?.read(6, 9)) ?? [])]).toEqual([n, 100 + n, n]);
  }
  const { memory: later, reasons } = reopen(memory);
  for (const n of kept) expect((await later.cache(fill, options)(n))[7]).toBe(100 + n);
  expect(reasons('compute')).toEqual([]);
  await other.close();
  await store.close();
});

test('who wants to write to a result waits while compaction moves it', async () => {
  const { memory } = freshMemory();
  const f = memory.cache(fill, options);
  await f(1);
  await memory.flush();
  const [{ key } = { key: '' }] = await Array.fromAsync(memory.entries());
  const [move, writer] = [moveLock(memory.name, key), writerLock(memory.name, key)];
  const opening = await withLock(move, {}, () =>
    withLock(writer, {}, async () => {
      const opened = f.with({ mmapMode: 'r+' })(1);
      const waiting = async (): Promise<unknown> => (await navigator.locks.query()).pending;
      await expect.poll(waiting).toContainEqual(expect.objectContaining({ name: move }));
      return { opened };
    }),
  );
  const array = await opening.opened;
  await array.set([7], 0);
  await array.close();
  expect((await f(1))[0]).toBe(7);
});
