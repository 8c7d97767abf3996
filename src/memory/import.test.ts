import { expect, test } from 'vitest';

test('the package imports and computes where there is no browser', async () => {
  expect(typeof indexedDB).toBe('undefined');
  const { errors, expiresAfter, Memory, ShelvedResult } = await import('../index.ts');
  const memory = new Memory({ name: 'server' });
  let runs = 0;
  const f = memory.cache((x: number) => x + ++runs, {
    id: 'f',
    tags: ['t'],
    cacheValidationCallback: expiresAfter({ days: 1 }),
  });
  expect([await f(1), await f(1)]).toEqual([2, 3]);
  expect(await f.with({ forceFresh: true })(1)).toBe(4);
  expect(await f.compute(1)).toMatchObject({ value: 5, info: { functionId: 'f' } });
  const shelved = await f.callAndShelve(1);
  expect(shelved).toBeInstanceOf(ShelvedResult);
  expect(await shelved.get()).toBe(6);
  expect((await shelved.blob()).size).toBeGreaterThan(0);
  expect(await f.checkCallInCache(1)).toBe(false);
  expect(await f.explain(1)).toMatchObject({ hit: false, reason: 'no-storage' });
  const nothing = { removed: 0, freedBytes: 0 };
  expect([await f.delete(1), await f.clear(), await memory.clear(), await memory.deleteTag('t')]).toEqual(
    Array(4).fill(nothing),
  );
  expect(await memory.delete('key')).toEqual(nothing);
  expect(await Array.fromAsync(memory.entries())).toEqual([]);
  expect(await Array.fromAsync(f.entries())).toEqual([]);
  expect(await memory.functions()).toEqual([]);
  expect(await memory.stats()).toMatchObject({ entries: 0 });
  expect(await memory.run((x: number) => x * 2, 4)).toBe(8);
  expect(await memory.storageStatus()).toEqual({ tier: 'none', reasons: ['there is no IndexedDB here'] });
  expect([await Memory.list(), await Memory.clearOrigin()]).toEqual([[], { removed: [], pending: [] }]);
  await memory.flush();
  await memory.close();
  expect(await f(1)).toBe(7);
  expect(errors.isMemoryError(await memory.clear().catch((error: unknown) => error))).toBe(true);
});
