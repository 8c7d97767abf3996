/** Whether there is a database here, if only to be refused. */
export function hasBrowserStorage(): boolean {
  try {
    return typeof indexedDB !== 'undefined';
  } catch {
    return true; // refused: values are kept for the page
  }
}
