/** What keeps calls from ever being answered from the store is said once per function, with a cure that works. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const warn = vi.spyOn(console, 'warn');
beforeEach(() => void warn.mockReset());
afterEach(() => void warn.mockReset());
const said = (): string[] => warn.mock.calls.map(([text]) => String(text));

const options = { id: 'f', captures: () => ({}) };

class Box {
  uuid = crypto.randomUUID();
  width: number;
  constructor(width: number) {
    this.width = width;
  }
}

/** Remembers what it was asked, in a member of its own. */
class Day {
  ms: number;
  week: number | null = null;
  constructor(ms: number) {
    this.ms = ms;
  }
  weekNumber(): number {
    this.week ??= Math.floor(this.ms / 604_800_000);
    return this.week;
  }
}

describe('a function that never hits', () => {
  test.each([
    ['plain objects', () => ({ uuid: crypto.randomUUID(), width: 3 })],
    ['instances', () => new Box(3)],
    ['time', () => ({ createdAt: performance.now(), width: 3 })],
  ])('%s: the path that differs, and a cure', async (_, make) => {
    const { memory, reasons } = freshMemory();
    const area = (box: { width: number }): number => box.width ** 2;
    const f = memory.cache(area, options);
    for (let call = 0; call < 5; call++) await f(make());
    expect(reasons('hit')).toEqual([]);
    const [text = '', ...more] = said();
    expect(more).toEqual([]);
    expect(text).toMatch(
      /^\[keepsake\] f was computed 3 times and never answered.*differ in arguments\[0\]\.\w+ alone/,
    );
    const [, cure = ''] = /ignore: \['([^']+)'\]/.exec(text) ?? [];
    const cured = memory.cache(area, { ...options, id: 'cured', ignore: [cure] });
    for (let call = 0; call < 3; call++) await cured(make());
    expect(reasons('hit')).toEqual(['memory', 'memory']);
  });

  test('an instance inside of an object has its path', async () => {
    const f = freshMemory().memory.cache(({ box }: { box: Box }) => box.width, options);
    for (let call = 0; call < 3; call++) await f({ box: new Box(3) });
    expect(said()).toEqual([expect.stringContaining('arguments[0].box.uuid')]);
  });

  test('what is asked for the first time is no reason to say anything', async () => {
    const { memory } = freshMemory();
    const f = memory.cache((..._args: unknown[]) => 1, options);
    for (let call = 0; call < 5; call++) await f(call);
    for (let id = 0; id < 5; id++) await f({ id });
    for (let call = 0; call < 5; call++) await f({ width: call, height: 3 });
    expect(said()).toEqual([]);
  });

  test('a function that was hit before is left alone', async () => {
    const f = freshMemory().memory.cache((box: { width: number }) => box.width, options);
    for (let call = 0; call < 2; call++) await f({ width: 1 });
    for (let call = 0; call < 5; call++) await f(Object.assign(new Box(3)));
    expect(said()).toEqual([]);
  });
});

describe('a function that is never kept', () => {
  test('says where its result cannot be stored, once', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache((x: number) => ({ x, onEnd: () => x }), options);
    for (let call = 0; call < 4; call++) await f(call);
    expect(reasons('skip')).toEqual(new Array(4).fill('unserializable'));
    expect(said()).toEqual([
      expect.stringMatching(/^\[keepsake\] f is computed and not kept\. .*result\.onEnd.*"codecs"/),
    ]);
  });

  test('says which argument changes while it runs, in the event too', async () => {
    const { memory, events } = freshMemory();
    const f = memory.cache((day: Day) => day.weekNumber(), options);
    for (let call = 0; call < 3; call++) await f(new Day(1e12));
    expect(said()).toEqual([
      expect.stringMatching(/not kept: arguments\[0\]\.week changed while it ran.*ignore: \['0\.week'\]/),
    ]);
    const skips = events.filter((event) => event.kind === 'skip');
    expect(skips).toEqual(
      new Array(3).fill(expect.objectContaining({ reason: 'arguments-changed', path: 'arguments[0].week' })),
    );
    const cured = memory.cache((day: Day) => day.weekNumber(), {
      ...options,
      id: 'cured',
      ignore: ['0.week'],
    });
    await cured(new Day(1e12));
    expect(await cured.checkCallInCache(new Day(1e12))).toBe(true);
  });
});

test('explain() goes into instances', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((box: Box) => box.width, options);
  await f(new Box(3));
  await memory.flush();
  const { differences } = await f.explain(new Box(3));
  expect(differences).toEqual([
    { kind: 'argument', path: 'arguments[0].uuid', text: 'arguments[0].uuid differs' },
  ]);
});

describe('how many arguments there are', () => {
  const counting: [string, (...args: unknown[]) => number][] = [
    ['rest parameters', (...xs) => xs.length],
    ['rest parameters after others', (_first, ...xs) => xs.length],
    ['a rest pattern', (...[_a, ...rest]) => rest.length],
    ['arguments', new Function('return arguments.length') as (...args: unknown[]) => number],
  ];
  test.each(counting)('counts where a function sees it by %s', async (_, fn) => {
    const first = freshMemory().memory;
    for (const { memory } of [{ memory: first }, reopen(first)]) {
      const f = memory.cache(fn, options);
      for (const args of [[1], [1, undefined], [1, undefined, undefined], [1]]) {
        expect(await f(...args)).toBe(fn(...args));
      }
      await memory.flush();
    }
  });

  test('does not count where it is not seen', async () => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache((x: number, y?: number) => [x, y], options);
    for (const args of [[1], [1, undefined]] as [number, number?][]) await f(...args);
    expect(reasons('compute').length).toBe(1);
  });
});
