/** `keepsake/svelte`: results of cached functions in components. */
import { untrack } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { type CachedState, type Callable, isSameList, join, onChange } from './running-calls.ts';

export type { CachedState } from './running-calls.ts';

/**
 * Calls a cached function while an effect or a template reads the result, and again whenever `args()` gives others. When
 * nobody reads it any more the call is aborted; results that are deleted or replaced are asked for anew. The members are
 * getters: destructured, they are what they were then.
 */
export function useCached<A extends unknown[], T>(
  f: Callable<A, T>,
  args: () => readonly [...A],
): CachedState<T> {
  let state: CachedState<T> = { value: undefined, error: undefined, isPending: true };
  let call: { readonly args: readonly unknown[]; leave(): void } | undefined;
  let tell: (() => void) | undefined;
  const end = (): void => {
    call?.leave();
    call = undefined;
  };
  const subscribe = createSubscriber((update) => {
    tell = update;
    const stopListening = onChange(f, () => {
      end();
      update();
    });
    return () => {
      tell = undefined;
      stopListening();
      end();
    };
  });
  function begin(wanted: A): void {
    end();
    const { promise, leave } = join(f, wanted);
    const own = { args: wanted, leave };
    call = own;
    state = { value: state.value, error: undefined, isPending: true };
    const settle = (value?: T, error?: unknown): void => {
      if (call !== own) return;
      state = { value, error, isPending: false };
      tell?.();
    };
    promise.then(settle, (error: unknown) => settle(undefined, error));
  }
  function read(): CachedState<T> {
    subscribe();
    const wanted = args() as A; // spelled so that a list is taken for a tuple
    if (tell && !(call && isSameList(call.args, wanted))) untrack(() => begin(wanted));
    return state;
  }
  return {
    get value() {
      return read().value;
    },
    get error() {
      return read().error;
    },
    get isPending() {
      return read().isPending;
    },
  };
}
