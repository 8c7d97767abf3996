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

declare global {
  var runs: number | undefined;
}

/** One that tells its runs to the whole page, where anybody may change them. */
export const tally = memory.cache(async (x: number) => {
  globalThis.runs = (globalThis.runs ?? 0) + 1;
  return x * 2;
});
