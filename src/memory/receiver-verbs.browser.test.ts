import { afterAll, expect, test, vi } from 'vitest';
import { freshMemory } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

interface Scaled {
  readonly k: number;
  readonly scaled?: unknown;
}

const scaledIn = (memory: Memory) =>
  memory.cache(
    async function (this: Scaled | undefined, x: number) {
      return x * (this?.k ?? 0);
    },
    { id: 'scaled' },
  );

test('on() gives every verb its receiver', async () => {
  const { memory, reasons } = freshMemory();
  const scaled = scaledIn(memory);
  const two = { k: 2, scaled };
  const hundred = { k: 100, scaled };
  const { value } = await two.scaled.on(two).compute(3);
  expect(value).toBe(6);
  expect([await two.scaled(3), await hundred.scaled(3)]).toEqual([6, 300]);
  expect(reasons('compute')).toHaveLength(2);
  await memory.flush();
  expect(await scaled.on(two).checkCallInCache(3)).toBe(true);
  expect(await scaled.on({ k: 7, scaled }).checkCallInCache(3)).toBe(false);
  expect(await scaled.on(hundred).explain(3)).toMatchObject({ hit: true });
  expect(await (await scaled.on(hundred).callAndShelve(3)).get()).toBe(300);
  expect(await scaled.on(two).with({ forceFresh: true }).call(undefined, 3)).toBe(6);
  expect(await scaled.on(two).delete(3)).toMatchObject({ removed: 1 });
  expect(await scaled.on(two).checkCallInCache(3)).toBe(false);
  expect(scaled.on(two).fn).toBe(scaled.fn);
});

test('verbs without a receiver answer as a call without one does, and say so once', async () => {
  const { memory } = freshMemory();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const scaled = scaledIn(memory);
  const two = { k: 2, scaled };
  expect(await two.scaled(3)).toBe(6);
  expect((await two.scaled.compute(3)).value).toBe(0);
  expect(await two.scaled(3)).toBe(6);
  expect(await two.scaled.checkCallInCache(4)).toBe(false);
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/scaled reads "this".*f\.on\(object\)/));
  warn.mockRestore();
});

test('with() and call() pass a receiver on', async () => {
  const { memory, reasons } = freshMemory();
  const scaled = scaledIn(memory);
  expect(await scaled.call({ k: 2 }, 3)).toBe(6);
  expect(await scaled.with({ forceFresh: false }).call({ k: 2 }, 3)).toBe(6);
  expect(await scaled.with({ forceFresh: false }).call({ k: 5 }, 3)).toBe(15);
  expect(reasons('compute')).toHaveLength(2);
});

test('functions that read no receiver are none the wiser', async () => {
  const { memory, reasons } = freshMemory();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const f = memory.cache(async (x: number) => x * 2, { id: 'f', captures: () => ({}) });
  expect(await f.compute(3)).toMatchObject({ value: 6 });
  expect(await f(3)).toBe(6);
  expect(reasons('compute')).toHaveLength(1);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
