import { expect, test } from 'vitest';
import { isSelfContained, readsOuterThis } from './code-text.ts';
import { type Code, readsReceiver } from './function-source.ts';

test('isSelfContained() is a matter of what a source says, and of the `this` around it', () => {
  const k = 2;
  class Gauss {
    gain = 1;
    #k = 1;
    kernel(x: number): number {
      const twice = [x].map((each) => each * 2);
      return (twice[0] ?? 0) * this.gain;
    }
    scaled = (x: number): number => x * this.gain;
    hidden(): number {
      return this.#k;
    }
  }
  const { kernel, scaled, hidden } = new Gauss();
  const told: Code[] = [kernel, (x: number) => Math.max(x, 1)];
  expect(told.map(isSelfContained)).toEqual([true, true]);
  const untold: Code[] = [scaled, hidden, (x: number) => x * k, Math.max, kernel.bind({})];
  expect(untold.map(isSelfContained)).toEqual([false, false, false, false, false]);
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
