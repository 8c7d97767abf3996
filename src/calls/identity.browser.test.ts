import { afterAll, describe, expect, test, vi } from 'vitest';
import { UnhashableArgumentError } from '../errors/errors.ts';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const double = (x: number): number => x * 2;

describe('version', () => {
  test('is part of the key, beside the source', async () => {
    const { memory, reasons } = freshMemory();
    const add = (x: number): number => x + 1;
    expect(await memory.cache(add, { id: 'f', version: 1 })(1)).toBe(2);
    expect(await memory.cache(add, { id: 'f', version: 2 })(1)).toBe(2);
    expect(await memory.cache(add, { id: 'f', version: '1' })(1)).toBe(2);
    expect(await memory.cache(add, { id: 'f', version: 1 })(1)).toBe(2);
    expect(await memory.cache(double, { id: 'f', version: 1 })(1)).toBe(2);
    expect(reasons('compute')).toHaveLength(4);
    expect(memory.cache(add, { id: 'f', version: 1 }).version).toBe(1);
  });

  test('alone is the code identity with trustVersion', async () => {
    const { memory, reasons } = freshMemory();
    const trusted = { id: 'f', version: 1, trustVersion: true, captures: () => ({}) };
    expect(await memory.cache((x: number) => x + 1, trusted)(1)).toBe(2);
    await memory.close();
    const edited = reopen(memory).memory.cache((x: number) => x + 5, trusted);
    expect(await edited(1)).toBe(2);
    expect(reasons('compute')).toHaveLength(1);
    expect(await edited.explain(1)).toMatchObject({ hit: true, identity: 'version' });
  });

  test('makes native and bound functions cacheable', async () => {
    const { memory, reasons } = freshMemory();
    expect(() => memory.cache(Math.max)).toThrow(TypeError);
    expect(() => memory.cache(double.bind(null), { id: 'bound' })).toThrow(/"id" and "version"/);
    const max = memory.cache(Math.max, { id: 'max', version: 1 });
    expect([await max(1, 3), await max(1, 3)]).toEqual([3, 3]);
    expect(reasons('compute')).toHaveLength(1);
  });
});

describe('depends', () => {
  const total = (x: number): number => x;
  const keyWith = async (memory: Memory, depends: unknown[], codecs = {}): Promise<string> =>
    (await memory.cache(total, { id: 'total', depends, captures: () => ({}), ...codecs }).explain(1)).key;

  test('counts helpers by their source and values by their content', async () => {
    const { memory } = freshMemory();
    const groups = [
      [[double], [(x: number): number => x * 2]],
      [[(x: number): number => x * 3]],
      [[new Float32Array([1, 2])], [new Float32Array([0, 1, 2]).subarray(1)]],
      [[new Float32Array([1, 3])]],
      [[{ table: { a: 1, b: [2] } }], [{ table: { b: [2], a: 1 } }]],
      [[Math.max]],
      [[Math.min]],
      [[class A {}]],
      [[class A extends Array {}]],
    ];
    const keys: string[] = [];
    for (const [first, ...same] of groups) {
      const key = await keyWith(memory, first ?? []);
      for (const depends of same) expect(await keyWith(memory, depends)).toBe(key);
      keys.push(key);
    }
    expect(new Set([...keys, await keyWith(memory, [])]).size).toBe(groups.length + 1);
  });

  test('counts cached helpers by what identifies them, not by their wrapper', async () => {
    const { memory } = freshMemory();
    const helper = (k: number, version?: number) =>
      memory.cache((x: number) => x * k, { id: 'h', captures: () => ({ k }), ...(version && { version }) });
    const keys = [
      await keyWith(memory, [helper(1)]),
      await keyWith(memory, [helper(2)]),
      await keyWith(memory, [helper(1, 7)]),
      await keyWith(memory, [memory.cache(double, { id: 'h2' })]),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(await keyWith(memory, [helper(2)])).toBe(keys[1]);
  });

  test('that cannot be told keep nothing, throw nothing, and say their path', async () => {
    const { memory, reasons, events } = freshMemory();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const unhandled = vi.fn();
    addEventListener('unhandledrejection', unhandled);
    let runs = 0;
    const f = memory.cache(() => ++runs, { id: 'f', depends: [1, { hooks: [Promise.resolve()] }] });
    await new Promise((resolve) => setTimeout(resolve));
    expect([await f(), await f()]).toEqual([1, 2]);
    expect(await memory.cache(double, { id: 'd', depends: [double.bind(null)] })(1)).toBe(2);
    expect(runs).toBe(2);
    expect(reasons('skip')).toEqual(['untold', 'untold', 'untold']);
    const paths = events.flatMap((event) =>
      event.kind === 'skip' && event.error instanceof UnhashableArgumentError ? [event.error.path] : [],
    );
    expect(paths).toEqual(['depends[1].hooks[0]', 'depends[1].hooks[0]', 'depends[0]']);
    expect(warn).toHaveBeenCalledTimes(2);
    warn.mockRestore();
    expect(unhandled).not.toHaveBeenCalled();
    removeEventListener('unhandledrejection', unhandled);
  });
});

describe('cached functions as arguments', () => {
  const apply = async (f: (x: number) => Promise<number>, x: number): Promise<number> => f(x);

  test('hash as their code identity, the same after a reload', async () => {
    const { memory, reasons } = freshMemory();
    const g = memory.cache(apply, { id: 'apply' });
    const add = (x: number): number => x + 1;
    expect(await g(memory.cache(double, { id: 'double' }), 3)).toBe(6);
    expect(await g(memory.cache(add, { id: 'add' }), 3)).toBe(4);
    expect(reasons('compute')).toHaveLength(4);
    await memory.close();
    const later = reopen(memory);
    const again = later.memory.cache(apply, { id: 'apply' });
    expect(await again(later.memory.cache(double, { id: 'double' }), 3)).toBe(6);
    expect(later.reasons('compute')).toEqual([]);
  });

  test('count by what they capture too', async () => {
    const { memory } = freshMemory();
    const g = memory.cache(apply, { id: 'apply' });
    const scale = (k: number) => memory.cache((x: number) => x * k, { id: 'scale', captures: () => ({ k }) });
    expect([await g(scale(2), 3), await g(scale(5), 3), await g(scale(2), 3)]).toEqual([6, 15, 6]);
  });

  test('are refused where nothing tells them apart for good', async () => {
    const { memory } = freshMemory();
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const g = memory.cache(apply, { id: 'apply' });
    const scale = (k: number) => memory.cache((x: number) => x * k, { id: 'scale' });
    const [two] = [scale(2), scale(5)];
    for (const f of [two, memory.cache(double)]) {
      const call = g(f, 3);
      await expect(call).rejects.toBeInstanceOf(UnhashableArgumentError);
      await expect(call).rejects.toMatchObject({ path: 'arguments[0]' });
    }
    error.mockRestore();
  });
});

describe('functions without an id', () => {
  test('are kept in this page only, with one notice', async () => {
    const { memory, reasons } = freshMemory();
    const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const f = memory.cache((x: number) => new Uint8Array(x));
    expect([await f(3), await f(3), await f(4)]).toEqual([
      new Uint8Array(3),
      new Uint8Array(3),
      new Uint8Array(4),
    ]);
    expect(reasons('compute')).toHaveLength(2);
    expect(reasons('hit')).toEqual(['memory']);
    expect(reasons('skip')).toEqual(['no-identity', 'no-identity']);
    await memory.flush();
    expect(await Array.fromAsync(memory.entries())).toEqual([]);
    expect(info).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('it has no "id"'));
    info.mockRestore();
  });

  test('ask their validator too', async () => {
    const { memory, reasons } = freshMemory();
    const seen: unknown[] = [];
    const f = memory.cache((x: number) => x, {
      cacheValidationCallback: (info) => {
        seen.push(info);
        return true;
      },
    });
    expect([await f(3), await f(3)]).toEqual([3, 3]);
    expect(reasons('compute')).toHaveLength(1);
    expect(await f.checkCallInCache(3)).toBe(true);
    expect(await f.explain(3)).toMatchObject({ hit: true, reason: 'memory' });
    expect(seen.slice(0, 1)).toEqual([
      expect.objectContaining({
        key: expect.any(String),
        ageMs: expect.any(Number),
        argumentsPreview: '(3)',
      }),
    ]);
  });
});

test('async functions, and their rejections', async () => {
  const { memory, reasons } = freshMemory();
  const f = memory.cache(
    async (x: number) => {
      await null;
      if (x < 0) throw new RangeError('negative');
      return Math.sqrt(x);
    },
    { id: 'root' },
  );
  expect([await f(4), await f(4)]).toEqual([2, 2]);
  await expect(f(-1)).rejects.toThrow(RangeError);
  await expect(f(-1)).rejects.toThrow('negative');
  await memory.flush();
  expect(reasons('store')).toHaveLength(1);
});

test('a wrapped function keeps its name, length and members; wrapping it again unwraps it', async () => {
  const { memory } = freshMemory();
  const f = memory.cache(double, { id: 'double', version: 3 });
  expect([f.name, f.length, f.id, f.version, f.fn, f.memory]).toEqual([
    'double',
    1,
    'double',
    3,
    double,
    memory,
  ]);
  const again = memory.cache(f, { id: 'again' });
  expect(again.fn).toBe(double);
  expect(await memory.cache({ id: 'later' })(double)(4)).toBe(8);
});
