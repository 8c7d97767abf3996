/** What a timer can count; Infinity is as long. */
const LONGEST_MS = 2 ** 31 - 1;

/** Node takes whole milliseconds only, and fires at once for more than it can count. */
const wholeMs = (ms: number): number => Math.min(Math.ceil(ms), LONGEST_MS);

/** Fires after so many milliseconds, by the browser's own clock. */
export const firingAfter = (ms: number): AbortSignal => AbortSignal.timeout(wholeMs(ms));

/** Waits by the browser's own clock: timers may be a test's, which stand still. */
export const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (typeof AbortSignal === 'undefined' || !AbortSignal.timeout) setTimeout(resolve, wholeMs(ms));
    else firingAfter(ms).addEventListener('abort', () => resolve(), { once: true });
  });
