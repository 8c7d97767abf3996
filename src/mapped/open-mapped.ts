/** From a stored entry to a result with mapped arrays. */
import type { EntryRecord } from '../catalog/catalog.ts';
import { EntryBusyError } from '../errors/errors.ts';
import { holdLock, moveLock, withLock, writerLock } from '../locks/locks.ts';
import { isWriting, type MmapMode } from '../options/options.ts';
import { decodeMapped } from './decode-mapped.ts';
import { type Shelf, storedPieces } from './mapped-pieces.ts';

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
