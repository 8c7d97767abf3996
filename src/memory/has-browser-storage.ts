/** Whether there is a database here, if only to be refused. */
export function hasBrowserStorage(): boolean {
  try {
    return typeof indexedDB !== 'undefined';
  } catch {
    return true; // refused: values are kept for the page
  }
}

/** Whether anything can be kept by this option: 'memory' needs no browser. */
export const hasStorage = (storage: string | null): boolean =>
  storage === 'memory' || (storage !== null && hasBrowserStorage());
