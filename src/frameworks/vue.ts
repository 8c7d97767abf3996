/** `keepsake/vue`: results of cached functions in components. */
import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import { type Callable, join, onChange } from './running-calls.ts';

/** What a component knows of a call. A value stays until the next one is there. */
export interface CachedRefs<T> {
  readonly value: Readonly<ShallowRef<T | undefined>>;
  readonly error: Readonly<ShallowRef<unknown>>;
  readonly isPending: Readonly<ShallowRef<boolean>>;
}

/**
 * Calls a cached function now, and whenever `args()` gives others. The end of the component aborts the call; results that
 * are deleted or replaced are asked for anew.
 */
export function useCached<A extends unknown[], T>(
  f: Callable<A, T>,
  args: () => readonly [...A],
): CachedRefs<T> {
  const value = shallowRef<T>();
  const error = shallowRef<unknown>();
  const isPending = shallowRef(true);
  const changes = shallowRef(0);
  onScopeDispose(
    onChange(f, () => {
      changes.value += 1;
    }),
  );
  watch(
    () => [changes.value, ...args()],
    (_now, _before, onCleanup) => {
      const { promise, leave } = join(f, args() as A); // spelled so that a list is taken for a tuple
      let isWanted = true;
      onCleanup(() => {
        isWanted = false;
        leave();
      });
      const settle = (result: T | undefined, failure: unknown): void => {
        if (!isWanted) return;
        value.value = result;
        error.value = failure;
        isPending.value = false;
      };
      isPending.value = true;
      promise.then(
        (result) => settle(result, undefined),
        (failure: unknown) => settle(undefined, failure),
      );
    },
    { immediate: true },
  );
  return { value, error, isPending };
}
