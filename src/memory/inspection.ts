/** What is asked about a memory, rather than of it: lists, totals, reasons. Fetched when it is asked for the first time. */
export { listMemories } from '../catalog/catalog.ts';
export { clearOrigin } from './clear-origin.ts';
export { listEntries } from './entries.ts';
export { explain, explainEntry } from './explain.ts';
export { openEntry } from './open-entry.ts';
export { functionStatistics, memoryStatistics } from './statistics.ts';
