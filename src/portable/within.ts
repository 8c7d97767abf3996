/** How long something is waited for. */

/** Waits until the signal fires: then it rejects with its reason, whether or not what it waits for ever ends. */
export function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined); // nobody waits for it any more
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const LONGEST_MS = 2 ** 31 - 1;

/** Fires after so many milliseconds. Node takes whole numbers only, and no larger ones. */
export const firingAfter = (ms: number): AbortSignal =>
  AbortSignal.timeout(Math.min(Math.ceil(ms), LONGEST_MS));
