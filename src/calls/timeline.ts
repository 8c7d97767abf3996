/** The browser keeps every mark, and each takes as long as finding a small value does. */
const SHORTEST_MS = 1;

/** Marks in the performance timeline what took long enough to be seen there. */
export function measure(what: 'compute' | 'hit', functionId: string, start: number, duration: number): void {
  if (duration >= SHORTEST_MS) performance.measure?.(`keepsake ${what} ${functionId}`, { start, duration });
}
