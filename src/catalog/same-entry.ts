/** Whether what was found is what was read before: a lookup asks, too. */
import { type EntryRecord, extentsOf } from './schema.ts';

/** Whether both are one revision of one computed value. */
export const isSameEntry = (found: EntryRecord | undefined, base: EntryRecord): boolean =>
  found !== undefined &&
  found.revision === base.revision &&
  found.createdAt === base.createdAt &&
  found.computeMs === base.computeMs;

const filesIn = ({ skeleton, buffers }: EntryRecord): string =>
  [...new Set([skeleton, ...buffers].flatMap(extentsOf).map(({ file }) => file))].join();

/** Whether both have their bytes in the same files: compaction moves them within a revision. */
export const isSamePlace = (a: EntryRecord, b: EntryRecord): boolean => filesIn(a) === filesIn(b);
