/** The caller's values are the caller's: changing them, whenever, has no effect on any later call. */
import { afterAll, describe, expect, test } from 'vitest';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

interface Model {
  weights: Float64Array;
  layers: { name: string }[];
  byName: Map<string, number[]>;
}

const model = (n: number): Model => ({
  weights: new Float64Array(n).fill(1),
  layers: [{ name: 'dense' }],
  byName: new Map([['dense', [1, 2]]]),
});

function spoil(value: Model): void {
  value.weights.fill(7);
  value.layers[0]!.name = 'spoilt';
  value.layers.length = 0;
  value.byName.get('dense')!.push(3);
  value.byName.clear();
  Reflect.set(value, 'extra', true);
}

/** Each lies in another place: the page's memory, the record, a file, a file that is written in pieces. */
const sizes = [10, 6_000, 100_000, 1_500_000];

describe('X20 a returned value that its caller changes', () => {
  test.each(sizes)('%d numbers: neither the next call nor the stored result changes', async (n) => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(model, { id: 'model' });
    spoil(await f(n));
    expect(await f(n)).toEqual(model(n));
    await memory.flush();
    spoil(await f(n));
    expect(await f(n)).toEqual(model(n));
    await memory.close();
    const later = reopen(memory);
    const again = later.memory.cache(model, { id: 'model' });
    spoil(await again(n));
    spoil(await again(n));
    expect(await again(n)).toEqual(model(n));
    const shelved = await again.callAndShelve(n);
    spoil(await shelved.get());
    expect(await shelved.get()).toEqual(model(n));
    expect([...reasons('compute'), ...later.reasons('compute')]).toHaveLength(1);
  });

  test.each(sizes)('%d numbers: what joined callers get is their own', async (n) => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(
      async (size: number) => {
        await null;
        return model(size);
      },
      { id: 'model' },
    );
    const calls = [f(n), f(n), f(n)].map((call) =>
      call.then((value) => {
        expect(value).toEqual(model(n));
        spoil(value);
      }),
    );
    await Promise.all(calls);
    expect(await f(n)).toEqual(model(n));
    expect(reasons('compute')).toHaveLength(1);
  });

  test('nor what callers get who looked at the same time', async () => {
    const { memory } = freshMemory();
    await memory.cache(model, { id: 'model' })(100_000);
    await memory.close();
    const later = reopen(memory);
    const f = later.memory.cache(model, { id: 'model' });
    await Promise.all(
      [f(100_000), f(100_000)].map(async (call) => {
        const value = await call;
        expect(value).toEqual(model(100_000));
        spoil(value);
      }),
    );
    expect(later.reasons('hit')).toEqual(['storage', 'storage']);
  });

  test('a function that goes on changing what it returned', async () => {
    const { memory } = freshMemory();
    const scratch = new Float64Array(1_000);
    const f = memory.cache((x: number) => scratch.fill(x), { id: 'scratch', captures: () => ({}) });
    await f(1);
    await f(2);
    await memory.flush();
    expect(await f(1)).toEqual(new Float64Array(1_000).fill(1));
    expect(await f(2)).toEqual(new Float64Array(1_000).fill(2));
  });
});

describe('an argument that changes', () => {
  const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);

  test('right after the call, before it is awaited: no later call gets another list’s sum', async () => {
    for (const isWarm of [false, true]) {
      const { memory } = freshMemory();
      const f = memory.cache(sum, { id: 'sum' });
      if (isWarm) await f([0]);
      const list = [1, 2];
      const call = f(list);
      list[0] = 100;
      const value = await call;
      expect([3, 102]).toContain(value);
      await memory.flush();
      for (const m of [memory, reopen(memory).memory]) {
        const again = m.cache(sum, { id: 'sum' });
        expect(await again([1, 2])).toBe(3);
        expect(await again([100, 2])).toBe(102);
      }
    }
  });

  test('after a hit was asked for: the call is answered for what was passed', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(sum, { id: 'sum' });
    await f([1, 2]);
    const list = [1, 2];
    const call = f(list);
    list[0] = 100;
    expect(await call).toBe(3);
  });

  test('between key and compute: the value goes to its own caller only', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(sum, { id: 'sum' });
    await f([]);
    const list = [1, 2];
    const mine = f(list);
    const other = f([1, 2]); // joins: it has the same key
    list[0] = 100;
    expect(await Promise.all([mine, other])).toEqual([102, 3]);
    await memory.flush();
    expect(reasons('skip')).toEqual(['arguments-changed']);
    expect(await f.checkCallInCache([1, 2])).toBe(false);
    expect(await f([1, 2])).toBe(3);
    expect(await f([100, 2])).toBe(102);
  });

  test('between key and compute, and back again afterwards', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(
      (list: number[]) => {
        const total = sum(list);
        list[0] = 1;
        return total;
      },
      { id: 'restores', captures: () => ({}) },
    );
    await f([1]);
    const list = [1, 2];
    const call = f(list);
    list[0] = 100;
    expect(await call).toBe(102);
    await memory.flush();
    expect(reasons('skip')).toEqual(['arguments-changed']);
    expect(await f([1, 2])).toBe(3);
  });

  test('and whose caller leaves: nobody else gets the value', async () => {
    const { memory } = freshMemory();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const f = memory.cache(
      async (list: number[]) => {
        entered.resolve();
        await gate.promise;
        return sum(list);
      },
      { id: 'sum', captures: () => ({}) },
    );
    const controller = new AbortController();
    const list = [1, 2];
    const mine = f.with({ signal: controller.signal })(list);
    const other = f([1, 2]);
    await entered.promise;
    list[0] = 100;
    controller.abort(new Error('left'));
    gate.resolve();
    await expect(mine).rejects.toThrow('left');
    expect(await other).toBe(3);
  });

  test('because the function changes it', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache((list: number[]) => list.sort()[0], { id: 'sort' });
    expect(await f([3, 1, 2])).toBe(1);
    await memory.flush();
    expect(reasons('skip')).toEqual(['arguments-changed']);
    expect(await f.checkCallInCache([3, 1, 2])).toBe(false);
    expect(await f.checkCallInCache([1, 2, 3])).toBe(false);
    expect(await f([3, 1, 2])).toBe(1);
    expect(await f([1, 2, 3])).toBe(1);
    await memory.flush();
    expect(await f.checkCallInCache([1, 2, 3])).toBe(true);
  });

  test('memory that is transferred away is no change: kept under the key of the call', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(
      (bytes: Uint8Array<ArrayBuffer>) => structuredClone(bytes, { transfer: [bytes.buffer] }),
      {
        id: 'transfer',
      },
    );
    expect(await f(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
    await memory.flush();
    expect(reasons('skip')).toEqual([]);
    expect(await f.checkCallInCache(new Uint8Array([1, 2]))).toBe(true);
  });

  test('after it was returned: results that are their own arguments', async () => {
    const { memory } = freshMemory();
    const f = memory.cache((list: number[]) => list, { id: 'same' });
    const list = [1, 2];
    const value = await f(list);
    value.push(3);
    list.push(4);
    await memory.flush();
    expect(await f([1, 2])).toEqual([1, 2]);
  });
});

describe('names that would reach prototypes', () => {
  const hostile = (): Record<string, unknown> =>
    JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":3,"hasOwnProperty":4}',
    );

  test('are stored and hashed as any other', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(
      (value: unknown) => ({ value, list: [hostile()], map: new Map([['__proto__', 5]]) }),
      {
        id: 'hostile',
      },
    );
    await f(hostile());
    await f(JSON.parse('{"__proto__":{"polluted":9},"constructor":1}'));
    await f({});
    expect(reasons('compute')).toHaveLength(3);
    await memory.close();
    const later = reopen(memory);
    const { value, list, map } = await later.memory.cache(f.fn, { id: 'hostile' })(hostile());
    expect(later.reasons('hit')).toEqual(['storage']);
    for (const each of [value, ...list] as Record<string, unknown>[]) {
      expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
      expect(Object.keys(each).sort()).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'toString']);
      expect(Object.getOwnPropertyDescriptor(each, '__proto__')?.value).toEqual({ polluted: 1 });
    }
    expect(map.get('__proto__')).toBe(5);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get(Object.prototype, 'polluted')).toBeUndefined();
    expect(Reflect.get(Function.prototype, 'polluted')).toBeUndefined();
  });

  test('in tags, statistics, function ids and digests of explain() as well', async () => {
    const { memory } = freshMemory();
    const f = memory.cache((_options: object) => 1, {
      id: '__proto__',
      tags: ['__proto__', 'constructor'],
      captures: () => JSON.parse('{"__proto__":1}'),
    });
    await f(hostile());
    await memory.flush();
    expect(await f(hostile())).toBe(1);
    expect((await f.explain({ ...hostile(), toString: 9 })).differences).toMatchObject([
      { path: 'arguments[0].toString' },
    ]);
    expect(await memory.functions()).toMatchObject([{ functionId: '__proto__', entries: 1, hits: 1 }]);
    expect(await memory.deleteTag('__proto__')).toMatchObject({ removed: 1 });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
