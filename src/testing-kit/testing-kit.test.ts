import { afterEach, beforeEach, expect, test } from 'vitest';
import { Memory } from '../index.ts';
import { type Clock, expectComputed, installClock, installMemoryStorage, type Undo } from './testing-kit.ts';

let storage: Undo;
let clock: Clock;
beforeEach(() => {
  storage = installMemoryStorage();
  clock = installClock();
});
afterEach(() => {
  clock.restore();
  storage.restore();
});

const halves = (count: number): { values: Float64Array } => ({
  values: Float64Array.from({ length: count }, (_, index) => index / 2),
});

test('installMemoryStorage() has a memory keep its results where there is no browser', async () => {
  const memory = new Memory({ name: 'kept', memoryTierBytes: 0 });
  const cached = memory.cache(halves, { id: 'halves', tags: ['all'] });
  await expectComputed(cached, 2, async () => {
    for (const count of [10, 1_000_000]) {
      const { values } = await cached(count);
      values[0] = -1; // the caller's own copy
      expect((await cached(count)).values).toEqual(halves(count).values);
    }
  });
  expect(await memory.storageStatus()).toMatchObject({ tier: 'memory' });
  expect((await Array.fromAsync(cached.entries())).map(({ tags }) => tags)).toEqual([['all'], ['all']]);
  const mapped = await cached.with({ mmapMode: 'r' })(1_000_000);
  expect(await mapped.values.at(-1)).toBe(499_999.5);
  await mapped.values.close();
  expect(await memory.deleteTag('all')).toMatchObject({ removed: 2 });
  await expectComputed(cached, 1, () => cached(10));
  await memory.close();
});

test('restore() leaves later memories as they were', async () => {
  storage.restore();
  const memory = new Memory({ name: 'without' });
  expect(await memory.storageStatus()).toMatchObject({ tier: 'none' });
});

test('installClock() makes results too old without waiting', async () => {
  const memory = new Memory({ name: 'aging' });
  const cached = memory.cache(halves, { id: 'halves', maxAgeMs: 60_000 });
  await expectComputed(cached, 1, () => cached(3));
  clock.advance(59_000);
  await expectComputed(cached, 0, () => cached(3));
  clock.advance(2_000);
  await expectComputed(cached, 1, () => cached(3));
});

test('expectComputed() says how often, and why', async () => {
  const memory = new Memory({ name: 'counting' });
  const cached = memory.cache(halves, { id: 'halves' });
  const other = memory.cache((x: number) => x, { id: 'other' });
  const wrong = expectComputed(cached, 2, async () => {
    await cached(1);
    await other(1);
  });
  await expect(wrong).rejects.toThrow('halves was to be computed 2 times, and was computed 1 times (absent)');
  await expect(expectComputed(cached, 0, () => Promise.reject(new RangeError('own')))).rejects.toThrow('own');
  expect(await expectComputed(cached, 0, async () => (await cached(1)).values.length)).toBe(1);
});
