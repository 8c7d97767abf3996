import { afterEach, expect, test, vi } from 'vitest';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

const own = { id: 'filled', captures: () => ({}) };
const fill = (n: number): Uint8Array => new Uint8Array(n).fill(n);

/** In the record, in a segment, and in a file. */
const sizes = [50, 200_000, 9 << 20];

/** What a page does with a memory, from the first call to the last. */
async function useAll(): Promise<void> {
  const { memory, reasons } = freshMemory({ memoryTierBytes: 0 });
  const f = memory.cache(async (n: number) => fill(n), own);
  for (const size of sizes)
    expect((await Promise.all([f(size), f(size)])).map(({ length }) => length)).toEqual([size, size]);
  await memory.flush();
  expect(reasons('compute')).toHaveLength(sizes.length);
  for (const size of sizes) expect((await f(size)).at(-1)).toBe(size % 256);
  const mapped = await f.with({ mmapMode: 'r' })(200_000);
  expect(mapped.length).toBe(200_000);
  await mapped.close();
  expect(await memory.reduceSize({ items: 1 })).toMatchObject({ removed: 2 });
  expect(await memory.reduceSize({ items: 0 })).toMatchObject({ removed: 1 });
  await memory.close();
  const later = reopen(memory, { singleFlightTimeoutMs: 20 }).memory;
  let entered = 0;
  let enter = (): void => undefined;
  const isEntered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const stuck = later.cache(
    async (n: number) => {
      entered += 1;
      enter();
      return entered > 1 ? n : new Promise<never>(() => undefined);
    },
    { ...own, id: 'stuck' },
  );
  void stuck(1);
  await isEntered;
  expect(await stuck(1)).toBe(1);
  await later.close();
  expect((await Memory.clearOrigin()).pending).toEqual([]);
}

afterEach(() => void vi.useRealTimers());

test('timers that stand still do no harm', async () => {
  vi.useFakeTimers();
  await useAll();
}, 30_000);

test('every clock that stands still does no harm', async () => {
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'Date',
      'performance',
      'queueMicrotask',
      'requestIdleCallback',
      'requestAnimationFrame',
    ],
  });
  await useAll();
}, 30_000);

test('zone.js does no harm', async () => {
  await import('zone.js');
  expect(Promise.name).toBe('ZoneAwarePromise');
  await useAll();
  const { memory } = freshMemory();
  const f = memory.cache(async (n: number) => fill(n), own);
  await f(9 << 20);
  await memory.close();
}, 30_000);
