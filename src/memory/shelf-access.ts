/** Reads shelved results. */
import type { EntryRecord } from '../catalog/catalog.ts';
import { decode, encode, safetensorsHeader, type TensorInfo } from '../codec/codec.ts';
import { DamagedEntryError, isMemoryError, MemoryClosedError, ResultEvictedError } from '../errors/errors.ts';
import { mapValue, openMapped } from '../mapped/mapped.ts';
import type { EntryInfo, MmapMode } from '../options/options.ts';
import type { LoadedBytes, Store } from '../store/store.ts';
import type { Codec } from '../values/values.ts';
import type { Shelf } from './shelved-result.ts';

export async function readValue(shelf: Shelf, { key }: EntryInfo): Promise<unknown> {
  const { skeleton, buffers } = await load(shelf, key);
  const source = {
    buffer: (index: number): ArrayBuffer => bufferAt(buffers, index),
    blob: (index: number, type: string): Blob => new Blob([bufferAt(buffers, index)], { type }),
  };
  return decode(skeleton, source, { codecs: shelf.codecs, key });
}

export async function openArrays(
  { context, codecs }: Shelf,
  { key, functionId }: EntryInfo,
  mode: MmapMode,
): Promise<unknown> {
  const { store } = context;
  if (!store) throw new ResultEvictedError(key);
  await store.open();
  const shelf = { context, store, functionId, codecs, key };
  return typed(store, key, () => openMapped(shelf, mode, () => find(store, key)));
}

export async function readFile(shelf: Shelf, key: string): Promise<Blob> {
  const { skeleton, buffers } = await load(shelf, key);
  return tensorFile(skeleton, buffers, key);
}

/** Digest text of an entry's content, from its checksums: no byte is read. */
export const contentOf = ({ skeleton, buffers }: EntryRecord): unknown[] =>
  [skeleton, ...buffers].map(({ checks, rawByteLength, compression }) => [
    rawByteLength,
    compression,
    checks,
  ]);

export const mapHeld = mapValue;

/** The file of a value that is not stored. */
export async function heldFile(
  value: unknown,
  key: string,
  codecs: readonly Codec[] | undefined,
): Promise<Blob> {
  const { skeleton, buffers } = await encode(value, { codecs });
  const bytes = await Promise.all(
    buffers.map((buffer) =>
      buffer.kind === 'blob' ? buffer.blob.arrayBuffer() : new Uint8Array(buffer.bytes).buffer,
    ),
  );
  return tensorFile(skeleton, bytes, key);
}

async function find(store: Store, key: string): Promise<EntryRecord> {
  const found = await store.find(key);
  if (found.kind === 'absent') throw new ResultEvictedError(key);
  if (found.kind === 'unreadable') throw new DamagedEntryError(key, found.reason);
  return found.entry;
}

async function load({ context }: Shelf, key: string): Promise<LoadedBytes> {
  const { store, isClosed } = context;
  if (isClosed) throw new MemoryClosedError('The memory of this result');
  if (!store) throw new ResultEvictedError(key);
  await store.open();
  return typed(store, key, async () => store.load(await find(store, key)));
}

/** Errors of the store as those of a result. */
async function typed<R>(store: Store, key: string, read: () => Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (error) {
    if (isMemoryError(error)) throw error;
    const isGone = error instanceof Error && error.name === 'NotFoundError';
    if (isGone && (await store.find(key)).kind === 'absent') throw new ResultEvictedError(key);
    throw new DamagedEntryError(key, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function bufferAt(buffers: readonly ArrayBuffer[], index: number): ArrayBuffer {
  const buffer = buffers[index];
  if (!buffer) throw new DamagedEntryError('', `there is no buffer ${index}`);
  return buffer;
}

function tensorFile(skeleton: Uint8Array, buffers: readonly ArrayBuffer[], key: string): Blob {
  const parts = [new Uint8Array(skeleton), ...buffers.map((buffer) => new Uint8Array(buffer))];
  const tensors = parts.map(
    (bytes, at): TensorInfo => ({
      name: at === 0 ? 'keepsake.skeleton' : `buffer ${at}`,
      dtype: 'U8',
      elementCount: bytes.byteLength,
    }),
  );
  // All are bytes, so they stay in order.
  const { header } = safetensorsHeader(tensors, { key });
  return new Blob([new Uint8Array(header), ...parts]);
}
