import type { EntryRecord, StoredBytes } from '../catalog/catalog.ts';

/** The stored form of a piece: 0 is the skeleton, the buffers follow. */
export const pieceOf = ({ skeleton, buffers }: EntryRecord, piece: number): StoredBytes => {
  const stored = piece === 0 ? skeleton : buffers[piece - 1];
  if (!stored) throw new RangeError(`The entry has no piece ${piece}`);
  return stored;
};
