/** How long the page could not react: by the Long Tasks API, else by gaps between turns of the event loop. */
import type { Observation } from '../protocol.ts';

type LongestTask = Pick<Observation, 'longestTaskMs' | 'longestTaskBy'>;

const hasLongTasks = PerformanceObserver.supportedEntryTypes.includes('longtask');
/** An observer hears of a task some time after its end. */
const DELIVERY_MS = 60;

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function observeTasks(): () => Promise<LongestTask> {
  const start = performance.now();
  let longestTaskMs = 0;
  const note = (entries: PerformanceEntryList): void => {
    for (const { startTime, duration } of entries)
      if (startTime >= start) longestTaskMs = Math.max(longestTaskMs, duration);
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'longtask' });
  return async () => {
    await after(DELIVERY_MS);
    note(observer.takeRecords());
    observer.disconnect();
    return { longestTaskMs, longestTaskBy: 'long tasks' };
  };
}

function observeTurns(): () => Promise<LongestTask> {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longestTaskMs = 0;
  let isOver = false;
  port1.onmessage = () => {
    const now = performance.now();
    longestTaskMs = Math.max(longestTaskMs, now - last);
    last = now;
    if (!isOver) port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  return async () => {
    await after(0);
    isOver = true;
    port1.close();
    return { longestTaskMs, longestTaskBy: 'event loop' };
  };
}

/** Starts to watch; the result ends it and says what was seen. Starts in a task of its own. */
export async function observeLongestTask(): Promise<() => Promise<LongestTask>> {
  await after(0);
  return hasLongTasks ? observeTasks() : observeTurns();
}
