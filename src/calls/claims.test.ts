import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { claim, type Evaluation, isClaimedBy } from './claims.ts';

const make = (k: number) => (x: number) => x * k;

test('claim() remembers a function that was collected: whether it was must not decide', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // the flag above defines it
  const first = (): WeakRef<object> => {
    const fn = make(1);
    expect([claim('scale', fn, undefined), claim('scale', fn, undefined)]).toEqual([true, true]);
    return new WeakRef(fn);
  };
  const held = first();
  await new Promise((resolve) => setTimeout(resolve)); // a WeakRef holds on until the task ends
  collect();
  expect(held.deref()).toBeUndefined();
  expect([claim('scale', make(2), undefined), claim('scale', make(3), undefined)]).toEqual([false, false]);
});

test('claim() lets a later evaluation of the module take over, and no other', () => {
  const at = (time: number, path = 'http://localhost/work.ts'): Evaluation => ({ path, time });
  const [old, edited, second, elsewhere] = [make(1), make(2), make(3), make(4)];
  expect(claim('work', old, at(0))).toBe(true);
  expect(claim('work', edited, at(5))).toBe(true);
  expect([isClaimedBy('work', old), isClaimedBy('work', edited)]).toEqual([false, true]);
  expect(claim('work', old, at(0))).toBe(false); // it was heard of again
  expect(isClaimedBy('work', edited)).toBe(true);
  expect(claim('work', second, at(5))).toBe(false); // two closures of one evaluation
  expect(isClaimedBy('work', edited)).toBe(false);
  const again = make(5);
  expect(claim('work', again, at(6))).toBe(true);
  expect(claim('work', elsewhere, at(9, 'http://localhost/other.ts'))).toBe(false);
  expect(isClaimedBy('work', again)).toBe(false);
});
