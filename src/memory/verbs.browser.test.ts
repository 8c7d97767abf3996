import { afterAll, describe, expect, test } from 'vitest';
import { AmbiguousFunctionError, ResultEvictedError, UnserializableResultError } from '../errors/errors.ts';
import { expiresAfter } from '../options/expires-after.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const noise = (n: number): Float64Array => Float64Array.from({ length: n }, (_, at) => Math.sin(at));

describe('compute()', () => {
  test('computes whatever is stored, and stores over it', async () => {
    const { memory, reasons } = freshMemory();
    let runs = 0;
    const f = memory.cache(() => ++runs, { id: 'count', captures: () => ({}) });
    expect(await f()).toBe(1);
    const { value, info } = await f.compute();
    expect(value).toBe(2);
    expect(info).toMatchObject({ functionId: 'count', argumentsPreview: '()' });
    expect(await f()).toBe(2);
    await memory.flush();
    expect(reasons('store')).toEqual(['computed', 'replaced']);
  });
});

describe('callAndShelve()', () => {
  test('gives a reference that reads nothing until asked, and survives as JSON', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(noise, { id: 'noise' });
    const shelved = await f.callAndShelve(50_000);
    const json = JSON.parse(JSON.stringify(shelved));
    await memory.close();

    const later = reopen(memory);
    const revived = later.memory.shelved<Float64Array>(json);
    expect(await revived.get()).toEqual(noise(50_000));
    expect((await revived.blob()).size).toBeGreaterThan(400_000);
    expect(await revived.clear()).toMatchObject({ removed: 1 });
    expect(await revived.clear()).toMatchObject({ removed: 0 });
    await expect(revived.get()).rejects.toBeInstanceOf(ResultEvictedError);
    expect(() => later.memory.shelved({})).toThrow(TypeError);
  });

  test('hashes as the digest of its content', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(noise, { id: 'noise' });
    const g = memory.cache((n: number) => noise(n), { id: 'noise again' });
    const sum = memory.cache(async (ref: { get(): Promise<Float64Array> }) => (await ref.get()).length, {
      id: 'sum',
    });
    expect(await sum(await f.callAndShelve(3_000))).toBe(3_000);
    expect(await sum(await g.callAndShelve(3_000))).toBe(3_000);
    expect(await sum(await f.callAndShelve(3_001))).toBe(3_001);
    expect(reasons('compute')).toHaveLength(5);
  });
});

describe('explain()', () => {
  test('tells the nearest entry and what differs', async () => {
    const { memory } = freshMemory();
    const f = memory.cache((_x: number[], _o: { metric: string; k: number }) => 1, { id: 'f' });
    await f([1, 2], { metric: 'l2', k: 3 });
    await memory.flush();
    expect(await f.explain([1, 2], { metric: 'l2', k: 3 })).toMatchObject({ hit: true, identity: 'source' });
    const miss = await f.explain([1, 2], { metric: 'l1', k: 3 });
    expect(miss).toMatchObject({ hit: false, reason: 'absent' });
    expect(miss.differences).toEqual([
      { kind: 'argument', path: 'arguments[1].metric', text: 'arguments[1].metric differs' },
    ]);
    const changed = memory.cache((_x: number[], _o: { metric: string; k: number }) => 2, { id: 'f' });
    expect((await changed.explain([1, 2], { metric: 'l2', k: 3 })).differences).toMatchObject([
      { kind: 'code' },
    ]);
  });
});

describe('validation and age', () => {
  test('expiresAfter() and maxAgeMs turn old entries into misses', async () => {
    const { memory, reasons } = freshMemory();
    let runs = 0;
    const young = memory.cache(() => ++runs, { id: 'young', captures: () => ({}), maxAgeMs: 0 });
    const old = memory.cache(() => ++runs, {
      id: 'old',
      captures: () => ({}),
      cacheValidationCallback: expiresAfter({ minutes: 5 }),
    });
    await young();
    await young();
    await old();
    await old();
    expect(runs).toBe(3);
    expect(reasons('miss')).toContain('expired');
    expect(() => expiresAfter({ fortnights: 1 } as never)).toThrow(RangeError);
  });

  test('a validator that throws or refuses is a miss and leaves the entry', async () => {
    const { memory, reasons } = freshMemory();
    const verdicts = [() => true, () => false, () => Promise.reject(new Error('broken'))];
    let runs = 0;
    const f = memory.cache(() => ++runs, {
      id: 'f',
      captures: () => ({}),
      cacheValidationCallback: () => verdicts[runs % 3]!(),
    });
    await f();
    expect(await f.checkCallInCache()).toBe(false);
    expect(await Array.fromAsync(memory.entries())).toHaveLength(1);
    await f();
    await f();
    expect(reasons('miss')).toEqual(['absent', 'invalid', 'validator-threw']);
  });

  test('staleWhileRevalidateMs gives the old value and renews it in the background', async () => {
    const { memory, events } = freshMemory();
    let runs = 0;
    const f = memory.cache(() => ++runs, {
      id: 'f',
      captures: () => ({}),
      maxAgeMs: 0,
      staleWhileRevalidateMs: 60_000,
    });
    await f();
    await memory.flush();
    expect(await f()).toBe(1);
    expect(events.findLast(({ kind }) => kind === 'hit')).toMatchObject({ isStale: true });
    await memory.flush();
    expect(await f()).toBe(2);
  });
});

describe('what is not kept', () => {
  test('closures that cannot be told apart compute, and say so', async () => {
    const { memory, events } = freshMemory();
    const make = (k: number) => memory.cache((x: number) => x * k, { id: 'scaled' });
    const [one, two] = [make(1), make(2)];
    expect([await one(10), await two(10), await one(10), await two(10)]).toEqual([10, 20, 10, 20]);
    const skips = events.filter((event) => event.kind === 'skip');
    expect(skips.at(-1)).toMatchObject({ reason: 'ambiguous', error: expect.any(AmbiguousFunctionError) });
    const told = (k: number) => memory.cache((x: number) => x * k, { id: 'told', captures: () => ({ k }) });
    expect([await told(1)(10), await told(2)(10), await told(2)(10)]).toEqual([10, 20, 20]);
  });

  test('a result that cannot be stored reaches the caller and leaves nothing', async () => {
    const { memory, events } = freshMemory();
    const f = memory.cache(() => ({ layers: [{ onEnd: () => 1 }] }), { id: 'f' });
    expect((await f()).layers[0]!.onEnd()).toBe(1);
    await memory.flush();
    const skip = events.find((event) => event.kind === 'skip');
    expect(skip).toMatchObject({ reason: 'unserializable', error: { path: 'result.layers[0].onEnd' } });
    expect(skip).toMatchObject({ error: expect.any(UnserializableResultError) });
    expect(await f.checkCallInCache()).toBe(false);
    expect(await Array.fromAsync(memory.entries())).toEqual([]);
  });

  test('an argument that the function changes is not stored under either key', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache((list: number[]) => list.push(1), { id: 'push' });
    await f([]);
    await memory.flush();
    expect(reasons('skip')).toEqual(['arguments-changed']);
    expect(await f.checkCallInCache([])).toBe(false);
    expect(await f.checkCallInCache([1])).toBe(false);
  });
});

describe('tags, totals, no storage', () => {
  test('deleteTag(), stats() and functions()', async () => {
    const { memory } = freshMemory();
    const f = memory.cache((x: number) => x, { id: 'f', tags: (x) => [x > 1 ? 'big' : 'small'] });
    await f(1);
    await f(2);
    await f(3);
    await memory.flush();
    await f(1);
    expect(await memory.deleteTag('big')).toMatchObject({ removed: 2 });
    expect(await memory.stats()).toMatchObject({ entries: 1, hits: 1, misses: { absent: 3 } });
    expect(await memory.functions()).toMatchObject([{ functionId: 'f', entries: 1, versions: 1 }]);
  });

  test('run() caches with the defaults and calls', async () => {
    const { memory, reasons } = freshMemory();
    expect(await memory.run(noise, 3)).toEqual(noise(3));
    expect(await memory.run(noise, 3)).toEqual(noise(3));
    expect(reasons('compute')).toHaveLength(1);
  });

  test('storage null computes every time and has every member', async () => {
    const { memory } = freshMemory({ storage: null });
    let runs = 0;
    const f = memory.cache(() => ++runs, { id: 'f' });
    expect([await f(), await f()]).toEqual([1, 2]);
    expect((await f.compute()).value).toBe(3);
    expect(await (await f.callAndShelve()).get()).toBe(4);
    expect(await f.checkCallInCache()).toBe(false);
    expect(await f.explain()).toMatchObject({ hit: false, reason: 'no-storage' });
    expect(await f.clear()).toEqual({ removed: 0, freedBytes: 0 });
    expect(await f.delete()).toEqual({ removed: 0, freedBytes: 0 });
    expect(await Array.fromAsync(f.entries())).toEqual([]);
    expect(await memory.stats()).toMatchObject({ entries: 0 });
    expect(await memory.storageStatus()).toMatchObject({ tier: 'none' });
  });
});

describe('facts of the build plugin', () => {
  const facts = (fingerprint: string) => ({ id: 'src/f.ts#f', fingerprint, params: ['x', 'o'] });

  test('identify the code: another fingerprint misses, the first one hits again', async () => {
    const { memory, reasons } = freshMemory();
    const call = (fingerprint: string) => memory.cache((x: number) => x, {}, facts(fingerprint))(1);
    await call('one');
    await call('two');
    await call('one');
    expect(reasons('compute')).toHaveLength(2);
  });

  test('explain() names the declarations that changed where the manifests are at hand', async () => {
    const manifest = (fingerprint: string, gain: string) => ({
      format: 2,
      algorithm: 'fp',
      salt: '',
      declarations: [
        ['src/f.ts#f', 'a', 1],
        ['src/gain.ts#gain', gain],
      ],
      functions: { f: { fingerprint, params: [], flags: [], diagnostics: [], roots: [0] } },
    });
    const { memory } = freshMemory({ manifests: () => [manifest('one', 'b'), manifest('two', 'c')] });
    await memory.cache((x: number) => x, {}, facts('one'))(1);
    await memory.flush();
    const { differences } = await memory.cache((x: number) => x, {}, facts('two')).explain(1);
    expect(differences).toEqual([
      { kind: 'code', path: 'plugin', text: 'src/gain.ts#gain changed' },
      { kind: 'code', path: 'plugin', text: 'the function changed: the code that it reaches' },
    ]);
  });

  test('a function that the plugin cannot follow is kept on disk only with a version', async () => {
    const { memory, reasons } = freshMemory();
    const partial = { ...facts('p'), flags: ['partial'] as const };
    await memory.cache((x: number) => x, {}, partial)(1);
    await memory.flush();
    expect(reasons('skip')).toEqual(['no-identity']);
    await memory.cache((x: number) => x, { version: 1 }, partial)(1);
    await memory.flush();
    expect(reasons('store')).toEqual(['computed']);
  });

  test('in development, a result of code that changed meanwhile is not kept', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache((x: number) => x, {}, { ...facts('dev'), isCurrent: async () => false });
    expect(await f(1)).toBe(1);
    await memory.flush();
    expect(reasons('skip')).toEqual(['code-changed']);
  });

  test('ignore by name works on minified parameters, and captured values enter the key', async () => {
    const { memory, reasons } = freshMemory();
    let gain = 1;
    const f = memory.cache(
      (a: number, _b: string) => a * gain,
      { ignore: ['o'] },
      { ...facts('m'), captures: () => ({ gain }) },
    );
    expect(await f(2, 'x')).toBe(2);
    expect(await f(2, 'y')).toBe(2);
    gain = 5;
    expect(await f(2, 'x')).toBe(10);
    expect(reasons('compute')).toHaveLength(2);
  });
});
