import { runInNewContext } from 'node:vm';
import { expect, describe as group, test } from 'vitest';
import { describe, fieldStep, kindOf, mapStep, pathText, previewOf } from './values.ts';

class Plain {
  x = 1;
}
class Private {
  #x = 1;
  get x() {
    return this.#x;
  }
}
class Empty {
  get [Symbol.toStringTag]() {
    return 'Map';
  }
}
class LimitError extends RangeError {}

const kinds: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['boolean', true],
  ['number', -0],
  ['bigint', 1n],
  ['string', ''],
  ['boxed', Object(1n)],
  ['boxed', Object('a')],
  ['date', new Date(Number.NaN)],
  ['regexp', /a/],
  ['object', {}],
  ['object', Object.create(null)],
  ['object', { constructor: Map }],
  ['array', new Array(3)],
  ['map', new Map()],
  ['set', new Set()],
  ['typed-array', new BigInt64Array(1)],
  ['array-buffer', new ArrayBuffer(1, { maxByteLength: 2 })],
  ['data-view', new DataView(new ArrayBuffer(1))],
  ['blob', new Blob([])],
  ['blob', new File([], 'a')],
  ['error', new AggregateError([])],
  ['error', new LimitError()],
  ['dom-exception', new DOMException()],
  ['url', new URL('https://example.org')],
  ['url', new URLSearchParams()],
  ['abort-signal', AbortSignal.abort()],
  ['instance', new Plain()],
  ['instance', new Private()],
  ['instance', new Empty()],
  ['instance', Object.create({ inherited: 1 })],
  ['function', class {}],
  ['function', async () => 1],
  ['opaque', Symbol('s')],
  ['opaque', Promise.resolve()],
  ['opaque', new WeakMap()],
  ['opaque', new WeakRef({})],
  ['opaque', (function* () {})()],
  ['opaque', [].values()],
  ['opaque', new Map().entries()],
  ['opaque', new SharedArrayBuffer(1)],
  ['opaque', new DataView(new SharedArrayBuffer(1))],
  ['opaque', new (class Tagged extends Map {})()],
  ['opaque', new (class Vector extends Array {})()],
  ['opaque', Buffer.from('a')],
  ['opaque', Math],
  ['opaque', new Intl.Collator()],
  ['opaque', Object.create(Map.prototype)],
  ['opaque', Object.create(new Date())],
  ['opaque', Object.setPrototypeOf(new Date(), Object.prototype)],
  ['opaque', new Function('return arguments')()],
  ['opaque', new ReadableStream()],
  ['opaque', new MessageChannel().port1],
];

test.each(kinds)('kindOf() says %s', (kind, value) => {
  expect(kindOf(value)).toBe(kind);
});

const foreign = [
  '({})',
  '[]',
  'new Map()',
  'new Set()',
  'new Date()',
  '/a/',
  'new TypeError()',
  'new Float32Array(1)',
  'new ArrayBuffer(1)',
  'Object(1)',
  'new (class A { x = 1 })()',
  'Promise.resolve()',
  '(() => 1)',
];

test.each(foreign)('kindOf() of %s is the same in another realm', (source) => {
  expect(kindOf(runInNewContext(source))).toBe(kindOf(new Function(`return ${source}`)()));
});

test('kindOf() knows host classes that Node lacks by their names', () => {
  class ImageData {
    width = 1;
  }
  Object.assign(globalThis, { ImageData });
  try {
    expect(kindOf(new ImageData())).toBe('image-data');
  } finally {
    Reflect.deleteProperty(globalThis, 'ImageData');
  }
});

test('describe() says what it is, and why it is refused', () => {
  expect(describe(() => 1)).toBe('a function');
  expect(describe(function named() {})).toBe('the function "named"');
  expect(describe(Promise.resolve())).toBe('a Promise');
  expect(describe(new Private())).toBe('an instance of Private');
  expect(describe(new (class Tagged extends Map {})())).toBe('an instance of Tagged, which extends Map,');
  expect(describe(new SharedArrayBuffer(1))).toContain('other threads');
});

group('paths', () => {
  test('fieldStep() quotes odd names', () => {
    expect(['a', 'größe', 'odd key', '1', ''].map(fieldStep)).toEqual([
      '.a',
      '.größe',
      '["odd key"]',
      '["1"]',
      '[""]',
    ]);
  });

  test('mapStep() names the key where it can', () => {
    const items = ['k', 1, 5n, 2, {}, 3];
    expect(items.map((_, position) => mapStep(items, position))).toEqual([
      '.keys()[0]',
      '.get("k")',
      '.keys()[1]',
      '.get(5n)',
      '.keys()[2]',
      '.values()[2]',
    ]);
  });

  test('pathText() leaves out the middle of a very deep path', () => {
    const text = pathText(
      'result',
      Array.from({ length: 100_000 }, () => '.a'),
    );
    expect(text).toContain('(99968 more)');
    expect(text.length).toBeLessThan(200);
  });
});

group('previewOf()', () => {
  test('reads like a call', () => {
    const points = new Float32Array(3_136_000);
    points.set([0, 0.2, 3]);
    expect(previewOf([points, { metric: 'euclidean', 'odd key': [1, null] }])).toBe(
      '(Float32Array(3136000) [0, 0.2, 3, 0, …], { metric: "euclidean", "odd key": [1, null] })',
    );
    expect(
      previewOf([new Map([['a', { b: 1 }]]), new Set([1]), new Plain(), -0, 1n, undefined, () => 1, /x/g]),
    ).toBe('(Map(1) {"a" => { b: 1 }}, Set(1) {1}, Plain { x: 1 }, -0, 1n, undefined, function, /x/g)');
  });

  test('evaluates no accessor', () => {
    let isRead = false;
    const value = {
      get a() {
        isRead = true;
        return 1;
      },
    };
    expect(previewOf([value])).toBe('({ a: (…) })');
    expect(isRead).toBe(false);
  });

  test('is bounded in length and work', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => ['é'.repeat(200) + index, '漢'.repeat(500)]),
    );
    const cycle: unknown[] = [];
    cycle.push(cycle, wide, cycle);
    const million = Array.from({ length: 1_000_000 }, (_, index) => index);
    const large = [
      million,
      new Set(million),
      'x'.repeat(10_000_000),
      2n ** 100_000n,
      new Float64Array(1_000_000),
    ];
    const start = performance.now();
    for (const args of [[wide, wide, wide], [cycle, cycle], large, Array.from({ length: 500 }, () => wide)]) {
      expect(new TextEncoder().encode(previewOf(args)).length).toBeLessThanOrEqual(1024);
    }
    expect(performance.now() - start).toBeLessThan(200);
  });
});
