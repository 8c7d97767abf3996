/** Key spaces of code that has been replaced: a newer version of the same function is in use. */
import type { FunctionRecord } from '../catalog/catalog.ts';

type KeySpace = Pick<FunctionRecord, 'functionKey' | 'functionId' | 'entries' | 'createdAt' | 'lastUsedAt'>;

/** The one used last is the newest; a rollback that is in use again is not superseded. */
const isNewer = (a: KeySpace, b: KeySpace): boolean =>
  a.lastUsedAt === b.lastUsedAt ? a.createdAt > b.createdAt : a.lastUsedAt > b.lastUsedAt;

/** Keys of superseded key spaces that have entries, the longest unused first. */
export function supersededKeySpaces(keySpaces: readonly KeySpace[]): string[] {
  const newest = new Map<string, KeySpace>();
  for (const keySpace of keySpaces) {
    const known = newest.get(keySpace.functionId);
    if (!known || isNewer(keySpace, known)) newest.set(keySpace.functionId, keySpace);
  }
  return keySpaces
    .filter((keySpace) => keySpace.entries > 0 && newest.get(keySpace.functionId) !== keySpace)
    .sort((a, b) => a.lastUsedAt - b.lastUsedAt || a.createdAt - b.createdAt)
    .map(({ functionKey }) => functionKey);
}
