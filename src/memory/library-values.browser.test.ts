/** Values of real libraries as arguments and as results: the right value, or a refusal that says where and what would help. */
import { hierarchy, InternMap } from 'd3';
import Graph from 'graphology';
import { Map as ImmutableMap, Record as ImmutableRecord } from 'immutable';
import { DateTime } from 'luxon';
import { observable } from 'mobx';
import { Temporal as Polyfill } from 'temporal-polyfill';
import { BoxGeometry, DataTexture, Object3D, Vector3 } from 'three';
import { afterAll, describe, expect, test } from 'vitest';
import { reactive, readonly, ref } from 'vue';
import { z } from 'zod';
import type { MappedArray } from '../arrays/arrays.ts';
import { UnhashableArgumentError } from '../errors/errors.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const isRefusal = (error: unknown): error is UnhashableArgumentError =>
  error instanceof UnhashableArgumentError;

/** What each call gives in one page, and again in another that opens the same store: a value, or a refusal's message. */
async function answers<T>(read: (value: T) => unknown, values: readonly T[]): Promise<unknown[]> {
  const first = freshMemory();
  const all: unknown[] = [];
  for (const { memory } of [first, reopen(first.memory)]) {
    const f = memory.cache((value: T) => read(value), { id: 'f', captures: () => ({}) });
    for (const value of values) {
      const outcome: unknown = await f(value).catch((error: unknown) => error);
      if (outcome instanceof Error && !isRefusal(outcome)) throw outcome;
      all.push(isRefusal(outcome) ? outcome.message : outcome);
    }
    await memory.flush();
    await memory.close();
  }
  return all;
}

const refusal = (start: string, library?: string) =>
  expect.stringMatching(
    new RegExp(
      `^Cannot hash ${start.replace(/[[\]]/g, '\\$&')}.*"codecs" option${library ? ` \\(keepsake/codecs/${library}` : ''}`,
    ),
  );

interface Refused {
  readonly name: string;
  readonly make: () => readonly unknown[];
  readonly path?: string;
  readonly library?: string;
}

class Handle {
  __wbg_ptr: number;
  constructor(pointer: number) {
    this.__wbg_ptr = pointer;
  }
}
class Tensor {
  dataId = {};
  id: number;
  shape = [3];
  constructor(id: number) {
    this.id = id;
  }
}
const TypeA = ImmutableRecord({ a: 1 });
const TypeB = ImmutableRecord({ a: 2 });
const graphOf = (node: string): Graph => {
  const graph = new Graph();
  graph.addNode(node);
  return graph;
};
const dateWithWeek = (): unknown => DateTime.fromMillis(0);

/** What may hold more than can be seen. */
const refused: readonly Refused[] = [
  { name: 'graphology Graph', make: () => [graphOf('a'), graphOf('b')], library: 'graph' },
  {
    name: 'graphology Graph inside of an object',
    make: () => [{ g: graphOf('a') }],
    path: 'arguments[0].g',
    library: 'graph',
  },
  { name: 'wasm-bindgen handle', make: () => [new Handle(8), new Handle(8)] },
  { name: 'tfjs tensor', make: () => [new Tensor(0), new Tensor(0)], library: 'tensor' },
  {
    name: 'Temporal polyfill',
    make: () => [Polyfill.PlainDate.from('2020-01-01'), Polyfill.PlainDate.from('2021-05-05')],
    library: 'dates',
  },
  { name: 'Immutable records of two types', make: () => [new TypeA(), new TypeB()] },
  { name: 'Immutable Map', make: () => [ImmutableMap({ a: 1 })] },
  { name: 'luxon DateTime', make: () => [dateWithWeek()], library: 'dates' },
  {
    name: 'three BoxGeometry',
    make: () => [new BoxGeometry(1, 1, 1), new BoxGeometry(2, 1, 1)],
    library: 'three',
  },
  { name: 'three Vector3', make: () => [new Vector3(3, 4, 0)], library: 'three' },
  { name: 'three Object3D', make: () => [new Object3D()] },
  { name: 'three DataTexture', make: () => [new DataTexture()], library: 'three' },
  { name: 'd3 InternMap', make: () => [new InternMap([['a', 1]])], library: 'd3' },
  { name: 'd3 hierarchy', make: () => [hierarchy({ children: [{}] })], library: 'd3' },
  { name: 'AudioBuffer', make: () => [new AudioBuffer({ length: 8, sampleRate: 8000 })], library: 'web' },
  { name: 'DOMRect', make: () => [new DOMRect(1, 2, 3, 4)], library: 'web' },
  { name: 'Vue ref', make: () => [ref(1)] },
  {
    name: 'proxy of a function, whose name is none',
    make: () => [new Proxy(() => 1, { get: () => () => 1 })],
  },
  { name: 'revoked proxy', make: () => [revoked()] },
];

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('as arguments', () => {
  test.each(refused)(
    '$name: refused with its path and a codec as the cure',
    async ({ make, path, library }) => {
      const values = make();
      const message = refusal(path ?? 'arguments[0]', library);
      expect(await answers(() => 'computed', values)).toEqual([...values, ...values].map(() => message));
    },
  );

  test('a typed array counts with its members: 3 × 2 and 2 × 3 of the same pixels are two calls', async () => {
    const raster = (width: number, height: number, size = 6) =>
      Object.assign(new Uint8Array(size), { width, height });
    const read = ({ width, height }: { width: number; height: number }) => `${width} × ${height}`;
    expect(await answers(read, [raster(3, 2), raster(2, 3)])).toEqual(['3 × 2', '2 × 3', '3 × 2', '2 × 3']);
    const large = [raster(3000, 2, 6000), raster(2, 3000, 6000)];
    expect(await answers(read, large)).toEqual(['3000 × 2', '2 × 3000', '3000 × 2', '2 × 3000']);
  });

  test("Vue's reactive and readonly values count by what they hold, Maps and Sets too", async () => {
    const sum = (map: Map<string, number>) => [...map.values()].reduce((a, b) => a + b, 0);
    const maps = [
      reactive(new Map([['a', 1]])),
      readonly(reactive(new Map([['a', 20]]))),
      new Map([['a', 1]]),
    ];
    expect(await answers(sum as (value: unknown) => unknown, maps)).toEqual([1, 20, 1, 1, 20, 1]);
    const sets = [reactive(new Set([1])), reactive(new Set([2]))];
    expect(await answers((set: Set<number>) => [...set], sets)).toEqual([[1], [2], [1], [2]]);
    const nested = [reactive({ list: [new Map([['k', 1]])] }), reactive({ list: [new Map([['k', 2]])] })];
    expect(await answers(({ list }) => list[0]?.get('k'), nested)).toEqual([1, 2, 1, 2]);
  });

  test("MobX's observables count by what they hold, computed members too", async () => {
    const make = (a: number) =>
      observable({
        a,
        get twice() {
          return this.a * 2;
        },
      });
    expect(await answers(({ twice }) => twice, [make(1), make(2)])).toEqual([2, 4, 2, 4]);
    const maps = [observable.map({ a: 1 }), observable.map({ a: 2 })];
    expect(await answers((map) => map.get('a'), maps)).toEqual([1, 2, 1, 2]);
    const lists = [observable([1, 2]), observable([3])];
    expect(await answers((list) => list.length, lists)).toEqual([2, 1, 2, 1]);
    const sets = [observable.set([1]), observable.set([2, 3])];
    expect(await answers((set) => set.size, sets)).toEqual([1, 2, 1, 2]);
  });
});

/** Own members, but for where an error was made, which each engine keeps in its own way. */
function membersOf(value: unknown): object {
  const { stack, fileName, lineNumber, columnNumber, ...members } = Object.getOwnPropertyDescriptors(
    Object(value),
  );
  return members;
}

/** The value of the first call, and of one in another page; and what was said of the first. */
async function results(make: () => unknown) {
  const { memory, events, reasons } = freshMemory();
  const f = memory.cache(make, { id: 'f', captures: () => ({}) });
  const first = await f();
  await memory.flush();
  const again = reopen(memory);
  const second = await again.memory.cache(make, { id: 'f', captures: () => ({}) })();
  const [skip] = events.filter((event) => event.kind === 'skip');
  const path = skip?.kind === 'skip' ? String(Reflect.get(Object(skip.error), 'path')) : undefined;
  return { first, second, path, hits: again.reasons('hit').length, skips: reasons('skip') };
}

describe('as results', () => {
  const skipped: [string, () => unknown, string][] = [
    ['zod error', () => z.object({ a: z.number() }).safeParse({ a: 'x' }), 'result.error'],
    [
      'MobX observable with a computed member',
      () =>
        observable({
          a: 1,
          get twice() {
            return this.a * 2;
          },
        }),
      'result.twice',
    ],
    ['Vue reactive object', () => ({ state: reactive({ a: 1 }) }), 'result.state'],
    ['Vue reactive list', () => reactive([1, 2]), 'result'],
    ['Vue reactive Map', () => ({ m: reactive(new Map()) }), 'result.m'],
    ['hidden member', () => Object.defineProperty({ a: 1 }, 'b', { value: 2 }), 'result.b'],
    [
      'hidden member of an error',
      () => ({ e: Object.defineProperty(new Error('x'), 'code', { value: 2 }) }),
      'result.e.code',
    ],
    [
      'accessor',
      () => ({
        get now() {
          return Date.now();
        },
      }),
      'result.now',
    ],
    ['error of a written class', () => new (class QuotaError extends Error {})('x'), 'result'],
    ['subclass of Map', () => [new (class Bag extends Map {})()], 'result[0]'],
    ['subclass of Uint8Array', () => [new (class Bytes extends Uint8Array {})(2)], 'result[0]'],
    ['object with a prototype of its own', () => Object.create({ a: 1 }), 'result'],
    ['three Vector3', () => new Vector3(1, 2, 3), 'result'],
    ['graphology Graph', () => ({ g: graphOf('a') }), 'result.g'],
    ['Temporal polyfill', () => Polyfill.PlainDate.from('2020-01-01'), 'result'],
  ];
  test.each(skipped)('a %s is not kept, and the event says where it is', async (_, make, path) => {
    const outcome = await results(make);
    expect(outcome.skips).toEqual(['unserializable']);
    expect(outcome.path).toBe(path);
    expect(outcome.hits).toBe(0);
  });

  const kept: [string, () => unknown][] = [
    ['typed array with width and height', () => Object.assign(new Uint8Array(6), { width: 3, height: 2 })],
    [
      'list of bands with width and height',
      () => Object.assign([new Uint8Array(6)], { width: 3, height: 2 }),
    ],
    ['match of a regular expression', () => /(?<a>b)/.exec('abc')],
    ['rows of d3', () => Object.assign([{ a: '1' }], { columns: ['a'] })],
    ['frozen object', () => Object.freeze({ a: Object.freeze([1]) })],
    ['object without a prototype', () => Object.assign(Object.create(null), { a: 1 })],
    ['Map with a member', () => Object.assign(new Map([[1, 2]]), { label: 'm' })],
    ['sparse array', () => Object.assign([1], { 5: 2 })],
    ['error with a cause', () => Object.assign(new TypeError('x', { cause: [1] }), { code: 5 })],
    ['used regular expression', () => Object.assign(/a/g, { lastIndex: 2 })],
  ];
  test.each(kept)('a %s comes back as it was', async (_, make) => {
    const { first, second, hits } = await results(make);
    expect(hits).toBe(1);
    expect(second).toStrictEqual(first);
    expect(membersOf(second)).toEqual(membersOf(first));
    expect(Object.isFrozen(second)).toBe(Object.isFrozen(first));
    expect(Object.getPrototypeOf(second)).toBe(Object.getPrototypeOf(first));
  });

  test('a mapped result has the members of what the function returned, kept or not', async () => {
    const make = (onEnd: unknown) => () => {
      const pixels = Object.assign(new Uint8Array(6), { width: 3 });
      const bands = Object.assign([pixels], { height: 2 });
      return Object.defineProperty({ pixels, bands, onEnd }, 'hidden', {
        ...{ value: 1, enumerable: onEnd === undefined, writable: true, configurable: true },
      });
    };
    for (const onEnd of [undefined, () => 1]) {
      const { memory } = freshMemory({ mmapMode: 'r' });
      const f = memory.cache(make(onEnd), { id: 'f', captures: () => ({}) });
      for (const { pixels, bands } of [await f(), await f()]) {
        expect([Reflect.get(pixels, 'width'), bands.height, bands.length]).toEqual([3, 2, 1]);
        expect(bands[0]).toBe(pixels);
        expect(await (pixels as unknown as MappedArray<Uint8Array>).read()).toEqual(new Uint8Array(6)); // a mode is set
      }
      expect(Reflect.get(await f(), 'hidden')).toBe(1);
    }
  });

  test.runIf('Temporal' in globalThis)(
    'a Temporal.Duration comes back with its fields, and counts by them',
    async () => {
      const { Duration } = Reflect.get(globalThis, 'Temporal');
      const { second, hits } = await results(() => Duration.from({ milliseconds: 1500, days: -0 }));
      expect([
        Reflect.get(Object(second), 'milliseconds'),
        Reflect.get(Object(second), 'seconds'),
        hits,
      ]).toEqual([1500, 0, 1]);
      const durations = [Duration.from({ milliseconds: 1000 }), Duration.from({ seconds: 1 })];
      expect(await answers(({ milliseconds }) => milliseconds, durations)).toEqual([1000, 0, 1000, 0]);
    },
  );
});
