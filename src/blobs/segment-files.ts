/** Where segments are, and who may change one. */
import { splitPath } from './folders.ts';

const ENDING = '.segment';

/** A function may have the same label: its files end differently. */
export const segmentFolder = (folder: string): string => `${folder}/segments`;

export const isSegment = (file: string): boolean => file.endsWith(ENDING);

/** The folder of the memory that a segment belongs to. */
export const memoryOf = (segment: string): string => splitPath(segment)[0].replace(/\/segments$/, '');

/** Later names sort behind earlier ones. */
export function segmentName(folder: string): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `${segmentFolder(folder)}/${Date.now().toString(36).padStart(9, '0')}-${random.toString(36)}${ENDING}`;
}

/** Segments among the files of a memory, the latest first. */
export const segmentsAmong = (folder: string, files: readonly string[]): string[] =>
  files
    .filter((file) => isSegment(file) && splitPath(file)[0] === segmentFolder(folder))
    .sort()
    .reverse();

/** Web Lock without which nobody appends to a segment, truncates or removes it. */
export const leaseOf = (segment: string): string => `keepsake-lease:${segment}`;
