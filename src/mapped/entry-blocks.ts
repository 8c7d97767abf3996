/** Where the blocks of a buffer are, when it is kept in several runs. Arithmetic only. */
import { BLOCK_BYTES } from '../blobs/blobs.ts';
import { type Extent, extentsOf, type StoredBytes } from '../catalog/catalog.ts';

export interface BlockPlace {
  readonly file: string;
  readonly offset: number;
}

/** A buffer in more files keeps too many dead bytes, and takes too many open handles. */
const MAX_FILES = 8;

const lengthOf = (block: number, byteLength: number): number =>
  Math.min(BLOCK_BYTES, byteLength - block * BLOCK_BYTES);

function placesOf(stored: StoredBytes): BlockPlace[] {
  return extentsOf(stored).flatMap(({ file, offset, byteLength }) =>
    Array.from({ length: Math.ceil(byteLength / BLOCK_BYTES) }, (_, block) => ({
      file,
      offset: offset + block * BLOCK_BYTES,
    })),
  );
}

/**
 * Where each block is now, and which of the unchanged ones are to be written with the changed ones: those outside of
 * the file that has most of them, once there are too many files.
 */
export function blockPlaces(
  stored: StoredBytes,
  dirty: ReadonlyMap<number, unknown>,
): { places: BlockPlace[]; strays: number[] } {
  const places = placesOf(stored);
  const counts = new Map<string, number>();
  for (const [block, { file }] of places.entries()) {
    if (!dirty.has(block)) counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  if (counts.size < MAX_FILES) return { places, strays: [] };
  const [[most] = ['']] = [...counts].sort(([, a], [, b]) => b - a);
  const strays = places.flatMap(({ file }, block) => (file !== most && !dirty.has(block) ? [block] : []));
  return { places, strays };
}

/** Neighbours that also are neighbours in one file make a run. */
export function runsOf(places: readonly BlockPlace[], byteLength: number): Extent[] {
  const runs: { file: string; offset: number; byteLength: number }[] = [];
  for (const [block, { file, offset }] of places.entries()) {
    const length = lengthOf(block, byteLength);
    const last = runs.at(-1);
    if (last?.file === file && last.offset + last.byteLength === offset) last.byteLength += length;
    else runs.push({ file, offset, byteLength: length });
  }
  return runs;
}
