/** Promises that are settled from outside: Promise.withResolvers(), which engines before 2024 do not have; and by the clock. */
export { firingAfter, wait } from './wait.ts';

/** A promise, and what settles it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (!settle) throw new TypeError('A promise runs its executor at once');
  return { promise, ...settle };
}
