/** What a realm keeps in memory never says otherwise than the store: two Memories of one name stand for two tabs. */
import { afterAll, describe, expect, test } from 'vitest';
import { MemoryClosedError } from '../errors/errors.ts';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen, type Watched } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const nextDelete = ({ memory }: Watched): Promise<unknown> =>
  new Promise((resolve) =>
    memory.addEventListener('delete', ({ detail }) => detail.reason === 'remote' && resolve(detail)),
  );

let runs = 0;
const counted = (x: number): string => `${x}: ${++runs}`;
const options = { id: 'counted', captures: () => ({}) };

describe('deletion in one tab empties the memory of another', () => {
  const deletions: readonly (readonly [string, (memory: Memory) => Promise<unknown>])[] = [
    ['Memory.clear()', (memory) => memory.clear()],
    ['CachedFunction.clear()', (memory) => memory.cache(counted, options).clear()],
    ['CachedFunction.delete()', (memory) => memory.cache(counted, options).delete(1)],
    ['Memory.deleteTag()', (memory) => memory.deleteTag('all')],
    [
      'ShelvedResult.clear()',
      async (memory) => (await memory.cache(counted, { ...options, tags: ['all'] }).callAndShelve(1)).clear(),
    ],
  ];

  test.each(deletions)('%s', async (_, deleteIn) => {
    const here = freshMemory();
    const there = reopen(here.memory);
    const [f, g] = [here, there].map(({ memory }) => memory.cache(counted, { ...options, tags: ['all'] }));
    const first = await f!(1);
    await here.memory.flush();
    expect(await g!(1)).toBe(first);
    expect(await g!(1)).toBe(first);
    expect(there.reasons('hit')).toEqual(['storage', 'memory']);
    const heard = nextDelete(there);
    await deleteIn(here.memory);
    await heard;
    expect(await g!.checkCallInCache(1)).toBe(false);
    expect(await g!(1)).not.toBe(first);
  });
});

test('what is read while it is deleted is not kept', async () => {
  for (let round = 0; round < 20; round += 1) {
    const here = freshMemory();
    const there = reopen(here.memory);
    const [f, g] = [here.memory.cache(counted, options), there.memory.cache(counted, options)];
    const first = await f(1);
    await here.memory.flush();
    await g.checkCallInCache(1);
    const heard = nextDelete(there);
    // A lookup begins at every step of the deletion.
    const deletion = f.delete(1);
    const lookups = Array.from({ length: round }, () => Promise.resolve()).reduce(
      (before) => before.then(() => undefined),
      Promise.resolve(),
    );
    const [value] = await Promise.all([lookups.then(() => g(1)), deletion, heard]);
    await there.memory.flush();
    if (value === first) expect(await g(1)).not.toBe(first);
    await Promise.all([here.memory.close(), there.memory.close()]);
  }
});

test('a result that one tab renews replaces what another keeps', async () => {
  const here = freshMemory();
  const there = reopen(here.memory);
  const [f, g] = [here.memory.cache(counted, options), there.memory.cache(counted, options)];
  const first = await f(1);
  await here.memory.flush();
  expect(await g(1)).toBe(first);
  const { value } = await f.compute(1);
  expect(value).not.toBe(first);
  await here.memory.flush();
  await expect.poll(() => g(1)).toBe(value);
});

test('the memory of a realm is bounded, and the oldest goes first', async () => {
  const { memory, reasons } = freshMemory({ memoryTierBytes: 4_000 });
  const f = memory.cache((x: number) => new Uint8Array(400).fill(x), { id: 'f' });
  for (let x = 0; x < 20; x += 1) await f(x);
  await memory.flush();
  await f(19);
  await f(0);
  expect(reasons('hit')).toEqual(['memory', 'storage']);
  const off = reopen(memory, { memoryTierBytes: 0 });
  const g = off.memory.cache(f.fn, { id: 'f' });
  await g(19);
  await g(19);
  expect(off.reasons('hit')).toEqual(['storage', 'storage']);
});

describe('close()', () => {
  test('later calls compute; what is about entries says that the memory is closed', async () => {
    const { memory, events } = freshMemory();
    const f = memory.cache(counted, options);
    const shelved = await f.callAndShelve(1);
    await memory.close();
    await memory.close();
    const before = events.length;
    expect(await f(1)).not.toBe(await f(1));
    expect(await f.with({ forceFresh: true })(1)).toMatch(/^1: /);
    expect((await f.compute(1)).value).toMatch(/^1: /);
    expect(await (await f.callAndShelve(1)).get()).toMatch(/^1: /);
    expect(await f.checkCallInCache(1)).toBe(false);
    expect(await f.explain(1)).toMatchObject({ hit: false });
    expect(await memory.cache(counted, { id: 'new' })(1)).toMatch(/^1: /);
    await memory.flush();
    const verbs = [
      () => memory.clear(),
      () => memory.delete('key'),
      () => memory.deleteTag('all'),
      () => memory.functions(),
      () => memory.stats(),
      () => Array.fromAsync(memory.entries()),
      () => f.clear(),
      () => f.delete(1),
      () => Array.fromAsync(f.entries()),
      () => shelved.get(),
      () => shelved.blob(),
      () => shelved.clear(),
    ];
    for (const verb of verbs) await expect(async () => verb()).rejects.toBeInstanceOf(MemoryClosedError);
    expect(events).toHaveLength(before);
  });

  test('stores what is being computed first', async () => {
    const { memory } = freshMemory();
    const gate = Promise.withResolvers<void>();
    const f = memory.cache(
      async (x: number) => {
        await gate.promise;
        return x;
      },
      { id: 'slow' },
    );
    const call = f(1);
    await f.checkCallInCache(1);
    const closed = memory.close();
    gate.resolve();
    expect(await call).toBe(1);
    await closed;
    expect(await reopen(memory).memory.cache(f.fn, { id: 'slow' }).checkCallInCache(1)).toBe(true);
  });
});
