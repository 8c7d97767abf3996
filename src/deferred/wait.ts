/**
 * Waits by the browser's own clock: timers may be a test's, which stand still.
 * @param ms Whole milliseconds or not, Infinity for ever.
 */
export const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (ms === Number.POSITIVE_INFINITY) return;
    if (typeof AbortSignal === 'undefined' || !AbortSignal.timeout) setTimeout(resolve, ms);
    // Parts of milliseconds are refused in Node.
    else AbortSignal.timeout(Math.ceil(ms)).addEventListener('abort', () => resolve(), { once: true });
  });
