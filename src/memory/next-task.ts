/** Runs work in a task of its own, as soon as that can be. Timers of hidden pages come a second late, or a minute. */
export function nextTask(work: () => void): void {
  const { scheduler } = globalThis as { scheduler?: { postTask?(work: () => void): Promise<void> } };
  if (scheduler?.postTask) void scheduler.postTask(work);
  else setTimeout(work);
}
