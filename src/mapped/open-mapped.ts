/** From a stored entry, or from a plain value, to a result with mapped arrays. */
import type { EntryRecord } from '../catalog/catalog.ts';
import { encode } from '../codec/codec.ts';
import { EntryBusyError, UnserializableResultError } from '../errors/errors.ts';
import { holdLock, moveLock, withLock, writerLock } from '../locks/locks.ts';
import { isWriting, type MmapMode } from '../options/options.ts';
import type { Codec } from '../values/values.ts';
import { decodeMapped } from './decode-mapped.ts';
import { mapLeaves } from './map-leaves.ts';
import { memoryPieces, outOfBand, type Shelf, storedPieces } from './mapped-pieces.ts';

type Release = () => Promise<void>;

/** Compaction has the writer's lock for a moment, and is no writer. */
async function lockAfterMove(memory: string, key: string): Promise<Release | undefined> {
  return withLock(moveLock(memory, key), {}, () => holdLock(writerLock(memory, key)));
}

/** Locks the entry against other writers, where the mode writes. */
async function lockFor(mode: MmapMode, { store, key }: Shelf): Promise<Release | undefined> {
  if (!isWriting(mode)) return undefined;
  const unlock = (await holdLock(writerLock(store.name, key))) ?? (await lockAfterMove(store.name, key));
  if (!unlock) throw new EntryBusyError(key);
  return unlock;
}

/**
 * The result of the entry that `find` finds, which is asked once no other writer can come between. Of its bytes only
 * the skeleton is read. What `find` throws passes through.
 * @throws EntryBusyError where the mode writes and another writer has the entry open
 */
export async function openMapped(
  shelf: Shelf,
  mode: MmapMode,
  find: () => Promise<EntryRecord>,
): Promise<unknown> {
  const unlock = await lockFor(mode, shelf);
  try {
    const { pieces, open, lease } = await storedPieces(shelf, await find(), mode);
    if (unlock) open.onEnd(unlock);
    try {
      return await decodeMapped(pieces, { mode, codecs: shelf.codecs, key: shelf.key });
    } finally {
      await lease.release(); // the arrays have leases of their own
    }
  } catch (error) {
    await unlock?.();
    throw error;
  }
}

/** A plain value, mapped over the memory that it has. The function's own objects stay as they are. */
export async function mapValue(
  value: unknown,
  mode: MmapMode,
  codecs: readonly Codec[] | undefined,
): Promise<unknown> {
  try {
    const { skeleton, buffers } = await encode(value, { codecs });
    const pieces = await memoryPieces(skeleton, outOfBand(buffers), mode);
    return await decodeMapped(pieces, { mode, codecs, key: '' });
  } catch (error) {
    if (error instanceof UnserializableResultError) return mapLeaves(value, mode);
    throw error;
  }
}
