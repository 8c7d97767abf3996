/** Functions that return memory which they go on using. For tests of what is stored of it, in any realm. */
import { Memory } from '../memory/memory.ts';

/** Whether all elements are this number. */
export const isAll = (array: Float32Array, value: number): boolean =>
  array.length > 0 && array.every((element) => element === value);

/** What a caller and the next page have of a result whose memory the function fills anew in its next task. */
export interface Kept {
  readonly isCallersRight: boolean;
  /** What is stored; `undefined` for nothing. */
  readonly isStoredRight: boolean | undefined;
}

/** Calls a function that fills its memory with ones, returns it, and fills it with nines in the next task. */
export async function callRefilled(name: string, elementCount: number): Promise<Kept> {
  const scratch = new Float32Array(elementCount);
  let refilled = Promise.resolve();
  const options = { id: 'refilled', captures: () => ({}) };
  const memory = new Memory({ name });
  const f = memory.cache(async () => {
    scratch.fill(1);
    refilled = new Promise((resolve) => {
      setTimeout(() => {
        scratch.fill(9);
        resolve();
      });
    });
    return scratch;
  }, options);
  const isCallersRight = isAll(await f(), 1);
  await refilled;
  await memory.flush();
  await memory.close();
  const next = new Memory({ name });
  let isComputed = false;
  const again = next.cache(f.fn, options);
  next.addEventListener('compute', () => {
    isComputed = true;
  });
  const stored = await again();
  await next.close();
  return { isCallersRight, isStoredRight: isComputed ? undefined : isAll(stored, 1) };
}
