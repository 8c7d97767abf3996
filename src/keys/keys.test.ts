import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { UnhashableArgumentError } from '../errors/errors.ts';
import { goldenValues } from '../testing/golden-values.ts';
import type { Codec } from '../values/values.ts';
import { type KeyHasher, type KeyOptions, loadRareKinds, openKeyHasher } from './keys.ts';

let hasher: KeyHasher;
const digest = (value: unknown, options?: KeyOptions): string => {
  const result = hasher.digest(value, options);
  if (typeof result !== 'string') throw new Error('a promise');
  return result;
};
const key = (args: unknown[], options?: KeyOptions) => hasher.callKey({ identity: 'f', args }, options);

beforeAll(async () => {
  hasher = await openKeyHasher('xxh128');
  await loadRareKinds();
});

/** Digests of this key format: a line must never change. A new value's line is what its failing test says. */
const goldenFile = new URL('./key-digests.golden.json', import.meta.url);
const golden: Record<string, string> = JSON.parse(readFileSync(goldenFile, 'utf8'));

describe('golden digests', () => {
  test('digest() pins at least 60 values', () => {
    expect(Object.keys(golden).length).toBeGreaterThanOrEqual(60);
    expect(Object.keys(goldenValues).sort()).toEqual(Object.keys(golden).sort());
  });

  test.each(Object.keys(goldenValues))('digest() of %s never changes', (name) => {
    expect(digest(goldenValues[name])).toBe(golden[name]);
  });

  test('digest() tells all of them apart, except those that are equal by decision', () => {
    const names = new Map<string, string[]>();
    for (const [name, value] of Object.entries(goldenValues)) {
      const each = digest(value);
      names.set(each, [...(names.get(each) ?? []), name]);
    }
    expect([...names.values()].filter((equal) => equal.length > 1)).toEqual([
      ['undefined', 'an AbortSignal'],
      ['an object', 'an object without prototype'],
    ]);
  });
});

describe('equality by value', () => {
  test('digest() of shared siblings equals that of copies', () => {
    const a = { x: [1] };
    expect(digest([a, a])).toBe(digest([a, structuredClone(a)]));
  });

  test('digest() ignores the order of members and of set elements, at every level', () => {
    expect(digest({ a: 1, b: { c: 2, d: 3 } })).toBe(digest({ b: { d: 3, c: 2 }, a: 1 }));
    const nested = (flip: boolean) => {
      const parts = [new Set([{ k: 1 }, { k: 2 }]), new Set(['a', 'b'])];
      return new Set(flip ? [new Set(['b', 'a']), new Set([{ k: 2 }, { k: 1 }])] : parts);
    };
    expect(digest(nested(false))).toBe(digest(nested(true)));
  });

  test('digest() heeds the order of a Map', () => {
    expect(
      digest(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ),
    ).not.toBe(
      digest(
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    );
  });

  test('digest() of a view equals that of its copy, and differs by class', () => {
    const view = new Float32Array([0, 1, 2, 3]).subarray(1, 3);
    expect(digest(view)).toBe(digest(view.slice()));
    expect(digest(new Float32Array([1]))).not.toBe(digest(new Float64Array([1])));
  });

  test('digest() of a cycle depends on its form only', () => {
    const make = () => {
      const cycle: Record<string, unknown> = { list: [] };
      cycle.list = [cycle, new Set([cycle])];
      return cycle;
    };
    expect(digest(make())).toBe(digest(make()));
  });

  test('digest() is the same for values of another realm', () => {
    const source =
      '({ o: { a: 1 }, m: new Map([[1, new Set([{}])]]), d: new Date(5), r: /x/g, e: new TypeError("t"), t: new Int8Array(2) })';
    expect(digest(runInNewContext(source))).toBe(digest(runInNewContext.constructor(`return ${source}`)()));
  });

  test('digest() tells classes with one name and the same fields apart', () => {
    const [A, B] = [
      class Shape {
        r = 1;
        area() {
          return this.r;
        }
      },
      class Shape {
        r = 1;
        area() {
          return 2 * this.r;
        }
      },
    ];
    expect(digest(new A())).toBe(digest(new A()));
    expect(digest(new A())).not.toBe(digest(new B()));
    expect(digest(new A())).not.toBe(digest({ r: 1 }));
  });

  test('digest() of an entangled graph ends, and is stable', () => {
    const make = () => {
      const all: { links: unknown[] }[] = Array.from({ length: 40 }, () => ({ links: [] }));
      for (const node of all) node.links.push(...all);
      return all;
    };
    expect(digest(make())).toBe(digest(make()));
  });

  test('digest() walks 100,000 levels', () => {
    const deep = (end: number) => {
      let value: unknown = end;
      for (let level = 0; level < 100_000; level++) value = level % 2 ? [value] : { value };
      return value;
    };
    expect(digest(deep(1))).toBe(digest(deep(1)));
    expect(digest(deep(1))).not.toBe(digest(deep(2)));
  });

  test('digest() reads Blobs by content, once', async () => {
    const [blob, same] = [
      new Blob(['abc'], { type: 'text/plain' }),
      new Blob(['ab', 'c'], { type: 'text/plain' }),
    ];
    const first = hasher.digest({ blob });
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toBe(await hasher.digest({ blob: same }));
    expect(hasher.digest({ blob })).toBe(await first);
    expect(await hasher.digest(new File(['abc'], 'a'))).not.toBe(await hasher.digest(new File(['abc'], 'b')));
    const [early, late] = [1, 2].map((lastModified) => new File(['abc'], 'a', { lastModified }));
    expect(await hasher.digest(early)).toBe(await hasher.digest(late));
  });
});

describe('refusals', () => {
  class Private {
    #x = 1;
    get x() {
      return this.#x;
    }
  }
  const refused: [string, unknown, string][] = [
    ['a function', { a: [{ onEnd() {} }] }, 'arguments.a[0].onEnd'],
    ['a symbol', [Symbol('s')], 'arguments[0]'],
    ['a symbol member', [{ [Symbol('s')]: 1 }], 'arguments[0]'],
    ['a promise', new Map([['odd key', Promise.resolve()]]), 'arguments.get("odd key")'],
    ['a WeakMap', { 'odd name': new WeakMap() }, 'arguments["odd name"]'],
    ['a generator', new Set([1, (function* () {})()]), 'arguments.values()[1]'],
    ['an iterator', [[].values()], 'arguments[0]'],
    ['shared memory', [new SharedArrayBuffer(8)], 'arguments[0]'],
    ['a view of shared memory', [new Uint8Array(new SharedArrayBuffer(8))], 'arguments[0]'],
    ['private fields', [new Private()], 'arguments[0]'],
    ['arguments', [new Function('return arguments')()], 'arguments[0]'],
    ['a stream', [new ReadableStream()], 'arguments[0]'],
  ];
  test.each(refused)('digest() refuses %s with its path', (_, value, path) => {
    expect(() => digest(value)).toThrow(UnhashableArgumentError);
    expect(() => digest(value)).toThrow(`Cannot hash ${path}:`);
  });

  test('digest() refuses transferred memory', () => {
    const array = new Float64Array(4);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(() => digest([array])).toThrow('arguments[0]');
  });

  test('digest() names the place of a getter that throws', () => {
    expect(() =>
      digest({
        a: {
          get b() {
            throw new Error('no');
          },
        },
      }),
    ).toThrow('Cannot hash arguments.a.b');
  });
});

describe('options', () => {
  class Vector {
    readonly x: number;
    readonly hidden: () => number;
    constructor(x: number, hidden: () => number) {
      this.x = x;
      this.hidden = hidden;
    }
  }
  const vector: Codec<Vector, unknown> = {
    name: 'Vector',
    is: (value): value is Vector => value instanceof Vector,
    encode: ({ x }) => ({ x }),
    decode: () => new Vector(0, () => 0),
  };
  const codecs = [vector as Codec];

  test('digest() asks codecs', () => {
    const one = digest([new Vector(1, () => 1)], { codecs });
    expect(one).toBe(digest([new Vector(1, () => 2)], { codecs }));
    expect(one).not.toBe(digest([new Vector(2, () => 1)], { codecs }));
    expect(one).not.toBe(digest([{ x: 1 }], { codecs }));
  });

  test('digest() takes tokens for functions and instances', () => {
    const tokenOf = (value: object) => (typeof value === 'function' ? value.name : undefined);
    expect(digest([function f() {}], { tokenOf })).toBe(digest([{ f: function f() {} }.f], { tokenOf }));
    expect(digest([function f() {}], { tokenOf })).not.toBe(digest(['f'], { tokenOf }));
  });

  test('callKey() leaves out ignored places and AbortSignals', () => {
    const ignore = [[1], [0, 'verbose'], [0, 'list', 1]] as const;
    const signal = new AbortController().signal;
    const base = key([{ a: 1, list: [1, 2] }, 'x'], { ignore });
    expect(key([{ a: 1, verbose: true, list: [1, () => 1] }, () => 1], { ignore })).toBe(base);
    expect(key([{ a: 2, list: [1, 2] }, 'x'], { ignore })).not.toBe(base);
    expect(key([{ a: 1, signal }, 2])).toBe(key([{ a: 1 }, 2]));
    expect(key([1, signal])).toBe(key([1]));
  });

  test('callKey() ignores trailing undefined, but nothing else', () => {
    expect(key([1, undefined])).toBe(key([1]));
    expect(key([undefined, 1])).not.toBe(key([1]));
    expect(key([1, null])).not.toBe(key([1]));
    expect(key([{ a: undefined }])).not.toBe(key([{}]));
  });

  test('callKey() depends on the identity and the captured values', () => {
    const call = { identity: 'f', args: [1] };
    expect(hasher.callKey({ ...call, identity: 'g' })).not.toBe(hasher.callKey(call));
    expect(hasher.callKey({ ...call, captured: { x: 1 } })).not.toBe(hasher.callKey(call));
    expect(() => hasher.callKey({ ...call, captured: { x: () => 1 } })).toThrow('captures.x');
  });

  test('digest() may be called from within digest()', () => {
    const inner = {
      get key() {
        return digest([1, 'a', new Set([{}])]);
      },
    };
    expect(digest([1, inner, 2])).toBe(digest([1, { key: digest([1, 'a', new Set([{}])]) }, 2]));
  });

  test('digest() with SHA-256 has 64 digits', async () => {
    expect((await openKeyHasher('sha-256')).digest([1])).toMatch(/^[0-9a-f]{64}$/);
  });
});
