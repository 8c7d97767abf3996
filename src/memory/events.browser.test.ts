/** What a Memory tells: events with their reasons, marks in the performance timeline, totals. */
import { afterAll, describe, expect, test } from 'vitest';
import { expiresAfter } from '../options/expires-after.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const key = expect.stringMatching(/^[0-9a-f]{32}$/);
const ms = expect.any(Number);

test('the events of one call’s life, each with its reason', async () => {
  const { memory, events } = freshMemory();
  const f = memory.cache((x: number) => x, { id: 'f' });
  await f(1);
  await memory.flush();
  await f(1);
  await f.with({ forceFresh: true })(1);
  await memory.flush();
  await f.delete(1);
  await memory.clear();
  const call = { functionId: 'f', key };
  expect(events.filter(({ kind }) => kind !== 'storage')).toEqual([
    { kind: 'miss', ...call, reason: 'absent' },
    { kind: 'compute', ...call, reason: 'absent', computeMs: ms },
    { kind: 'store', ...call, reason: 'computed', sizeBytes: ms, storeMs: ms },
    { kind: 'hit', ...call, reason: 'memory', isStale: false, ms, savedMs: ms, sizeBytes: ms },
    { kind: 'miss', ...call, reason: 'forced' },
    { kind: 'compute', ...call, reason: 'forced', computeMs: ms },
    { kind: 'store', ...call, reason: 'replaced', sizeBytes: ms, storeMs: ms },
    { kind: 'delete', reason: 'deleted', keys: [key], removed: 1, freedBytes: ms },
    { kind: 'delete', reason: 'cleared', removed: 0, freedBytes: 0 },
  ]);
});

test('a listener that is removed hears nothing more; one that throws costs no caller its value', async () => {
  const { memory } = freshMemory();
  const heard: string[] = [];
  const listener = ({ detail }: { detail: { reason: string } }): void => void heard.push(detail.reason);
  memory.addEventListener('miss', listener);
  const f = memory.cache((x: number) => x, { id: 'f' });
  await f(1);
  memory.removeEventListener('miss', listener);
  await f(2);
  expect(heard).toEqual(['absent']);
  const onError = (event: ErrorEvent): void => event.preventDefault();
  addEventListener('error', onError);
  for (const kind of ['miss', 'compute', 'store', 'hit'] as const) {
    memory.addEventListener(kind, () => {
      throw new Error('a listener’s own fault');
    });
  }
  expect([await f(3), await f(3)]).toEqual([3, 3]);
  await memory.flush();
  removeEventListener('error', onError);
});

test('computations and loads are measured in the performance timeline', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((x: number) => new Uint8Array(20e6).fill(x), { id: memory.name });
  await f(1);
  await memory.close();
  const later = reopen(memory).memory;
  await later.cache(f.fn, { id: memory.name })(1);
  const names = performance.getEntriesByType('measure').map(({ name }) => name);
  expect(names.filter((name) => name.endsWith(memory.name))).toEqual([
    `keepsake compute ${memory.name}`,
    `keepsake hit ${memory.name}`,
  ]);
});

describe('totals', () => {
  test('stats() and functions() add up entries, bytes, hits, misses by reason, time spent and saved', async () => {
    const { memory } = freshMemory();
    const slow = memory.cache(
      async (x: number) => {
        const end = performance.now() + 5;
        while (performance.now() < end);
        return new Uint8Array(1_000).fill(x);
      },
      { id: 'slow' },
    );
    const quick = memory.cache((x: number) => x, { id: 'quick' });
    await slow(1);
    await slow(2);
    await quick(1);
    await memory.flush();
    for (let n = 0; n < 4; n += 1) await slow(1);
    await slow.with({ forceFresh: true })(2);
    await memory.flush();
    const [first, second] = await memory.functions();
    expect(first).toMatchObject({
      functionId: 'slow',
      versions: 1,
      entries: 2,
      hits: 4,
      misses: { absent: 2, forced: 1 },
    });
    expect(first!.computeMs).toBeGreaterThanOrEqual(15);
    expect(first!.savedMs).toBeGreaterThanOrEqual(20);
    expect(second).toMatchObject({ functionId: 'quick', entries: 1, hits: 0, misses: { absent: 1 } });
    const sizes = (await Array.fromAsync(memory.entries())).map(({ sizeBytes }) => sizeBytes);
    expect(await memory.stats()).toMatchObject({
      entries: 3,
      bytes: sizes.reduce((a, b) => a + b, 0),
      hits: 4,
      misses: { absent: 3, forced: 1 },
    });
    expect(await memory.functions()).toHaveLength(2);
    await memory.cache((x: number) => x + 0, { id: 'quick' })(1);
    await memory.flush();
    expect((await memory.functions()).find(({ functionId }) => functionId === 'quick')).toMatchObject({
      versions: 2,
      entries: 2,
    });
  });
});

describe('age', () => {
  test('maxAgeMs and expiresAfter(): the younger limit holds, and expired entries are misses', async () => {
    const { memory, reasons } = freshMemory();
    let runs = 0;
    const f = memory.cache(() => ++runs, {
      id: 'f',
      captures: () => ({}),
      maxAgeMs: 3_600_000,
      cacheValidationCallback: expiresAfter({ milliseconds: 1 }),
    });
    await f();
    await memory.flush();
    await new Promise((resolve) => setTimeout(resolve, 2)); // entries age by the clock alone
    expect(await f.checkCallInCache()).toBe(false);
    expect(await f.explain()).toMatchObject({ hit: false, reason: 'expired' });
    expect(await f()).toBe(2);
    expect(reasons('miss')).toEqual(['absent', 'expired']);
    expect(
      expiresAfter({ weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 }).maxAgeMs,
    ).toBe(694_861_001);
  });

  test('a stale entry is given while one call renews it; a renewal that fails is told and costs nothing', async () => {
    const { memory, events, reasons } = freshMemory();
    let runs = 0;
    const failure = new Error('offline');
    const f = memory.cache(
      async () => {
        runs += 1;
        if (runs === 2) throw failure;
        return runs;
      },
      { id: 'f', captures: () => ({}), maxAgeMs: 0, staleWhileRevalidateMs: 60_000 },
    );
    await f();
    await memory.flush();
    expect(await Promise.all([f(), f(), f()])).toEqual([1, 1, 1]);
    await memory.flush();
    expect(runs).toBe(2);
    expect(events.find(({ kind }) => kind === 'skip')).toMatchObject({
      reason: 'revalidation-failed',
      error: failure,
    });
    expect(await f()).toBe(1);
    await memory.flush();
    expect(await f()).toBe(3);
    await memory.flush();
    expect(reasons('miss')).toEqual(['absent']);
  });
});

test('storeIf decides what is worth keeping', async () => {
  const { memory, reasons } = freshMemory();
  const f = memory.cache((x: number) => x, {
    id: 'f',
    storeIf: (value, { computeMs }) => {
      expect(computeMs).toBeGreaterThanOrEqual(0);
      if (value === 3) throw new Error('mistaken');
      return value > 1;
    },
  });
  expect([await f(1), await f(2), await f(3)]).toEqual([1, 2, 3]);
  await memory.flush();
  expect(reasons('skip')).toEqual(['not-worth-keeping', 'storage-failed']);
  expect([await f.checkCallInCache(1), await f.checkCallInCache(2)]).toEqual([false, true]);
});

test('tags are told in entries(), and deleteTag() deletes by them', async () => {
  const { memory } = freshMemory();
  const fixed = memory.cache((x: number) => x, { id: 'fixed', tags: ['all', 'fixed'] });
  const byCall = memory.cache((x: number) => x, { id: 'by call', tags: (x) => ['all', `x=${x}`] });
  await fixed(1);
  await byCall(1);
  await byCall(2);
  await memory.flush();
  const tagged = async (tag: string): Promise<number> =>
    (await Array.fromAsync(memory.entries({ tag }))).length;
  expect([await tagged('all'), await tagged('fixed'), await tagged('x=2'), await tagged('none')]).toEqual([
    3, 1, 1, 0,
  ]);
  expect((await Array.fromAsync(fixed.entries()))[0]?.tags).toEqual(['all', 'fixed']);
  expect(await memory.deleteTag('x=2')).toMatchObject({ removed: 1 });
  expect(await byCall.checkCallInCache(2)).toBe(false);
  expect(await memory.deleteTag('all')).toMatchObject({ removed: 2 });
  expect(await memory.deleteTag('all')).toMatchObject({ removed: 0 });
});

test('sha-256 keys are longer, and know nothing of xxh128 ones', async () => {
  const { memory } = freshMemory({ hash: 'sha-256' });
  const f = memory.cache((x: number) => x, { id: 'f' });
  await f(1);
  await memory.close();
  const [same, other] = [reopen(memory, { hash: 'sha-256' }), reopen(memory)];
  expect(await same.memory.cache(f.fn, { id: 'f' }).explain(1)).toMatchObject({
    hit: true,
    key: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await other.memory.cache(f.fn, { id: 'f' }).checkCallInCache(1)).toBe(false);
});
