/** State that only the function itself changes. */
import { memory } from './memory.ts';

let entered = 0;
export const timesEntered = (): number => entered;
export const counted = memory.cache(async (x: number) => {
  entered += 1;
  return x * 2;
});

const memo = new Map<number, number>();
export const memoised = memory.cache(async (x: number) => {
  if (!memo.has(x)) memo.set(x, x * 3);
  return memo.get(x) ?? Number.NaN;
});
