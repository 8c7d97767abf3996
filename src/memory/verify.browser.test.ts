/** Results that are verified: what changed unseen, and what never was the same twice. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CacheEvent } from '../events/events.ts';
import { freshMemory, reopen, type Watched } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const complaint = vi.spyOn(console, 'error');
beforeEach(() => complaint.mockImplementation(() => undefined));
afterEach(() => complaint.mockReset());

const complaints = (): string[] => complaint.mock.calls.map(([text]) => String(text));
const captures = () => ({});

type Stale = Extract<CacheEvent, { kind: 'stale' }>;
const staleIn = ({ events }: Watched): Stale[] =>
  events.filter((event): event is Stale => event.kind === 'stale');

/** A function whose helper is edited between two pages, as its own source is not. */
const withHelper = (memory: Memory, helper: (x: number) => number) =>
  memory.cache(
    async (x: number) => ({
      layers: [{ scale: 1 }, { scale: helper(x) }],
      weights: new Float32Array(1_000).fill(helper(x)),
    }),
    {
      id: 'helped',
      captures,
    },
  );

describe('memory.verify()', () => {
  test('finds a helper that was edited without the plugin, and where the result differs', async () => {
    const before = freshMemory();
    await withHelper(before.memory, (x) => x * 2)(3);
    await before.memory.close();
    const after = reopen(before.memory);
    const f = withHelper(after.memory, (x) => x * 100);
    expect((await f(3)).layers[1]?.scale).toBe(6); // the stored one
    const found = await after.memory.verify();
    const stale = {
      functionId: 'helped',
      argumentsPreview: '(3)',
      reason: 'code-changed',
      path: 'result.layers[1].scale',
    };
    expect(found).toMatchObject({ verified: 1, unknown: 0, stale: [stale] });
    expect(staleIn(after)).toMatchObject([stale]);
    expect(complaints()).toHaveLength(1);
    for (const part of ['helped(3)', 'result.layers[1].scale', 'helper', '"depends"'])
      expect(complaints()[0]).toContain(part);
    expect(await f.checkCallInCache(3)).toBe(false);
    expect((await f(3)).layers[1]?.scale).toBe(300);
    await after.memory.flush();
    expect(await after.memory.verify()).toMatchObject({ verified: 1, stale: [] });
  });

  test.each([
    ['a clock', () => Date.now()],
    ['a clock that shows seconds', () => new Date().toISOString().slice(0, 19)],
    ['randomness', () => Math.random()],
    ['randomness of another kind', () => crypto.getRandomValues(new Uint8Array(8))],
    [
      'what it counts',
      (() => {
        let count = 0;
        return () => ++count;
      })(),
    ],
  ])('finds a function that reads %s', async (_what, read) => {
    const watched = freshMemory();
    const f = watched.memory.cache((_x: number): { at: unknown } => ({ at: read() }), {
      id: 'reads',
      captures,
    });
    await f(1);
    await watched.memory.flush();
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // until the clock has gone on
    const { stale } = await watched.memory.verify();
    expect(stale).toMatchObject([{ reason: 'not-deterministic' }]);
    expect(stale[0]?.path).toMatch(/^result\.at/);
    expect(complaints()).toHaveLength(1);
    expect(complaints()[0]).toContain('two results');
  });

  test('finds nothing in 1,000 honest calls', async () => {
    const watched = freshMemory();
    const honest = [
      (x: number) => ({
        x,
        text: `${x}`,
        map: new Map([[x, new Set([x, 'a'])]]),
        none: [undefined, null, -0, Number.NaN],
      }),
      async (x: number) => new Float64Array(x).fill(x),
      (x: number) => [new Date(x), /a/g, 10n ** BigInt(x % 50), new Error(`no ${x}`)],
      (x: number) => new Blob([`${x}`], { type: 'text/plain' }),
      (x: number) => {
        const shared = { x };
        return [shared, shared];
      },
    ];
    const functions = honest.map((fn: (x: number) => unknown, at) =>
      watched.memory.cache(fn, { id: `honest ${at}`, captures }),
    );
    for (let x = 0; x < 200; x += 1) for (const f of functions) await f(x);
    await watched.memory.flush();
    expect(await watched.memory.verify()).toEqual({ verified: 1_000, unknown: 0, stale: [] });
    expect(staleIn(watched)).toEqual([]);
    expect(complaints()).toEqual([]);
    expect(watched.reasons('compute')).toHaveLength(1_000);
  });

  test('is bounded to a function, to a number of calls, and by a signal', async () => {
    const { memory } = freshMemory();
    const [f, g] = ['f', 'g'].map((id) => memory.cache((x: number) => [id, x], { id, captures }));
    for (const x of [1, 2, 3]) await Promise.all([f!(x), g!(x)]);
    await memory.flush();
    expect(await memory.verify({ functionId: 'f' })).toMatchObject({ verified: 3 });
    expect(await memory.verify({ limit: 2 })).toMatchObject({ verified: 2 });
    await expect(memory.verify({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test('says nothing of what it cannot tell: changed arguments, a function that throws, what is not stored', async () => {
    const watched = freshMemory();
    let isThrowing = false;
    const list = [1];
    const changed = watched.memory.cache((items: number[]) => items.length, { id: 'changed', captures });
    const throwing = watched.memory.cache(
      () => {
        if (isThrowing) throw new Error('offline');
        return 1;
      },
      { id: 'throwing', captures },
    );
    const unstored = watched.memory.cache(() => Math.random(), {
      id: 'unstored',
      captures,
      storeIf: () => false,
    });
    await Promise.all([changed(list), throwing(), unstored()]);
    await watched.memory.flush();
    list.push(2);
    isThrowing = true;
    expect(await watched.memory.verify()).toEqual({ verified: 0, unknown: 3, stale: [] });
    expect(await throwing.checkCallInCache()).toBe(true);
  });

  test('compares methods with their receiver, and what fills memory anew', async () => {
    const { memory } = freshMemory();
    const scratch = new Float32Array(100_000);
    const scale = memory.cache(
      function (this: { gain: number }, x: number) {
        return scratch.fill(x * this.gain);
      },
      {
        id: 'scale',
        captures() {
          return { gain: this.gain };
        },
      },
    );
    for (const gain of [1, 2]) for (const x of [3, 4]) await scale.call({ gain }, x);
    await memory.flush();
    expect(await memory.verify()).toEqual({ verified: 4, unknown: 0, stale: [] });
  });
});

describe('verify, as an option', () => {
  const clock = (memory: Memory) =>
    memory.cache((_x: number) => ({ at: performance.now() }), { id: 'clock', captures });

  test('a share of the hits is verified when the page is idle', async () => {
    const first = freshMemory();
    await clock(first.memory)(1);
    await first.memory.close();
    const second = reopen(first.memory, { verify: 1 });
    const found = new Promise<Stale>((resolve) => {
      second.memory.addEventListener('stale', ({ detail }) => resolve(detail), { once: true });
    });
    const f = clock(second.memory);
    expect(await f(1)).toEqual(await f(1));
    expect(await found).toMatchObject({
      reason: 'not-deterministic',
      path: 'result.at',
      functionId: 'clock',
    });
    expect(await f.checkCallInCache(1)).toBe(false);
    expect(complaints()).toHaveLength(1);
  });

  test.each(['off', 0, 'development'] as const)('%s: no hit is', async (verify) => {
    const { memory, reasons } = freshMemory({ verify });
    let runs = 0;
    const f = memory.cache(() => ++runs, { id: 'counted', captures });
    await f();
    await f();
    await memory.flush();
    const idle = freshMemory({ verify: 1 });
    const found = new Promise((resolve) => idle.memory.addEventListener('stale', resolve, { once: true }));
    const g = clock(idle.memory);
    await g(1);
    await g(1);
    await found; // later than any look at the first one would be
    expect(runs).toBe(1);
    expect(reasons('stale')).toEqual([]);
    if (verify === 'off') expect(await memory.verify()).toEqual({ verified: 0, unknown: 0, stale: [] });
  });

  test('anything else is refused', () => {
    for (const verify of ['on', true, -1, 1.5, Number.NaN] as never[])
      expect(() => new Memory({ verify })).toThrow(/"verify" is/);
  });
});
