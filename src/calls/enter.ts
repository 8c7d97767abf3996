/** Enters functions one after the other, so that what one returns is taken before the next fills the same memory. */

import { isThenable } from './thenable.ts';

/** Microtasks from the end of a function to its caller, who goes on in the last of them: 16 were counted. */
const WAY_TO_CALLER = 32;

async function microtasks(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) await undefined;
}

const whenSettled: Later = async (value, take) => take(await value);

let turn: Promise<unknown> = Promise.resolve();

/** Hands over what settles later, in the turn in which it does. */
export type Later = <T>(value: PromiseLike<unknown>, take: (value: unknown) => T) => Promise<T>;

/**
 * Runs a function of this realm and hands over what it brings: at once where it is synchronous, in its own turn where it
 * settles later. Another function is entered once the caller of a synchronous one, or of one that had nothing to wait
 * for, has its value.
 */
export async function enter<T>(
  run: () => unknown,
  take: (value: unknown) => T,
  later: Later = whenSettled,
): Promise<T> {
  const entered = turn.then((): { readonly taken: T | PromiseLike<T> } => {
    const value = run();
    return { taken: isThenable(value) ? later(value, take) : take(value) };
  });
  turn = entered.then(
    () => microtasks(WAY_TO_CALLER),
    () => undefined,
  );
  return (await entered).taken;
}

/** Whether the work takes longer than a few microtasks: other code of the realm may run meanwhile. Never rejects. */
export async function isTaskLater(work: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  const note = (): void => {
    isDone = true;
  };
  work.then(note, note);
  for (let passed = 0; passed < WAY_TO_CALLER && !isDone; passed += 1) await undefined;
  return !isDone;
}
