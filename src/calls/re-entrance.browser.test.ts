import { expect, test } from 'vitest';
import type { CachedFunction } from '../memory/cached-function.ts';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen } from '../testing/memories.ts';

const own = (id: string, ignore: readonly string[] = []) => ({ id, captures: () => ({}), ignore });
const soon = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Load = CachedFunction<(key: string, attempt: number) => Promise<string>>;

/** Ways for a function to come to its next call. */
const ways: Record<string, (next: () => Promise<string>) => Promise<string>> = {
  'at once': (next) => next(),
  'after an await': async (next) => {
    await soon();
    return next();
  },
  'after a fetch': async (next) => {
    await fetch(location.href);
    return next();
  },
  'in a then': (next) => soon().then(next),
  'from a timer': (next) => new Promise((resolve) => setTimeout(() => resolve(next()))),
  'with others': async (next) => {
    await soon();
    const [value] = await Promise.all([next(), soon()]);
    return value;
  },
  'in a helper': async (next) => {
    const help = async (): Promise<string> => {
      await soon();
      return next();
    };
    return await help();
  },
};

test.each(Object.keys(ways))(
  'a call that comes back through an ignored argument, %s, computes',
  async (way) => {
    const { memory } = freshMemory();
    let runs = 0;
    const load: Load = memory.cache(
      async (key, attempt) => {
        runs += 1;
        return attempt < 1 ? `${await ways[way]?.(() => load(key, attempt + 1))}!` : 'ok';
      },
      own('load', ['attempt']),
    );
    expect(await load('u', 0)).toBe('ok!');
    expect(runs).toBe(2);
    await memory.flush();
    expect(
      await reopen(memory)
        .memory.cache(load.fn, own('load', ['attempt']))
        .checkCallInCache('u', 5),
    ).toBe(true);
    expect(await load('u', 0)).toBe('ok!');
  },
);

const verbs: Record<string, (load: Load) => Promise<unknown>> = {
  forceFresh: (load) => load.with({ forceFresh: true })('u', 1),
  'compute()': async (load) => (await load.compute('u', 1)).value,
  'callAndShelve()': async (load) => (await load.callAndShelve('u', 1)).get(),
  'a mode': (load) => load.with({ mmapMode: 'r' })('u', 1),
};

test.each(Object.keys(verbs))('a call that comes back by %s computes', async (verb) => {
  for (const way of ['at once', 'after an await']) {
    const { memory } = freshMemory();
    const load: Load = memory.cache(
      async (_, attempt) =>
        attempt < 1 ? `${await ways[way]?.(() => verbs[verb]?.(load) as Promise<string>)}!` : 'ok',
      own('load', ['attempt']),
    );
    expect(await load('u', 0), way).toBe('ok!');
    await memory.close();
  }
});

test.each(['at once', 'after an await'])(
  'a call that comes back with the same arguments, %s, through two functions',
  async (way) => {
    const { memory } = freshMemory();
    let entered = 0;
    const one: CachedFunction<(x: number) => Promise<string>> = memory.cache(async (x: number) => {
      entered += 1;
      return entered < 2 ? `one ${await ways[way]?.(() => two(x))}` : 'end';
    }, own('one'));
    const two = memory.cache(
      async (x: number): Promise<string> => `two ${await ways[way]?.(() => one(x))}`,
      own('two'),
    );
    expect(await one(1)).toBe('one two end');
  },
);

test.each(['at once', 'after an await'])(
  'a call that comes back, %s, through another memory of the same name',
  async (way) => {
    const { memory } = freshMemory();
    const twin = reopen(memory).memory;
    let entered = 0;
    const here: CachedFunction<(x: number) => Promise<string>> = memory.cache(async (_: number) => {
      entered += 1;
      return entered < 2 ? `here ${await ways[way]?.(() => there(1))}` : 'end';
    }, own('both'));
    const there = twin.cache(here.fn, own('both'));
    expect(await here(1)).toBe('here end');
  },
);

test('two calls of two realms that wait for each other both end', async () => {
  const names = freshMemory().memory.name;
  const [left, right] = [new Memory({ name: names }), new Memory({ name: names })];
  /** Each side computes one value and asks for the other one, which the other side computes. */
  const side = (memory: Memory, mine: number) => {
    let isFirst = true;
    const both = Promise.withResolvers<void>();
    const f: CachedFunction<(x: number) => Promise<number>> = memory.cache(async (x: number) => {
      if (x !== mine || !isFirst) return x;
      isFirst = false;
      both.resolve();
      await meet;
      return x * 10 + (await f(1 - x));
    }, own('f'));
    return { f, both: both.promise };
  };
  let meet: Promise<unknown> = Promise.resolve();
  const [a, b] = [side(left, 0), side(right, 1)];
  meet = Promise.all([a.both, b.both]);
  const values = await Promise.all([a.f(0), b.f(1)]);
  expect(values[0]).toBeGreaterThanOrEqual(1);
  expect(values[1]).toBeGreaterThanOrEqual(10);
});

test('a call of a function to itself without an end fails as the bare one does', async () => {
  const { memory } = freshMemory();
  const endless: CachedFunction<(x: number) => Promise<number>> = memory.cache(
    async (x: number) => endless(x),
    own('endless'),
  );
  await expect(endless(1)).rejects.toThrow(RangeError);
});

test.each([
  ['at once', 1_500],
  ['in a helper', 300],
] as const)('many calls deep is no call to itself: %s, %i', async (way, depth) => {
  const { memory, reasons } = freshMemory();
  const sum: CachedFunction<(n: number) => Promise<number>> = memory.cache(
    async (n: number) => (n === 0 ? 0 : n + Number(await ways[way]?.(async () => `${await sum(n - 1)}`))),
    own('sum'),
  );
  expect(await sum(depth)).toBe((depth * (depth + 1)) / 2);
  expect(reasons('compute')).toHaveLength(depth + 1);
});

test('calls that others make while it computes wait for it', async () => {
  const { memory } = freshMemory();
  const { promise, resolve } = Promise.withResolvers<number>();
  let entered = 0;
  const slow = memory.cache(
    (_: number, _attempt: number) => {
      entered += 1;
      return promise;
    },
    own('slow', ['1']),
  );
  const first = [slow(1, 0), slow(1, 1)];
  await expect.poll(() => entered).toBe(1);
  const uses = memory.cache(async (_: number) => {
    await soon();
    return slow(1, 2);
  }, own('uses'));
  const later = [slow(1, 0), soon().then(() => slow(1, 0)), uses(1)];
  await soon(50);
  resolve(4);
  expect(await Promise.all([...first, ...later])).toEqual([4, 4, 4, 4, 4]);
  expect(entered).toBe(1);
});

test('shared steps of a recursion are computed once', async () => {
  const { memory, reasons } = freshMemory();
  const fib: CachedFunction<(n: number) => Promise<number>> = memory.cache(async (n: number) => {
    await soon();
    if (n < 2) return n;
    const [a, b] = await Promise.all([fib(n - 1), fib(n - 2)]);
    return a + b;
  }, own('fib'));
  expect(await fib(20)).toBe(6_765);
  expect(reasons('compute')).toHaveLength(21);
});
