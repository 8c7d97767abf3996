/** What joblib.Memory gets wrong about which function and which arguments a call has: here it holds. */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { AmbiguousFunctionError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import { announced, listen, releaseHere } from '../testing/announced.ts';
import type { Request } from '../testing/announced-worker.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

describe('X1', () => {
  const make = (k: number) => (x: number) => x * k;

  test('X1 two closures of one factory never share an entry', async () => {
    const { memory, events } = freshMemory();
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const first = memory.cache(make(1), { id: 'scale' });
    expect(await first(10)).toBe(10);
    await memory.flush();
    const second = memory.cache(make(2), { id: 'scale' });
    expect([await second(10), await first(10), await second(10)]).toEqual([20, 10, 20]);
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('captures: () => ({ name })'));
    const skips = events.filter(({ kind }) => kind === 'skip');
    expect(skips).toHaveLength(3);
    expect(skips[0]).toMatchObject({ reason: 'ambiguous', error: expect.any(AmbiguousFunctionError) });
    error.mockRestore();
  });

  test('X1 nor does a closure join the computation of another', async () => {
    const { memory } = freshMemory();
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const slow = (k: number) =>
      memory.cache(
        async (x: number) => {
          entered.resolve();
          await gate.promise;
          return x * k;
        },
        { id: 'slow' },
      );
    const first = slow(1)(10);
    await entered.promise;
    const second = slow(2)(10);
    gate.resolve();
    expect(await Promise.all([first, second])).toEqual([10, 20]);
    await memory.flush();
    expect(await Array.fromAsync(memory.entries())).toEqual([]);
    error.mockRestore();
  });

  test('X1 with captures each has its own, and the same again after a reload', async () => {
    const { memory } = freshMemory();
    const told = (m: Memory, k: number) => m.cache(make(k), { id: 'scale', captures: () => ({ k }) });
    const [one, two] = [told(memory, 1), told(memory, 2)];
    expect([await one(10), await two(10), await one(10), await two(10)]).toEqual([10, 20, 10, 20]);
    await memory.close();
    const later = reopen(memory);
    expect([await told(later.memory, 2)(10), await told(later.memory, 1)(10)]).toEqual([20, 10]);
    expect(later.reasons('hit')).toEqual(['storage', 'storage']);
  });
});

test('X2 an old and a new version keep their own entries, and neither deletes the other’s', async () => {
  const old = freshMemory();
  const next = reopen(old.memory); // as the tab with the new page does
  const [source1, source2] = [(x: number) => x + 1, (x: number) => x + 2];
  const v1 = old.memory.cache(source1, { id: 'f' });
  const v2 = next.memory.cache(source2, { id: 'f' });
  expect([await v1(0), await v2(0), await v1(1), await v2(1), await v2(0), await v1(0)]).toEqual([
    1, 2, 2, 3, 2, 1,
  ]);
  await Promise.all([old.memory.flush(), next.memory.flush()]);
  const later = reopen(old.memory);
  expect(await later.memory.cache(source2, { id: 'f' })(1)).toBe(3);
  expect(await later.memory.cache(source1, { id: 'f' })(1)).toBe(2);
  expect(later.reasons('hit')).toEqual(['storage', 'storage']);
});

test('X3 two functions of one name used alternately return their own values', async () => {
  const { memory, reasons } = freshMemory();
  const one = memory.cache(
    function work(x: number) {
      return x + 100;
    },
    { id: 'work' },
  );
  const two = memory.cache(
    function work(x: number) {
      return x + 200;
    },
    { id: 'work' },
  );
  const values = [await one(1), await two(1), await one(1), await two(1), await one(2), await two(2)];
  expect(values).toEqual([101, 201, 101, 201, 102, 202]);
  expect(reasons('hit')).toHaveLength(2);
});

test('X4 two anonymous functions on one source line are two functions', async () => {
  const { memory } = freshMemory();
  // biome-ignore format: one line is the point
  const [one, two] = [memory.cache((x: number) => x, { id: 'l' }), memory.cache((x: number) => x + 1, { id: 'l' })];
  expect([await one(5), await two(5), await one(5), await two(5)]).toEqual([5, 6, 5, 6]);
  // biome-ignore format: one line is the point
  const [three, four] = [memory.cache((x: number) => x), memory.cache((x: number) => x)];
  expect([await three(5), await four(5)]).toEqual([5, 5]);
  expect(await three.explain(5)).not.toMatchObject({ key: (await four.explain(5)).key });
});

test('X5 an edited helper makes entries misses, and reverting makes them hits again', async () => {
  const { memory } = freshMemory();
  const facts = (fingerprint: string): FunctionFacts => ({
    id: 'src/sim.ts#sim',
    fingerprint,
    params: ['n'],
  });
  let runs = 0;
  // The source is the same each time: only the fingerprint of what it reaches tells.
  const load = async (fingerprint: string): Promise<number> => {
    const page = reopen(memory).memory;
    const value = await page.cache(
      (n: number) => {
        runs += 1;
        return n + fingerprint.length;
      },
      {},
      facts(fingerprint),
    )(1);
    await page.close();
    return value;
  };
  expect([await load('before'), await load('edited helper'), await load('before')]).toEqual([7, 14, 7]);
  expect(runs).toBe(2);
});

describe('X6', () => {
  test('X6 N identical calls at once compute once, and each gets its own value', async () => {
    const { memory, reasons } = freshMemory();
    let runs = 0;
    const f = memory.cache(
      async (n: number) => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve));
        return { list: new Float64Array(n) };
      },
      { id: 'f', captures: () => ({}) },
    );
    const values = await Promise.all(Array.from({ length: 20 }, () => f(3)));
    expect(runs).toBe(1);
    expect(reasons('hit')).toEqual(Array.from({ length: 19 }, () => 'in-flight'));
    expect(new Set(values.map(({ list }) => list.buffer)).size).toBe(20);
  });

  const startWorker = (): Worker =>
    new Worker(new URL('../testing/announced-worker.ts', import.meta.url), { type: 'module' });
  const ask = (worker: Worker, request: Request): void => worker.postMessage(request);
  const reply = (worker: Worker): Promise<unknown> =>
    new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data), { once: true }));

  test('X6 a page and a worker compute once between them', async () => {
    const { memory, reasons } = freshMemory();
    const heard = listen();
    const worker = startWorker();
    ask(worker, { call: [memory.name, 3] });
    expect(await heard.first).toEqual({ n: 3, realm: 'worker' });
    const fromWorker = reply(worker);
    const here = memory.cache(announced, { id: 'announced', captures: () => ({}) })(3);
    ask(worker, { release: true });
    expect(await here).toEqual(new Float64Array(4).fill(3));
    expect(await fromWorker).toEqual(new Float64Array(4).fill(3));
    expect(reasons('compute')).toEqual([]);
    expect(heard.entered).toHaveLength(1);
    worker.terminate();
    heard.close();
  });

  test('X6 when the computing realm dies, another takes over', async () => {
    const { memory, reasons } = freshMemory();
    const heard = listen();
    const worker = startWorker();
    ask(worker, { call: [memory.name, 5] });
    expect(await heard.first).toEqual({ n: 5, realm: 'worker' });
    releaseHere();
    const here = memory.cache(announced, { id: 'announced', captures: () => ({}) })(5);
    worker.terminate();
    expect(await here).toEqual(new Float64Array(4).fill(5));
    expect(reasons('compute')).toEqual(['absent']);
    heard.close();
  });
});

test('X8 shared and copied parts have one key, in sets too, and nothing depends on the process', async () => {
  const { memory, reasons } = freshMemory();
  const text = (value: unknown): string => JSON.stringify(value);
  const f = memory.cache(text, { id: 'f' });
  const a = { x: 1 };
  await f([a, a]);
  await f([a, { ...a }]);
  await f(new Set([a, [1]]));
  await f(new Set([[1], { x: 1 }]));
  await f(new Set([new Set(['p', 'q']), new Set(['r'])]));
  await f(new Set([new Set(['r']), new Set(['q', 'p'])]));
  expect(reasons('compute')).toHaveLength(3);
  const { key } = await f.explain([a, a]);
  const later = reopen(memory);
  const again = later.memory.cache(text, { id: 'f' });
  expect((await again.explain([{ x: 1 }, { x: 1 }])).key).toBe(key);
});
