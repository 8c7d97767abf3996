/** Waits by the browser's own clock: timers may be a test's, which stand still. */
export const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (typeof AbortSignal === 'undefined' || !AbortSignal.timeout) setTimeout(resolve, ms);
    else AbortSignal.timeout(ms).addEventListener('abort', () => resolve(), { once: true });
  });
