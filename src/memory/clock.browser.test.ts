/** The clock is set, ahead and back: what was stored under the wrong time is neither fresh, nor kept for ever. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { expiresAfter } from '../options/options.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

const YEAR_MS = 365 * 86_400_000;
const { now } = Date;

/** Sets the clock of this page by so much. */
const setClock = (offsetMs: number): void => {
  Date.now = () => now.call(Date) + offsetMs;
};

afterEach(() => setClock(0));
afterAll(async () => {
  Date.now = now;
  await Memory.clearOrigin();
});

const ways = {
  maxAgeMs: { maxAgeMs: 1_000 },
  'expiresAfter()': { cacheValidationCallback: expiresAfter({ seconds: 1 }) },
  'a validator of its own': { cacheValidationCallback: ({ ageMs }: { ageMs: number }) => ageMs < 1_000 },
  'stale while revalidating': { maxAgeMs: 1_000, staleWhileRevalidateMs: 10 * YEAR_MS },
} as const;

describe.each(Object.entries(ways))('an entry from the future, judged by %s', (_name, options) => {
  test.each([YEAR_MS, 5_000])(
    '%d ms ahead: a miss once the clock is right, in this page and the next',
    async (ahead) => {
      for (const isReopened of [false, true]) {
        const watched = freshMemory();
        const cached = (memory: Memory) =>
          memory.cache((x: number) => x, { id: 'x', captures: () => ({}), ...options });
        setClock(60_000 + ahead);
        await cached(watched.memory)(1);
        if (isReopened) await watched.memory.close();
        else await watched.memory.flush();
        const { memory, reasons } = isReopened ? reopen(watched.memory) : watched;
        setClock(60_000);
        expect(await cached(memory).checkCallInCache(1)).toBe(false);
        expect((await cached(memory).explain(1)).hit).toBe(false);
        await cached(memory)(1);
        expect(reasons('hit')).toEqual([]);
        await memory.flush();
        setClock(60_001);
        await cached(memory)(1);
        expect(reasons('hit')).toHaveLength(1);
      }
    },
  );

  test('mapped as well', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(() => new Float32Array(50_000), {
      id: 'mapped',
      mmapMode: 'r' as const,
      captures: () => ({}),
      ...options,
    });
    setClock(YEAR_MS);
    await (await f()).close();
    setClock(0);
    await (await f()).close();
    expect(reasons('compute')).toHaveLength(2);
  });
});

test('an entry from the future is a hit where age does not matter, and says that its age cannot be told', async () => {
  const { memory, reasons } = freshMemory();
  const f = memory.cache((x: number) => x, { id: 'x' });
  setClock(YEAR_MS);
  await f(1);
  await memory.flush();
  setClock(0);
  await f(1);
  expect(reasons('hit')).toEqual(['memory']);
  const [info] = await Array.fromAsync(memory.entries());
  expect(info?.ageMs).toBe(Number.POSITIVE_INFINITY);
});

describe('eviction', () => {
  const large = (x: number) => new Uint8Array(100_000).fill(x);

  test('takes entries first whose last use is still to come', async () => {
    const { memory } = freshMemory({ maxBytes: 350_000 });
    const f = memory.cache(large, { id: 'large' });
    await f(1);
    setClock(YEAR_MS);
    await f(2);
    await memory.flush();
    setClock(0);
    for (const x of [3, 4, 5]) await f(x);
    await memory.flush();
    const kept = await Promise.all([1, 2, 3, 4, 5].map((x) => f.checkCallInCache(x)));
    expect(kept).toEqual([false, false, true, true, true]);
  });

  test('and not what was used again since the clock is right', async () => {
    const { memory } = freshMemory({ maxBytes: 350_000 });
    const f = memory.cache(large, { id: 'large' });
    setClock(YEAR_MS);
    await f(1);
    await memory.flush();
    setClock(0);
    await f(2);
    await f(3);
    await f(1);
    await f(4);
    await memory.flush();
    const kept = await Promise.all([1, 2, 3, 4].map((x) => f.checkCallInCache(x)));
    expect(kept).toEqual([true, false, true, true]);
  });

  test('by age takes what nobody knows the age of', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(large, { id: 'large' });
    setClock(YEAR_MS);
    await f(1);
    setClock(0);
    await f(2);
    await memory.flush();
    expect(await memory.reduceSize({ ageMs: 3_600_000 })).toMatchObject({ removed: 1 });
    expect(await f.checkCallInCache(2)).toBe(true);
  });

  test('an old version of the code that was used under a wrong clock is not taken for the newest', async () => {
    const { memory } = freshMemory({ maxBytes: 350_000 });
    const version = (v: number) => memory.cache(large, { id: 'large', version: v, captures: () => ({}) });
    setClock(YEAR_MS);
    await version(1)(1);
    await memory.flush();
    setClock(0);
    for (const x of [2, 3, 4]) await version(2)(x);
    await memory.flush();
    expect(await version(1).checkCallInCache(1)).toBe(false);
    expect(await version(2).checkCallInCache(2)).toBe(true);
  });
});
