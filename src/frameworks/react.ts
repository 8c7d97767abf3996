/** `keepsake/react`: results of cached functions in components. */
import { use, useEffect, useReducer, useState } from 'react';
import { type CachedState, type Callable, isSameList, join, onChange } from './running-calls.ts';

export type { CachedState } from './running-calls.ts';

const nothing = { value: undefined, error: undefined, isPending: true };

/** Counts up with every change of the function's results. */
function useChanges<A extends unknown[], T>(f: Callable<A, T>, onEach?: () => void): number {
  const [count, raise] = useReducer((before: number) => before + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what to do besides is the same for each function
  useEffect(() => {
    return onChange(f, () => {
      onEach?.();
      raise();
    });
  }, [f]);
  return count;
}

/**
 * Calls a cached function when the component is mounted, and when an argument is another one. Leaving aborts the call;
 * results that are deleted or replaced are asked for anew. Components that wait for the same call get the same value: take
 * it for read-only.
 */
export function useCached<A extends unknown[], T>(f: Callable<A, T>, args: NoInfer<A>): CachedState<T> {
  const changes = useChanges(f);
  const [state, setState] = useState<CachedState<T>>(nothing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each argument is a dependency, the list of them is not
  useEffect(() => {
    const { promise, leave } = join(f, args);
    let isWanted = true;
    const settle = (settled: Partial<CachedState<T>>): void => {
      if (isWanted) setState({ ...nothing, isPending: false, ...settled });
    };
    setState(({ value }) => ({ ...nothing, value }));
    promise.then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
    return () => {
      isWanted = false;
      leave();
    };
  }, [f, changes, ...args]);
  return state;
}

/** So many results of a function are kept for components that suspend. */
const KEPT = 100;

interface Kept {
  readonly args: readonly unknown[];
  readonly promise: Promise<unknown>;
}

const kept = new WeakMap<object, Kept[]>();

/** React asks for the same promise at every attempt to render. */
function keep<A extends unknown[], T>(f: Callable<A, T>, args: A): Promise<T> {
  const all = kept.get(f) ?? [];
  kept.set(f, all);
  const known = all.find((each) => isSameList(each.args, args)) ?? { args, promise: f(...args) };
  if (!all.includes(known)) all.push(known);
  if (all.length > KEPT) all.shift();
  return known.promise as Promise<T>; // that of this function with these arguments
}

/** As useCached(), for components below a `<Suspense>`: gives the value, or has React wait for it; errors are thrown. */
export function useCachedValue<A extends unknown[], T>(f: Callable<A, T>, args: NoInfer<A>): T {
  useChanges(f, () => kept.delete(f));
  return use(keep(f, args));
}
