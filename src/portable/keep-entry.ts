/** Keeps an entry from elsewhere, whose bytes are verified. */
import type { Epochs } from '../catalog/catalog.ts';
import { StorageFullError } from '../errors/errors.ts';
import type { EntryDetails, PortableEntry } from '../pack-format/pack-format.ts';
import { bytesOfParts } from '../pack-format/pack-format.ts';
import {
  type Booked,
  type Packed,
  persistPacked,
  type StoreContext,
  type Stored,
  storeOrMakeRoom,
} from '../store/store.ts';

export interface EntryToKeep {
  readonly entry: PortableEntry;
  readonly details: EntryDetails;
  /** Of the parts, verified; nobody changes them any more. */
  readonly contents: readonly (Uint8Array | Blob)[];
  /** Read before the bytes were fetched: a clear() in between keeps it out. */
  readonly epochs: Epochs;
}

const packedOf = ({ entry, contents }: EntryToKeep): Packed[] =>
  entry.parts.map(({ compression, rawByteLength }, part) => ({
    bytes: contents[part] ?? new Uint8Array(),
    compression,
    rawByteLength,
  }));

/** @returns Whether it was kept; false where a clear() came first. @throws what the store raises */
export async function keepEntry(context: StoreContext, toKeep: EntryToKeep): Promise<boolean> {
  const { store } = context;
  if (!store || context.isClosed) return false;
  const { entry, details, epochs } = toKeep;
  const sizeBytes = bytesOfParts(entry.parts);
  const maxBytes = await context.maxBytes();
  if (sizeBytes > maxBytes) throw new StorageFullError(sizeBytes, maxBytes);
  const found = await store.find(entry.key);
  if (found.kind === 'entry' && found.entry.createdAt >= entry.createdAt) return true;
  const { parts: _, ...rest } = entry;
  const value = {
    ...{ ...rest, ...details, version: details.version, maxAgeMs: details.maxAgeMs, epochs },
    ...{ buffers: [], importedAt: Date.now(), isNew: found.kind === 'absent', guard: undefined },
  } as const;
  const stored = await storeOrMakeRoom(
    () => persistPacked(store, value, packedOf(toKeep)),
    () => context.makeRoom(store, sizeBytes),
  );
  return announce(context, entry, stored);
}

async function announce(
  context: StoreContext,
  { key, functionId }: PortableEntry,
  stored: Stored,
): Promise<boolean> {
  const { store } = context;
  const booked: Booked = (await stored.booked) ?? stored;
  if (!store || !stored.isCommitted || !booked.isCommitted) return false;
  const { sizeBytes, storeMs } = stored;
  context.emit({ kind: 'store', functionId, key, reason: 'imported', sizeBytes, storeMs });
  context.onStored(store, { ...stored, ...booked });
  return true;
}
