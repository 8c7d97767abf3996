/** The same names in one file, which fetches nothing later: for workers that are built as one script, and service workers. */
export * from './index.ts';
