import { expect, test } from 'vitest';
import { unsaidBy } from './free-names.ts';

/** A source, and the names that it takes from outside; '?' where it is not understood. */
const sources: [string, string][] = [
  ['class U { v = 1; get() { return this.v * k } }', 'k'],
  ['class U { v = 1\n w = 2\n get() { return this.v } }', ''],
  ['class U { v = k\n w = 2\n get() { return this.v } }', 'k'],
  ['class U { a(k){ return k } get() { return k } }', 'k'],
  ['class U { get() { [1].map((k) => k); return this.v * k } }', 'k'],
  ['class U { get() { [1].map(k => k > 1 ? k : 2); return this.v } }', ''],
  ['class U { get() { [1].map(k => k)\n return k } }', 'k'],
  ['class U { get() { for (const k of this.xs) { this.s += k } return 1 } }', ''],
  ['class U { get() { for (const k of this.xs) this.s += k; return k } }', 'k'],
  ['class U { get() { for (let i = 0; i < 3; i++) this.s += i; return 1 } }', ''],
  ['class U extends B { get() { return B.prototype.x.call(this) } }', ''],
  ['class U { static k = 1; get() { return U.k } }', ''],
  ['class U { get() { return `a${k}b${`${j}`}` } }', 'k,j'],
  ['class U { get() { return /\'/g.test(this.s) + k + "\'" } }', 'k'],
  ['class U { get() { return (1) / 2 / k } }', 'k'],
  ["class U { get() { return (1) /'/ k } }", '?'],
  ['class U { get() { try { x() } catch (e) { throw e } } }', 'x'],
  ['class U { get({ a: b = c, ...d }, [e, f = g]) { return a + b + d + e + f } }', 'c,g,a'],
  ['class U { get() { return { a: 1, b, c() { return 1 }, [d]: 2, get e() { return f } } } }', 'b,d,f'],
  ['class U { get() { const { x, y: z } = this, w = x; return x + z + w } }', ''],
  ['class U { get() { const me = this; function go(n) { return n && go(n - 1) } return go(3) } }', ''],
  ['class U { #k; get() { return this.#k } }', 'private'],
  ['class U { has(o) { return #k in o } }', 'private'],
  ['function S() { this.a = 1 }', ''],
  ['get() { return this.v * k }', 'k'],
  ['get x() { return this.v * k }', 'k'],
  ['async *[Symbol.iterator]() { yield* this.xs }', ''],
  ['(a, b = 2) => a * b * c', 'c'],
  ['class U { get() { return import("./x") } }', 'import'],
  ['class U { get() { return a ? k : j } }', 'a,k,j'],
  ['class U { get() { k: for (;;) { break k } } }', ''],
  ['class U { get() { return new.target } }', ''],
  ["class U { set v(x) { this.y = x } static { U.z = 1 } static async *g() {} 'a b'() {} 1() {} }", ''],
  ['class U { get; set; static; async = 1; get get() { return 1 } }', ''],
  ['class U { get() { switch (this.a) { case k: return 1; default: return 2 } } }', 'k'],
  ['class U { get() { return i++ / 2 / k } }', 'i,k'],
  ['class U { get() { if (this.a) { var q = 1 } return q } }', 'q'],
  ['class U { get() { return \\u006b } }', '?'],
  ['class U { get() { const f = async (a) => { await a }, g = async b => b; return f, g } }', ''],
  ['class U { get() { label: while (1) { continue label } } x = () => { return y } }', 'y'],
  ['class U { get() { return typeof window } }', 'window'],
  ['class U { get() { return this.a\n/k/g } }', 'k,g'],
  ['class U { k\n(x) { return k } }', 'k'],
  ['class U{get(t){return t}scale(){return this.v*t}}', 't'],
  ['class U { get() { let let_ = 1; let x; x = 2; return x + let_ } }', ''],
  ['class U { get() { do { this.a++ } while (this.a < k) } }', 'k'],
  ['class U { async get() { for await (const x of this.y) { z(x) } } }', 'z'],
  ['class U { get() { return (function k() { return k })() + k } }', 'k'],
  ['class U { get() { return class K { k() { return K } } } m() { return K } }', 'K'],
  ['class Z extends (0, x.y)(z) { a() { return 1 } }', ''],
  ['class U { get(){ return this.a.of / 2 / k } }', 'k'],
  ['class U { get(){ const a = 1, b = (x) => x * a, c = b(2); return c } }', ''],
  ['class U { get(){ return [1,2].reduce((s, x) => s + x, 0) } }', ''],
  ['class U { get(){ return x\n=> 1 } }', ''],
  [
    'class U { a() { return get * 2 } b() { return set[0] } c() { return async + static_ } }',
    'get,set,async,static_',
  ],
  ['class U { a() { get[0] = 1; { set * 2 } return of } }', 'get,set,of'],
  [
    'class U { a() { return { get b() { return 1 }, set [c](d) {}, async *e() {}, async: 1, get: 2 } } }',
    'c',
  ],
  [
    'class U { a() { return async function () {} } b() { return async x => x } c() { return async (x) => x } }',
    '',
  ],
  [
    'class U { static async *a() {} static get b() { return 1 } accessor c = k; static { d } async\n e() {} }',
    'k,d',
  ],
  ['class U { a() { return [...k, k?.j, f`x`, (g)] } }', 'k,f,g'],
  ['class U { a() { for (const of of [1]) return of } }', ''],
  ['class U extends class B { b() { return k } } { a() { return 1 } }', ''],
  ['class U { a() { return class extends K {} } }', 'K'],
  ['class U { a() { return new (class extends mix(k) { b() { return 1 } })() } }', 'mix,k'],
];

test.each(sources)('unsaidBy(%s) finds what comes from outside', (source, expected) => {
  const { hasPrivateFields, names } = unsaidBy(source);
  expect(hasPrivateFields ? 'private' : (names?.join(',') ?? '?')).toBe(expected);
});

test('unsaidBy() of a class or function of this file, however it is written, is what it captures', () => {
  const k = 2;
  class Plain {
    #secret = 1;
    get() {
      return this.#secret;
    }
  }
  const codes: [unknown, string[] | 'private'][] = [
    [
      class {
        v = 1;
        get() {
          return Math.hypot(this.v);
        }
      },
      [],
    ],
    [
      class {
        get() {
          return k;
        }
      },
      ['k'],
    ],
    [(x: number) => x * k, ['k']],
    [
      function named(n: number): number {
        return n > 0 ? named(n - 1) : 0;
      },
      [],
    ],
    [Plain, 'private'],
    [
      async function* all(xs: number[]) {
        for (const x of xs) yield [x, ...xs.map((y) => y + x)];
      },
      [],
    ],
  ];
  for (const [code, expected] of codes) {
    const { hasPrivateFields, names } = unsaidBy(String(code));
    expect(hasPrivateFields ? 'private' : names).toEqual(expected);
  }
});
