/** What joblib.Memory gets wrong about what it stores: here it holds. */
import { afterAll, describe, expect, test } from 'vitest';
import { UnserializableResultError } from '../errors/errors.ts';
import type { EntryInfo } from '../options/entry-info.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { changeRecords, filesOf, flipBit } from '../testing/stored.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const ramp = (n: number): Float64Array => Float64Array.from({ length: n }, (_, at) => at / 3);

test('X7 the order of last use holds after any sequence of reads', async () => {
  const { memory } = freshMemory({ memoryTierBytes: 0 });
  const f = memory.cache((x: number) => x, { id: 'f' });
  for (const x of [0, 1, 2]) await f(x);
  await memory.flush();
  for (const x of [0, 1, 2, 0, 1, 2, 0]) await f(x);
  const listed = await Array.fromAsync(memory.entries());
  expect(listed.map(({ argumentsPreview }) => argumentsPreview)).toEqual(['(0)', '(2)', '(1)']);
  const tier = reopen(memory);
  const again = tier.memory.cache(f.fn, { id: 'f' });
  for (const x of [2, 1, 0, 2, 0, 2, 0]) await again(x);
  const after = await Array.fromAsync(tier.memory.entries());
  expect(after.map(({ argumentsPreview }) => argumentsPreview)).toEqual(['(0)', '(2)', '(1)']);
});

test('X9 a query deletes nothing, whatever the code or the validator says', async () => {
  const { memory } = freshMemory();
  const one = (x: number): number => x;
  await memory.cache(one, { id: 'f' })(1);
  await memory.flush();
  const edited = memory.cache((x: number) => x * 1, { id: 'f' });
  const verdicts = [false, new Error('broken'), undefined] as const;
  for (const verdict of verdicts) {
    const strict = memory.cache(one, {
      id: 'f',
      cacheValidationCallback: () => {
        if (verdict instanceof Error) throw verdict;
        return verdict as boolean; // callers without types return nothing
      },
    });
    expect(await strict.checkCallInCache(1)).toBe(false);
    expect(await strict.explain(1)).toMatchObject({ hit: false });
  }
  expect(await edited.checkCallInCache(1)).toBe(false);
  expect(await edited.explain(1)).toMatchObject({ hit: false, reason: 'absent' });
  expect(await memory.cache(one, { id: 'f', maxAgeMs: 0 }).checkCallInCache(1)).toBe(false);
  expect(await memory.cache(one, { id: 'f' }).checkCallInCache(1)).toBe(true);
  expect(await Array.fromAsync(memory.entries())).toHaveLength(1);
});

test('X10 a result that cannot be stored leaves nothing, however often', async () => {
  const { memory, events } = freshMemory();
  const f = memory.cache((n: number) => ({ large: ramp(20_000), n, generator: (function* () {})() }), {
    id: 'f',
  });
  for (let n = 0; n < 100; n += 1) expect((await f(n % 5)).n).toBe(n % 5);
  await memory.flush();
  expect(await f.checkCallInCache(1)).toBe(false);
  expect(await Array.fromAsync(memory.entries())).toEqual([]);
  expect(await filesOf(memory.name)).toEqual([]);
  expect(await memory.stats()).toMatchObject({ entries: 0, bytes: 0, misses: { absent: 100 } });
  const skips = events.filter(({ kind }) => kind === 'skip');
  expect(skips).toHaveLength(100);
  expect(skips[0]).toMatchObject({
    reason: 'unserializable',
    error: expect.any(UnserializableResultError),
  });
});

describe('X11', () => {
  test('X11 one flipped bit in a file is detected and the result computed, not returned', async () => {
    const { memory } = freshMemory();
    await memory.cache(ramp, { id: 'ramp' })(100_000);
    await memory.close();
    const [file] = await filesOf(memory.name);
    await flipBit(file!, 400_000);
    const later = reopen(memory);
    const f = later.memory.cache(ramp, { id: 'ramp' });
    expect(await f.explain(100_000)).toMatchObject({ hit: false, reason: 'damaged' });
    expect(later.reasons('damaged')).toEqual([]);
    expect(await f(100_000)).toEqual(ramp(100_000));
    expect(later.reasons('damaged')).toHaveLength(1);
    expect(later.reasons('compute')).toEqual(['damaged']);
    await later.memory.flush();
    expect(await reopen(memory).memory.cache(ramp, { id: 'ramp' }).explain(100_000)).toMatchObject({
      hit: true,
    });
  });

  test('X11 nor is one in a record', async () => {
    const { memory } = freshMemory();
    await memory.cache(ramp, { id: 'ramp' })(1_000);
    await memory.close();
    await changeRecords(memory.name, (record) => {
      const buffers = record.buffers as { place: ArrayBuffer }[]; // a record of the format in use
      new Uint8Array(buffers[0]!.place)[4_000]! ^= 1;
    });
    const later = reopen(memory);
    expect(await later.memory.cache(ramp, { id: 'ramp' })(1_000)).toEqual(ramp(1_000));
    expect(later.reasons('compute')).toEqual(['damaged']);
  });

  test.each([
    ['format', { format: 99 }, 'format'],
    ['skeleton', { skeleton: 'text' }, 'damaged'],
    ['createdAt', { createdAt: 'yesterday' }, 'damaged'],
    ['buffers', { buffers: [{ place: 5 }] }, 'damaged'],
  ] as const)('X11 nor is a record with another %s', async (_, change, reason) => {
    const { memory } = freshMemory();
    await memory.cache(ramp, { id: 'ramp' })(1_000);
    await memory.close();
    await changeRecords(memory.name, (record) => void Object.assign(record, change));
    const later = reopen(memory);
    const f = later.memory.cache(ramp, { id: 'ramp' });
    expect(await f.checkCallInCache(1_000)).toBe(false);
    expect(await f(1_000)).toEqual(ramp(1_000));
    expect(later.reasons('compute')).toEqual([reason]);
    await later.memory.flush();
    expect(await reopen(memory).memory.cache(ramp, { id: 'ramp' }).checkCallInCache(1_000)).toBe(true);
  });
});

test('X12 an entry is never visible without its metadata', async () => {
  const writer = freshMemory();
  const reader = reopen(writer.memory, { memoryTierBytes: 0 });
  const seen: EntryInfo[] = [];
  const write = writer.memory.cache(ramp, { id: 'ramp' });
  const read = reader.memory.cache(ramp, {
    id: 'ramp',
    cacheValidationCallback: (info) => {
      seen.push(info);
      return true;
    },
  });
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const written = write(n);
      while (!(await read.checkCallInCache(n))) await Promise.race([written, Promise.resolve()]);
      expect(await read(n)).toEqual(ramp(n));
    }),
  );
  expect(seen.length).toBeGreaterThanOrEqual(80);
  for (const info of seen) {
    expect(info).toMatchObject({ functionId: 'ramp', argumentsPreview: expect.stringMatching(/^\(\d+\)$/) });
    expect(info.sizeBytes).toBeGreaterThan(0);
    expect(Object.values(info)).not.toContain(undefined);
  }
});

test('X13 a validator that throws does not take the call down, and a query leaves the entry', async () => {
  const { memory, events } = freshMemory();
  const broken = new Error('broken');
  const plain = memory.cache(ramp, { id: 'ramp' });
  await plain(3);
  await memory.flush();
  for (const callback of [
    () => {
      throw broken;
    },
    () => Promise.reject(broken),
  ]) {
    const f = memory.cache(ramp, { id: 'ramp', cacheValidationCallback: callback });
    expect(await f.checkCallInCache(3)).toBe(false);
    expect(await plain.checkCallInCache(3)).toBe(true);
    expect(await f(3)).toEqual(ramp(3));
    await memory.flush();
    expect(events.findLast(({ kind }) => kind === 'miss')).toMatchObject({
      reason: 'validator-threw',
      error: broken,
    });
  }
});

test('X15 a printed reference can be turned back into a working one', async () => {
  const { memory } = freshMemory();
  const shelved = await memory.cache(ramp, { id: 'ramp' }).callAndShelve(20_000);
  const printed = JSON.stringify(shelved);
  await memory.close();
  const later = reopen(memory);
  const revived = later.memory.shelved<Float64Array>(JSON.parse(printed));
  expect(await revived.get()).toEqual(ramp(20_000));
  expect(await later.memory.shelved(structuredClone(revived.toJSON())).get()).toEqual(ramp(20_000));
  expect(revived.info).toMatchObject({ functionId: 'ramp', argumentsPreview: '(20000)' });
  expect(() => freshMemory().memory.shelved(JSON.parse(printed))).toThrow(/is in memory/);
});

test('X18 a million numbers as an argument add a bounded preview', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((...lists: unknown[]) => lists.length, { id: 'f' });
  const million = Array.from({ length: 1_000_000 }, (_, at) => at);
  await f(million, { text: 'x'.repeat(100_000), names: new Map(million.slice(0, 5_000).map((n) => [n, n])) });
  await f(...million.slice(0, 10_000).map((n) => ({ [`member ${n}`]: [n] })));
  const infos = await Array.fromAsync(memory.entries());
  expect(infos).toHaveLength(2);
  for (const { argumentsPreview, sizeBytes } of infos) {
    expect(new TextEncoder().encode(argumentsPreview).length).toBeLessThanOrEqual(1024);
    expect(sizeBytes).toBeLessThan(1024);
  }
  expect(infos[1]?.argumentsPreview).toMatch(/^\(\(1000000\) \[0, 1, 2,/);
});

test('X19 a wrapper without a store has every member of the stored one, for any function', async () => {
  const stored = freshMemory().memory;
  const nothing = freshMemory({ storage: null }).memory;
  const functions = [(x: number) => x, async (x: number) => x];
  for (const fn of functions) {
    const [a, b] = [stored.cache(fn, { id: 'f' }), nothing.cache(fn, { id: 'f' })];
    const members = (f: object) => Object.getOwnPropertyNames(f).sort();
    expect(members(b)).toEqual(members(a));
    for (const f of [a, b]) {
      expect(await f(1)).toBe(1);
      expect(await f.with({ forceFresh: true })(1)).toBe(1);
      expect(await f.compute(1)).toMatchObject({
        value: 1,
        info: { functionId: 'f', argumentsPreview: '(1)' },
      });
      expect(await (await f.callAndShelve(1)).get()).toBe(1);
      expect(await f.explain(1)).toMatchObject({ identity: 'source' });
      expect(await f.delete(1)).toMatchObject({ removed: f === a ? 1 : 0 });
      expect(await f.checkCallInCache(1)).toBe(false);
      expect(await f.clear()).toMatchObject({ removed: 0 });
      expect(await Array.fromAsync(f.entries())).toEqual([]);
    }
  }
  await nothing.flush();
  expect(await nothing.clear()).toEqual({ removed: 0, freedBytes: 0 });
  expect(await nothing.run((x: number) => x, 2)).toBe(2);
  expect(await Array.fromAsync(nothing.entries())).toEqual([]);
  expect(await nothing.functions()).toEqual([]);
});

test('X19 signals work without a store too', async () => {
  const { memory } = freshMemory({ storage: null });
  let inside: AbortSignal | undefined;
  const f = memory.cache(
    ({ signal }: { signal: AbortSignal }) => {
      inside = signal;
      return new Promise<number>(() => undefined);
    },
    { id: 'f' },
  );
  const controller = new AbortController();
  const call = f({ signal: controller.signal });
  controller.abort(new Error('left'));
  await expect(call).rejects.toThrow('left');
  expect(inside?.aborted).toBe(true);
  await expect(f({ signal: controller.signal })).rejects.toThrow('left');
});
