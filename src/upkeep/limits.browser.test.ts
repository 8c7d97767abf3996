import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** About 100 kB each: a file of its own, or part of one. */
const large = (x: number) => new Uint8Array(100_000).fill(x);

const evicted = (events: readonly { kind: string }[], keys: Map<string, number>): (number | undefined)[] =>
  events.flatMap((event) =>
    event.kind === 'evict' ? [keys.get((event as unknown as { key: string }).key)] : [],
  );

/** Which argument each key stands for. */
async function keysByArgument(memory: Memory): Promise<Map<string, number>> {
  const infos = await Array.fromAsync(memory.entries());
  return new Map(infos.map(({ key, argumentsPreview }) => [key, Number(argumentsPreview.slice(1, -1))]));
}

describe('maxBytes', () => {
  test('is kept after each commit, the least recently used first', async () => {
    const { memory, events } = freshMemory({ maxBytes: 350_000 });
    const f = memory.cache(large, { id: 'large' });
    for (const x of [1, 2, 3]) await f(x);
    await memory.flush();
    const keys = await keysByArgument(memory);
    await f(1);
    await f(4);
    await memory.flush();
    expect(evicted(events, keys)).toEqual([2]);
    expect(await f.checkCallInCache(2)).toBe(false);
    expect(await f.checkCallInCache(1)).toBe(true);
    const infos = await Array.fromAsync(memory.entries());
    expect(infos.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThanOrEqual(350_000);
  });

  test('follows the order of access: 0,1,2,0,1,2,0 gives 1,2,0', async () => {
    const { memory, events } = freshMemory();
    const f = memory.cache(large, { id: 'large' });
    for (const x of [0, 1, 2, 0, 1, 2, 0]) await f(x);
    await memory.flush();
    const keys = await keysByArgument(memory);
    for (const items of [2, 1, 0]) await memory.reduceSize({ items });
    expect(evicted(events, keys)).toEqual([1, 2, 0]);
  });

  test('a value larger than all of it is returned, not stored, and drives nothing out', async () => {
    const { memory, events, reasons } = freshMemory({ maxBytes: 150_000 });
    const f = memory.cache((n: number) => new Uint8Array(n), { id: 'zeros' });
    await f(100_000);
    expect((await f(200_000)).byteLength).toBe(200_000);
    await memory.flush();
    expect(events.find(({ kind }) => kind === 'skip')).toMatchObject({
      reason: 'storage-full',
      error: { kind: 'StorageFullError', availableBytes: 150_000 },
    });
    expect(reasons('evict')).toEqual([]);
    expect(await f.checkCallInCache(100_000)).toBe(true);
  });

  test('entries of replaced code go first, however recently they were used', async () => {
    const { memory, events } = freshMemory({ maxBytes: 350_000 });
    const old = memory.cache(large, { id: 'large', version: 1, captures: () => ({}) });
    const young = memory.cache(large, { id: 'large', version: 2, captures: () => ({}) });
    await young(1);
    await old(2);
    await young(3);
    await memory.flush();
    await young(4);
    await memory.flush();
    expect(events.filter(({ kind }) => kind === 'evict')).toMatchObject([{ reason: 'superseded' }]);
    expect(await old.checkCallInCache(2)).toBe(false);
    expect(await young.checkCallInCache(1)).toBe(true);
  });

  test('other realms are asked first what they used', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(large, { id: 'large', captures: () => ({}) });
    for (const x of [1, 2]) await f(x);
    await memory.flush();
    const other = reopen(memory);
    await other.memory.cache(large, { id: 'large', captures: () => ({}) })(1);
    // Not flushed by the other.
    await memory.reduceSize({ items: 1 });
    expect(await f.checkCallInCache(1)).toBe(true);
    expect(await f.checkCallInCache(2)).toBe(false);
    await other.memory.close();
  });
});

describe('reduceSize()', () => {
  test('does nothing where nothing is given', async () => {
    const { memory } = freshMemory();
    await memory.cache(large, { id: 'large' })(1);
    await memory.flush();
    expect(await memory.reduceSize()).toEqual({ removed: 0, freedBytes: 0 });
    expect(await memory.reduceSize({})).toEqual({ removed: 0, freedBytes: 0 });
  });

  test('takes bytes as text, and says what it removed', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(large, { id: 'large' });
    for (const x of [1, 2, 3]) await f(x);
    await memory.flush();
    const { removed, freedBytes } = await memory.reduceSize({ bytes: '250K' });
    expect(removed).toBe(1);
    expect(freedBytes).toBeGreaterThan(100_000);
    for (const bytes of ['10KB', '1k', '1T'])
      await expect(memory.reduceSize({ bytes })).rejects.toThrow(RangeError);
  });

  test('removes by age, and refuses a negative one even when nothing is stored', async () => {
    const { memory } = freshMemory();
    await expect(memory.reduceSize({ ageMs: -1 })).rejects.toThrow(RangeError);
    const f = memory.cache(large, { id: 'large' });
    await f(1);
    await memory.flush();
    expect((await memory.reduceSize({ ageMs: 60_000 })).removed).toBe(0);
    expect((await memory.reduceSize({ ageMs: 0 })).removed).toBe(1);
  });

  test.each([{ bytes: 0 }, { items: 0 }, { bytes: -1 }])('%o empties the memory', async (limits) => {
    const { memory } = freshMemory();
    const f = memory.cache(large, { id: 'large' });
    for (let x = 0; x < 3; x += 1) await f(x);
    await memory.flush();
    expect((await memory.reduceSize(limits)).removed).toBe(3);
    expect(await Array.fromAsync(memory.entries())).toEqual([]);
  });

  test('goes through more than a page', async () => {
    const { memory } = freshMemory();
    const f = memory.cache((x: number) => x, { id: 'same' });
    await Promise.all(Array.from({ length: 250 }, (_, x) => f(x)));
    await memory.flush();
    expect((await memory.reduceSize({ items: 20 })).removed).toBe(230);
    expect(await Array.fromAsync(memory.entries())).toHaveLength(20);
  });
});
