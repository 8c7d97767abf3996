/** Named values whose key digests are pinned, in Node and in browsers alike. */

/** Class text that no compiler may touch: it is part of an instance's key. */
const makeClass = (source: string): (new (...args: unknown[]) => object) =>
  new Function(`return (${source})`)();

const cycle: Record<string, unknown> = { name: 'cycle' };
cycle.self = cycle;
const sharedPart = { x: 1 };
const indirectCycle: unknown[] = [[new Map()]];
((indirectCycle[0] as unknown[])[0] as Map<string, unknown>).set('top', indirectCycle);
const withOwnPrototypeKey: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
const viewOfLarger = new Float32Array(new Float32Array([9, 1, 2, 3, 9]).buffer, 4, 3);
const Point = makeClass('class Point { constructor(x, y) { this.x = x; this.y = y; } }');
const Point3 = new Function('Point', 'return class Point3 extends Point { z = 3 }')(Point) as new (
  ...args: unknown[]
) => object;

const primitives = {
  undefined: undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  'negative zero': -0,
  one: 1,
  'a fraction': 0.1,
  'the largest number': Number.MAX_VALUE,
  infinity: Number.POSITIVE_INFINITY,
  NaN: Number.NaN,
  'bigint zero': 0n,
  'bigint one': 1n,
  'a negative bigint': -(2n ** 70n),
  'empty text': '',
  'ASCII text': 'euclidean',
  'other text': 'Größe 漢字 😀',
  'a lone surrogate': 'a\ud800b',
  'text of 256 units': 'x'.repeat(256),
  'text of 257 units': 'x'.repeat(257),
  'long text': '0123456789'.repeat(10_000),
  'long text with pairs': '😀'.repeat(20_000),
  'long text with a lone surrogate': `${'y'.repeat(40_000)}\udc00`,
};

const leaves = {
  'boxed number': Object(1),
  'boxed text': Object('a'),
  'boxed boolean': Object(false),
  'boxed bigint': Object(5n),
  'a date': new Date(1_700_000_000_000),
  'an invalid date': new Date(Number.NaN),
  'a regular expression': /a+b/giu,
  'a URL': new URL('https://example.org/a?b=c#d'),
  'URL parameters': new URLSearchParams([
    ['a', '1'],
    ['a', '2'],
  ]),
  'an error': new TypeError('wrong', { cause: { code: 5 } }),
  'an error of many': new AggregateError([new Error('one'), 2], 'all'),
  'an error with fields': Object.assign(new RangeError('far'), { limit: 3 }),
  'a DOMException': new DOMException('gone', 'NotFoundError'),
  'an AbortSignal': new AbortController().signal,
};

const containers = {
  'empty object': {},
  'an object': { b: 1, a: 'two' },
  'an object without prototype': Object.assign(Object.create(null), { b: 1, a: 'two' }),
  'odd member names': { '': 1, 'a b': 2, '10': 3, '9': 4, ü: 5 },
  'members called __proto__ and constructor': withOwnPrototypeKey,
  'an undefined member': { a: undefined },
  'empty array': [],
  'an array': [1, 'a', null, [true]],
  'an array with holes': Object.assign([1], { 2: 3, length: 5 }),
  'a very sparse array': Object.assign([], { 4000000000: 'far' }),
  'an array with a named member': Object.assign([1, 2], { index: 0 }),
  'numbers in an array': Array.from({ length: 1000 }, (_, index) => index / 7),
  'empty map': new Map(),
  'a map': new Map<unknown, unknown>([
    ['a', 1],
    [{ k: 1 }, [2]],
    [Number.NaN, 3],
  ]),
  'empty set': new Set(),
  'a set of primitives': new Set([3, 'b', 1n, null, undefined, true, Number.NaN, 'a', -1]),
  'a set of objects': new Set([{ a: 1 }, [2], 'c']),
  'sets in sets': new Set([new Set([new Set(['a']), 'b']), new Set([1, 2])]),
  'a shared part': [sharedPart, sharedPart],
  'a cycle': cycle,
  'an indirect cycle': indirectCycle,
  'an instance': new Point(1, 2),
  'an instance of a subclass': new Point3(1, 2),
};

const used = /a/g;
used.exec('aaa');
const hidden = (value: object): object => Object.defineProperty(value, 'hidden', { value: 1 });
const Meters = makeClass('class Meters extends Map { total() { return [...this.values()].length; } }');
const WithStatics = makeClass(
  'class WithStatics { static unit = { name: "m" }; constructor(v) { this.v = v; } }',
);
const OutOfRange = makeClass('class OutOfRange extends RangeError { name = "OutOfRange" }');

const added = {
  'an object with a hidden member': hidden({ b: 1 }),
  'an array with a hidden member': hidden([1]),
  'a typed array with members': Object.assign(new Uint8Array(6), { width: 3, height: 2 }),
  'a large typed array with members': Object.assign(new Uint8Array(600), { width: 30, height: 20 }),
  'a map with members': Object.assign(new Map([[1, 2]]), { name: 'm' }),
  'a date with a hidden member': hidden(new Date(1)),
  'a regular expression that was used': used,
  'an instance of a subclass of Map': new Meters([['a', 1]]),
  'an instance of a class with statics': new WithStatics(1),
  'an error of a written class': new OutOfRange('far'),
};

const bytes = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

const binary = {
  Int8Array: new Int8Array(bytes.slice().buffer),
  Uint8Array: bytes,
  Uint8ClampedArray: new Uint8ClampedArray(bytes.slice().buffer),
  Int16Array: new Int16Array(bytes.slice().buffer),
  Uint16Array: new Uint16Array(bytes.slice().buffer),
  Int32Array: new Int32Array(bytes.slice().buffer),
  Uint32Array: new Uint32Array(bytes.slice().buffer),
  Float32Array: new Float32Array(bytes.slice().buffer),
  Float64Array: new Float64Array(bytes.slice().buffer),
  BigInt64Array: new BigInt64Array(bytes.slice().buffer),
  BigUint64Array: new BigUint64Array(bytes.slice().buffer),
  'a view of a larger buffer': viewOfLarger,
  'empty Float64Array': new Float64Array(),
  'a large Float32Array': Float32Array.from({ length: 100_000 }, (_, index) => index),
  'an ArrayBuffer': bytes.slice().buffer,
  'a DataView': new DataView(bytes.slice().buffer, 3, 5),
};

/** All of them by name. A name never changes its value: new ones are added instead. */
export const goldenValues: Readonly<Record<string, unknown>> = {
  ...primitives,
  ...leaves,
  ...containers,
  ...binary,
  ...added,
};
