import { beforeAll, describe, expect, test } from 'vitest';
import { UnserializableResultError } from '../errors/errors.ts';
import { encodeNow as encode } from '../testing/encode-now.ts';
import type { Codec } from '../values/values.ts';
import {
  type BufferSource,
  type DecodeOptions,
  decode,
  type EncodeOptions,
  loadRareReaders,
  type OutOfBandBuffer,
  outOfBandTable,
  type TypedArrayLeaf,
} from './codec.ts';

beforeAll(loadRareReaders);

const sourceOf = (buffers: readonly OutOfBandBuffer[]): BufferSource => ({
  buffer(index) {
    const buffer = buffers[index];
    if (buffer?.kind !== 'memory') throw new Error('no memory');
    return buffer.bytes.slice().buffer as ArrayBuffer;
  },
  blob(index) {
    const buffer = buffers[index];
    if (buffer?.kind !== 'blob') throw new Error('no blob');
    return buffer.blob;
  },
});

/** Through the codec and back, as the type that went in. */
function roundTrip<T>(value: T, options: EncodeOptions & DecodeOptions = {}): T {
  const { skeleton, buffers } = encode(value, options);
  return decode(skeleton, sourceOf(buffers), options) as T;
}

describe('identity', () => {
  test('decode() keeps shared references and cycles', () => {
    const shared = { x: 1 };
    const value: Record<string, unknown> = {
      a: shared,
      b: [shared],
      m: new Map([[shared, shared]]),
      d: new Date(1),
    };
    value.self = value;
    value.again = value.d;
    const decoded = roundTrip(value);
    expect(decoded.self).toBe(decoded);
    expect(decoded.a).toBe((decoded.b as unknown[])[0]);
    expect((decoded.m as Map<unknown, unknown>).get(decoded.a)).toBe(decoded.a);
    expect(decoded.again).toBe(decoded.d);
  });

  test('decode() of 100,000 levels does not overflow', () => {
    let value: unknown = 'end';
    for (let level = 0; level < 100_000; level++)
      value = [{ a: value }, new Map([[1, value]]), new Set()][level % 1];
    let decoded = roundTrip(value);
    let depth = 0;
    for (; typeof decoded === 'object'; depth++) decoded = (decoded as { a: unknown }).a;
    expect([depth, decoded]).toEqual([100_000, 'end']);
  });
});

describe('objects', () => {
  test('decode() keeps members called __proto__ and constructor as data', () => {
    const value = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const decoded = roundTrip(value);
    expect(Object.keys(decoded)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const member = { value: 2, enumerable: true, writable: true, configurable: true };
    const array = Object.defineProperty([1], '__proto__', member);
    expect(Array.isArray(roundTrip(array))).toBe(true);
    expect(Object.getPrototypeOf(roundTrip(array))).toBe(Array.prototype);
  });

  test('decode() keeps missing prototypes, order of members, and large objects', () => {
    expect(Object.getPrototypeOf(roundTrip(Object.create(null)))).toBe(null);
    expect(Object.keys(roundTrip({ z: 1, a: 2 }))).toEqual(['z', 'a']);
    const large = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, index]));
    expect(roundTrip([large, large, { ...large }])).toEqual([large, large, large]);
  });

  test('decode() keeps how open an object is to changes', () => {
    const frozen = Object.freeze({
      list: Object.freeze([1, Object.freeze({ a: 1 })]),
      date: Object.freeze(new Date(1)),
    });
    const decoded = roundTrip(frozen);
    expect(decoded).toEqual(frozen);
    expect([decoded, decoded.list, decoded.list[1], decoded.date].every(Object.isFrozen)).toBe(true);
    const sealed = roundTrip({ a: Object.seal({ b: 1 }), c: Object.preventExtensions([]), d: {} });
    expect([Object.isSealed(sealed.a), Object.isFrozen(sealed.a)]).toEqual([true, false]);
    expect([sealed.a, sealed.c, sealed.d].map(Object.isExtensible)).toEqual([false, false, true]);
  });

  test('decode() keeps members that were added to an object of another kind', () => {
    const shared = { x: 1 };
    const make = (value: object) => Object.assign(value, { width: 3, shared, self: value });
    const kinds = [
      new Date(1),
      /a/g,
      new Map([[1, 2]]),
      new Set([1]),
      new Uint8Array(6),
      new Float64Array(1000),
    ];
    const added = roundTrip([shared, ...kinds.map(make)]);
    for (const [index, value] of added.slice(1).entries()) {
      expect(value).toStrictEqual(kinds[index]);
      expect(value).toMatchObject({ width: 3, shared });
      expect([Reflect.get(value, 'self'), Reflect.get(value, 'shared')]).toEqual([value, added[0]]);
    }
  });

  test('decode() keeps where a regular expression goes on', () => {
    const regexp = /a/g;
    regexp.exec('aaa');
    expect(roundTrip(regexp).lastIndex).toBe(1);
  });
});

describe('arrays', () => {
  test.each([
    [[1, 2, 255]],
    [[1, -2, 256]],
    [[1, 2 ** 31]],
    [[0, -0, Number.NaN, 0.5]],
    [[-0]],
    [Object.assign([1], { 2: undefined, length: 4 })],
    [new Array(2)],
    [[1, 'a', null]],
  ])('decode() keeps %o', (array) => {
    expect(roundTrip(array)).toStrictEqual(array);
  });

  test('decode() keeps far elements and named members', () => {
    const array: unknown[] = [];
    array[4_294_967_294] = 'last';
    const far = roundTrip(array);
    expect([far.length, Object.keys(far)]).toEqual([4_294_967_295, ['4294967294']]);
    const match = /(?<b>b)/.exec('abc');
    expect({ ...roundTrip(match) }).toEqual({ ...match });
  });
});

describe('text', () => {
  test('decode() keeps lone surrogates, byte order marks and more than one chunk', () => {
    const texts = [
      '\ud800',
      '\udc00',
      '',
      '\ufeffa',
      'é'.repeat(10),
      'x'.repeat(9_000_000),
      'y'.repeat(9_000_000),
      '\ud83d',
      '\ude00',
    ];
    expect(roundTrip(texts)).toStrictEqual(texts);
  });
});

describe('memory', () => {
  test('encode() keeps of a buffer what its views reach, at both ends too', () => {
    const bytes = Uint8Array.from({ length: 1 << 20 }, (_, index) => index % 251);
    const sizeOf = (value: unknown): number => {
      const { skeleton, buffers } = encode(value);
      expect(roundTrip(value)).toEqual(value);
      return buffers.reduce(
        (sum, each) => sum + (each.kind === 'memory' ? each.bytes.length : 0),
        skeleton.length,
      );
    };
    const ends = { head: bytes.subarray(0, 8), tail: bytes.subarray(-8) };
    expect(sizeOf(ends)).toBeLessThan(200);
    expect(
      sizeOf([new Float64Array(bytes.buffer, 8, 2), new DataView(bytes.buffer, 500_001, 7), ends]),
    ).toBeLessThan(300);
    const rows = Array.from({ length: 1000 }, (_, row) => bytes.subarray(row * 1000, row * 1000 + 10));
    expect(sizeOf(rows)).toBeLessThan(1.01 * (1 << 20));
    const sparse = Array.from({ length: 200 }, (_, row) => bytes.subarray(row * 5200, row * 5200 + 10));
    expect(sizeOf(sparse)).toBeLessThan(10_000);
    expect(sizeOf([ends.head, ends.tail, bytes.buffer])).toBeGreaterThan(1 << 20);
  });

  test('decode() lets ranges that turn out to meet share their buffer', () => {
    const bytes = new Uint8Array(100_000).fill(1);
    const parts = [
      bytes.subarray(0, 10),
      bytes.subarray(90_000),
      bytes.subarray(5, 95_000),
      new Uint8Array(bytes.buffer, 3, 0),
    ];
    const [head, tail, all] = roundTrip(parts) as [Uint8Array, Uint8Array, Uint8Array];
    all.fill(2);
    expect([head[4], head[5], tail[0], tail[9_999]]).toEqual([1, 2, 2, 1]);
  });

  test('decode() lets views share their buffer, of which only the reached range is stored', () => {
    const buffer = new ArrayBuffer(1000);
    const value = { a: new Float64Array(buffer, 800, 10), b: new Uint8Array(buffer, 790, 20) };
    const { buffers } = encode(value, { inlineBytes: 0 });
    expect(buffers).toMatchObject([{ name: 'result.a', dtype: 'U8', elementCount: 96 }]);
    const decoded = roundTrip(value, { inlineBytes: 0 });
    expect(decoded.a.buffer).toBe(decoded.b.buffer);
    decoded.b[10] = 7;
    expect(new Uint8Array(decoded.a.buffer, decoded.a.byteOffset)[0]).toBe(7);
  });

  test("encode() hands out the caller's memory, not a copy", () => {
    const array = new Float32Array(1000);
    const [buffer] = encode({ layers: [array] }).buffers;
    expect(buffer).toMatchObject({
      kind: 'memory',
      name: 'result.layers[0]',
      dtype: 'F32',
      elementCount: 1000,
    });
    expect(buffer?.kind === 'memory' && buffer.bytes.buffer).toBe(array.buffer);
  });

  test('decode() keeps resizable buffers resizable', () => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 64 });
    const [decoded, view] = roundTrip([buffer, new Uint8Array(buffer, 2)] as const, { inlineBytes: 0 });
    expect([decoded.resizable, decoded.maxByteLength, view.buffer]).toEqual([true, 64, decoded]);
  });

  test('decode() asks typedArray() for arrays whose buffer has one kind of view', () => {
    const [shared, single] = [new ArrayBuffer(16), new Int16Array(300)];
    const value = [new Float32Array(4), single, new Uint8Array(shared), new Int8Array(shared), single];
    const { skeleton, buffers } = encode(value);
    const leaves: TypedArrayLeaf[] = [];
    const typedArray = (leaf: TypedArrayLeaf) => ({ at: leaves.push(leaf) });
    const decoded = decode(skeleton, { ...sourceOf(buffers), typedArray }) as unknown[];
    expect(leaves).toMatchObject([
      { index: undefined, type: 'Float32Array', dtype: 'F32', byteOffset: 0, length: 4 },
      { index: 0, bytes: undefined, dtype: 'I16', length: 300 },
    ]);
    expect(decoded[1]).toEqual({ at: 2 });
    expect(decoded[4]).toBe(decoded[1]);
    expect(decoded[2]).toBeInstanceOf(Uint8Array);
    expect(outOfBandTable(skeleton)).toEqual([{ kind: 'memory', byteLength: 600, type: 'Int16Array' }]);
  });

  test('decode() rejoins Blobs and Files', async () => {
    const value = {
      blob: new Blob(['abc'], { type: 'text/plain' }),
      file: new File(['de'], 'f.txt', { lastModified: 5 }),
    };
    const { blob, file } = roundTrip(value);
    expect([await blob.text(), blob.type, await file.text(), file.name, file.lastModified]).toEqual([
      'abc',
      'text/plain',
      'de',
      'f.txt',
      5,
    ]);
  });
});

describe('errors', () => {
  test('decode() keeps stack, cause and fields', () => {
    const error = Object.assign(new RangeError('too far', { cause: { deep: [1] } }), { limit: 3 });
    const decoded = roundTrip(error);
    expect(decoded).toBeInstanceOf(RangeError);
    expect([decoded.message, decoded.stack, decoded.cause, decoded.limit]).toEqual([
      'too far',
      error.stack,
      { deep: [1] },
      3,
    ]);
    expect(Object.keys(decoded)).toEqual(['limit']);
  });

  test('decode() keeps the errors of an AggregateError', () => {
    const decoded = roundTrip(new AggregateError([new TypeError('a'), 1], 'all'));
    expect(decoded).toBeInstanceOf(AggregateError);
    expect(decoded.errors).toEqual([new TypeError('a'), 1]);
  });
});

describe('codecs', () => {
  class Point {
    readonly x: number;
    readonly next: Point | undefined;
    constructor(x: number, next?: Point) {
      this.x = x;
      this.next = next;
    }
  }
  const point: Codec<Point, unknown> = {
    name: 'Point',
    is: (value): value is Point => value instanceof Point,
    encode: ({ x, next }) => [x, next],
    decode: (plain) => new Point(...(plain as [number, Point?])),
  };
  const codecs = [point as Codec];

  test('decode() makes instances, nested and shared', () => {
    const inner = new Point(2);
    const decoded = roundTrip([new Point(1, inner), inner, new Map([[inner, 1]])] as const, { codecs });
    expect(decoded[0]).toBeInstanceOf(Point);
    expect(decoded[0].next).toBe(decoded[1]);
    expect(decoded[2].get(decoded[1])).toBe(1);
  });

  test('encode() refuses an instance without codec, and one that contains itself', () => {
    expect(() => encode([new Point(1)])).toThrow(UnserializableResultError);
    const looped = new Point(1);
    Object.assign(looped, { next: looped });
    expect(() => encode(looped, { codecs })).toThrow(UnserializableResultError);
  });

  test('decode() without the codec is a damaged entry', () => {
    const { skeleton } = encode(new Point(1), { codecs });
    expect(() => decode(skeleton, sourceOf([]), { key: 'abc' })).toThrow('The stored result abc is damaged');
  });
});

describe('refusals', () => {
  /** The same object with a member that is not enumerable. */
  const hiding = (value: object, name: string): object => Object.defineProperty(value, name, { value: [1] });
  const refused: [string, () => unknown][] = [
    ['result.f', () => ({ f: () => 1 })],
    ['result[0]', () => [Promise.resolve()]],
    ['result.get("k")[0]', () => new Map([['k', [Symbol('s')]]])],
    ['result', () => ({ [Symbol('s')]: 1 })],
    ['result', () => new (class extends Map {})()],
    ['result[0]', () => [new SharedArrayBuffer(1)]],
    ['result.e', () => ({ e: new (class LimitError extends RangeError {})('far') })],
    ['result.e.issues', () => ({ e: hiding(new Error('bad'), 'issues') })],
    ['result.hidden', () => hiding({ a: 1 }, 'hidden')],
    ['result[0].hidden', () => [hiding([1, 2], 'hidden')]],
    ['result.hidden', () => hiding(new Uint8Array(2), 'hidden')],
    ['result.hidden', () => hiding(new Map(), 'hidden')],
    [
      'result.twice',
      () => ({
        get twice() {
          return 2;
        },
      }),
    ],
    ['result.twice', () => Object.defineProperty(new Date(1), 'twice', { get: () => 2, enumerable: true })],
    ['result.fixed', () => Object.defineProperty({}, 'fixed', { value: 1, enumerable: true })],
    ['result', () => Object.assign(new Set(), { [Symbol('s')]: 1 })],
    ['result', () => Object.defineProperty({}, Symbol('s'), { value: 1 })],
    ['result', () => Object.create({ inherited: 1 })],
    ['result.list', () => ({ list: new (class List extends Array {})() })],
    ['result', () => new (class Bytes extends Uint8Array {})(3)],
    [
      'result.a.b',
      () => ({
        a: Object.defineProperty({}, 'b', { enumerable: true, get: () => Reflect.get(null as never, 'x') }),
      }),
    ],
  ];
  test.each(refused)('encode() refuses what is at %s', (path, make) => {
    const value = make();
    expect(() => encode(value)).toThrow(UnserializableResultError);
    expect(() => encode(value)).toThrow(`Cannot store ${path}:`);
  });
});
