import { expect, test } from 'vitest';
import { type Code, isSelfContained, readsOuterThis, readsReceiver } from './code-text.ts';

test.each([
  '(x) => x * 2',
  'x => x.k',
  '(a, b) => a - b',
  'async ({ a, b }, ...rest) => Math.max(a, b, rest.length)',
  'function (x) { return x * this.k; }',
  'kernel(x) { return new Float64Array(x); }',
  'class A {}',
  'class Gauss extends Filter { kernel(x) { return x * 2 } }',
  'class { gain = 2; static K = [1, 2]; #k; get scale() { return this.#k * 3; } async run(x) { return super.run(x); } }',
  'class A extends lib.Base { scale = sized(3); constructor(k) { super(k); this.k = normal(k); }  a(x) { return x }\n  b(y) { return y } }',
])('isSelfContained(): %s', (source) => {
  expect(isSelfContained(source)).toBe(true);
});

test.each([
  '(x) => x * k',
  '(x) => x * // a.\n k',
  '(x) => [...k, x]',
  '(x, y = k) => x',
  '({ a: b }) => a',
  '({ a = k }) => a',
  '(x) => `${k}`',
  '(x) => this.k * x',
  '(x) => eval("k")',
  'function f(x) { return arguments.length + g(x); }',
  'function (x) { return super.run(x); }',
  '(x) => document.title',
  'function max() { [native code] }',
  'class extends mixin(Base) { run(x) { return x } }',
  'class A { run(x) { return x * k } }',
  'class A { kernel = (x) => x * k; }',
  'class A { gain = 1\n  kernel = (x) => x * k }',
  'class A { static { register(this); } }',
  'class A { [name](x) { return x } }',
  'class A { run(x, y = k) { return x } }',
])('isSelfContained() is false: %s', (source) => {
  expect(isSelfContained(source)).toBe(false);
});

test('readsReceiver() and readsOuterThis() tell arrow functions from others', () => {
  class A {
    k = 1;
    arrow = async (x: number) => this.k * x;
    method(x: number) {
      return this.k * x;
    }
    async(x: number) {
      return this.k * x;
    }
  }
  const { arrow, method, async } = new A();
  expect([arrow, method, async, (x: number) => x].map(readsReceiver)).toEqual([false, true, true, false]);
  const sources: Code[] = [arrow, method, async];
  expect(sources.map((code) => readsOuterThis(String(code)))).toEqual([true, false, false]);
  expect(readsReceiver(Array.prototype.join)).toBe(true);
});
