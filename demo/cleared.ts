import type { CacheEventOf } from 'keepsake';

/** Whether a 'delete' event says that nothing at all is stored any more, in which case there is nothing to ask for. */
export function isEverythingCleared({ reason, functionId, key }: CacheEventOf<'delete'>): boolean {
  return (reason === 'cleared' || reason === 'remote') && functionId === undefined && key === undefined;
}
