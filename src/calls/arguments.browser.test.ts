/** Which parts of the arguments make a call another call. */
import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import type { AnyFunction, CacheOptions } from '../options/options.ts';
import { freshMemory } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** How many computations the calls take. */
async function computations(
  fn: AnyFunction,
  options: CacheOptions,
  calls: readonly (readonly unknown[])[],
): Promise<number> {
  const { memory, reasons } = freshMemory();
  const f = memory.cache(fn, { id: 'f', captures: () => ({}), ...options });
  for (const args of calls) await f(...args);
  return reasons('compute').length;
}

interface Settings {
  readonly verbose?: boolean;
  readonly k?: number;
}

const search = (_points: number[], _label = 'a, (b)', { k = 1 }: Settings = {}): number => k;
const train = (_points: number[], _settings: Settings, ..._callbacks: unknown[]): number => 1;
const points = [1, 2];

describe('ignore', () => {
  test('by position', async () => {
    const calls = [[points, 'a'], [points, 'b'], [points], [[9], 'a']];
    expect(await computations(search, { ignore: [1] }, calls)).toBe(2);
    expect(await computations(search, {}, calls)).toBe(4);
  });

  test('by parameter name, defaults and rest included', async () => {
    expect(
      await computations(search, { ignore: ['_label'] }, [
        [points, 'a'],
        [points, 'b'],
      ]),
    ).toBe(1);
    const calls = [
      [points, {}, () => 1],
      [points, {}, () => 2],
      [points, {}],
      [[9], {}, () => 1],
    ];
    expect(await computations(train, { ignore: ['_callbacks'] }, calls)).toBe(2);
  });

  test('by path', async () => {
    const calls = [
      [points, { verbose: true, k: 2 }],
      [points, { verbose: false, k: 2 }],
      [points, { k: 2 }],
      [points, { verbose: true, k: 3 }],
    ];
    expect(await computations(train, { ignore: ['_settings.verbose'] }, calls)).toBe(2);
    expect(await computations(train, { ignore: ['1.verbose'] }, calls)).toBe(2);
    expect(await computations(train, {}, calls)).toBe(4);
  });

  test('of what is inside a pattern asks for a path, when the function is wrapped', () => {
    const { memory } = freshMemory();
    expect(() => memory.cache(search, { id: 'f', ignore: ['k'] })).toThrow(/give its path instead: "2\.k"/);
    expect(() => memory.cache(search, { id: 'f', ignore: ['nothing'] })).toThrow(
      /the parameters are _points, _label/,
    );
  });
});

test('key replaces the arguments', async () => {
  const calls = [
    [points, { k: 1 }],
    [[2, 1], { k: 2 }],
    [[9], { k: 1 }],
  ];
  expect(await computations(train, { key: (list: number[]) => list.length }, calls)).toBe(2);
});

test('what makes no difference, and what does', async () => {
  const any = (_first?: unknown, _second?: unknown): number => 1;
  const same = [
    [
      [1, { a: 1, b: 2 }],
      [1, { b: 2, a: 1 }],
    ],
    [[1, undefined], [1]],
    [[new Set([1, 2])], [new Set([2, 1])]],
    [[new Float32Array([1, 2])], [new Float32Array([0, 1, 2]).subarray(1)]],
    [[Number.NaN], [0 / 0]],
    [[{ signal: AbortSignal.timeout(60_000) }], [{}]],
  ];
  for (const calls of same) expect(await computations(any, {}, calls)).toBe(1);
  const different = [
    [[1], ['1'], [1n], [true], [[1]], [new Number(1)], [new Float32Array([1])], [new Float64Array([1])]],
    [[0], [-0], [null], [false], [''], [[]], [{}], [Number.NaN]],
    [[[undefined]], [[null]], [[]], [new Array(1)]],
    [
      [
        new Map([
          [1, 2],
          [3, 4],
        ]),
      ],
      [
        new Map([
          [3, 4],
          [1, 2],
        ]),
      ],
    ],
    [[{ a: undefined }], [{}]],
    [[new Date(0)], [0], ['1970-01-01T00:00:00.000Z']],
    [[/a/], [/a/g], ['/a/']],
  ];
  for (const calls of different) expect(await computations(any, {}, calls)).toBe(calls.length);
});
