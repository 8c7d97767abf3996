/** Calls that components wait for: shared while they run, and aborted when the last component has left for good. */
import type { CachedFunction, Memory } from 'keepsake';

/** A cached function, as far as components need it. */
export type Callable<A extends unknown[], T> = ((...args: A) => Promise<T>) &
  Pick<CachedFunction, 'id' | 'memory' | 'with'>;

/** What a component knows of a call. A value stays until the next one is there. */
export interface CachedState<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
}

interface Running {
  readonly args: readonly unknown[];
  readonly promise: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

const running = new WeakMap<object, Set<Running>>();

/** By identity, as frameworks compare dependencies. */
export const isSameList = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, index) => Object.is(each, others[index]));

function start<A extends unknown[], T>(f: Callable<A, T>, args: A, all: Set<Running>): Running {
  const controller = new AbortController();
  const call = f.with({ signal: controller.signal }) as (...args: A) => Promise<T>; // the same function, with a signal
  const started: Running = { args, controller, waiting: 0, promise: call(...args) };
  const end = (): unknown => all.delete(started);
  started.promise.then(end, end);
  all.add(started);
  return started;
}

/**
 * Calls the function, or joins a component that has. `leave()` aborts the call where nobody waits any more a turn later:
 * a component that is only taken away and put back, as React's StrictMode does, goes on with its call.
 */
export function join<A extends unknown[], T>(
  f: Callable<A, T>,
  args: A,
): { readonly promise: Promise<T>; leave(): void } {
  const all = running.get(f) ?? new Set();
  running.set(f, all);
  const call = [...all].find((each) => isSameList(each.args, args)) ?? start(f, args, all);
  call.waiting += 1;
  return {
    promise: call.promise as Promise<T>, // that of this function with these arguments
    leave: () => {
      call.waiting -= 1;
      setTimeout(() => call.waiting === 0 && call.controller.abort());
    },
  };
}

/** Tells when a result of the function was deleted, in whatever tab, or has been replaced by a newer one. */
export function onChange(f: Pick<CachedFunction, 'id' | 'memory'>, tell: () => void): () => void {
  const memory = f.memory as Memory; // its handle is the memory itself
  const listening = new AbortController();
  const options = { signal: listening.signal };
  memory.addEventListener(
    'delete',
    ({ detail }) => {
      if ((detail.functionId ?? f.id) === f.id) tell();
    },
    options,
  );
  memory.addEventListener(
    'store',
    ({ detail }) => {
      if (detail.functionId === f.id && detail.reason === 'replaced') tell();
    },
    options,
  );
  return () => listening.abort();
}
