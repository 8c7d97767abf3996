/** The bytes that a result is decoded from when its typed arrays are mapped. */
import {
  type ByteSource,
  type Checksum,
  isDedicatedWorker,
  type Lease,
  MappedBuffer,
  MemorySource,
  noLease,
  StoredSource,
} from '../arrays/arrays.ts';
import { loadBackends, type SyncReader } from '../blobs/blobs.ts';
import {
  type EntryRecord,
  isSameEntry,
  loadBooks,
  type StoredBytes,
  storedBytesOf,
} from '../catalog/catalog.ts';
import { Chunk } from '../chunks/chunks.ts';
import type { OutOfBandBuffer } from '../codec/codec.ts';
import { createChecksum } from '../digest/digest.ts';
import { type DamagedEntryError, StorageUnavailableError } from '../errors/errors.ts';
import { isWriting, type MmapMode } from '../options/options.ts';
import type { StoreContext } from '../store/store.ts';
import { rangesOf, type Store } from '../store/store.ts';
import type { Codec } from '../values/values.ts';
import { OpenEntry } from './open-entry.ts';
import { pieceOf } from './piece-of.ts';

/** With what writes: dirty blocks are taken in the turn in which they are to be stored. */
const writing = new Chunk(async () => {
  const [module] = await Promise.all([import('./entry-writer.ts'), loadBooks(), loadBackends()]);
  return module;
});

/** What mapped results need to know of where they come from. */
export interface Shelf {
  readonly context: StoreContext;
  readonly store: Store;
  readonly key: string;
  readonly functionId: string;
  readonly codecs: readonly Codec[] | undefined;
}

/** A result taken apart. Pieces: 0 is the skeleton, the out-of-band buffers follow. */
export interface Pieces {
  readonly skeleton: Uint8Array;
  /** The buffer of a piece, the same for every array over it. */
  mapped(piece: number): MappedBuffer;
  /** All bytes of out-of-band buffers, for what is no typed array. */
  load(indices: readonly number[]): Promise<readonly ArrayBuffer[]>;
  lease(): Lease;
}

/** Mapped buffers, made when they are asked for. */
function buffersOf(make: (piece: number) => MappedBuffer): (piece: number) => MappedBuffer {
  const made = new Map<number, MappedBuffer>();
  return (piece) => {
    const buffer = made.get(piece) ?? make(piece);
    made.set(piece, buffer);
    return buffer;
  };
}

const refuseToStore = (): Promise<never> =>
  Promise.reject(
    new StorageUnavailableError([
      'this result was not stored, so there is nothing to write to; see "skip" events',
    ]),
  );

/** Pieces in memory that nobody else changes: of a result that is not stored, or that this realm keeps. */
export async function memoryPieces(
  skeleton: Uint8Array,
  buffers: readonly (Uint8Array | Blob)[],
  mode: MmapMode,
  lease: Lease = noLease,
): Promise<Pieces> {
  const checksum = await createChecksum();
  const persist = isWriting(mode) ? refuseToStore : undefined;
  const bytesOf = (piece: number): Uint8Array => {
    const bytes = piece === 0 ? skeleton : buffers[piece - 1];
    return bytes instanceof Uint8Array ? bytes : new Uint8Array();
  };
  return {
    skeleton,
    mapped: buffersOf((piece) => new MappedBuffer(new MemorySource(bytesOf(piece), checksum), persist)),
    load: (indices) =>
      Promise.all(indices.map((index) => new Response(buffers[index] as BodyInit | undefined).arrayBuffer())), // never shared memory
    lease: () => lease,
  };
}

export const outOfBand = (buffers: readonly OutOfBandBuffer[]): (Uint8Array | Blob)[] =>
  buffers.map((buffer) => (buffer.kind === 'blob' ? buffer.blob : buffer.bytes));

/** Says once that an entry's bytes are not what was written, and removes it unless it has changed meanwhile. */
async function reportDamage(
  { context, store, functionId }: Shelf,
  entry: EntryRecord,
  error: DamagedEntryError,
): Promise<void> {
  const { key } = entry;
  context.emit({ kind: 'damaged', functionId, key, reason: error.reason, error });
  const found = await store.find(key);
  if (found.kind === 'entry' && isSameEntry(found.entry, entry)) await store.remove([key]);
}

/** Nothing in a segment is larger. */
const MAX_KEPT_BYTES = 4 * 2 ** 20;

/** An entry on its way to becoming arrays. */
interface Opening {
  readonly shelf: Shelf;
  readonly open: OpenEntry;
  readonly checksum: Checksum;
}

/** In a dedicated worker, files stay open for readSync() as long as the arrays are. */
async function holdFiles(
  { shelf, open }: Opening,
  files: readonly string[],
): Promise<SyncReader | undefined> {
  if (!isDedicatedWorker()) return undefined;
  const reader = await shelf.store
    .openBlobs()
    .hold?.([...new Set(files)])
    .catch(() => undefined); // read() says what is wrong with them
  if (reader) open.onEnd(() => reader.release());
  return reader;
}

/**
 * Reads a piece of an entry where it is stored. Small and compressed ones are read at once, and kept; so is, for
 * readSync(), what this thread cannot hold open: in Firefox the records of a segment, which are no larger.
 */
async function sourceOf(opening: Opening, entry: EntryRecord, piece: number): Promise<ByteSource> {
  const { shelf, checksum } = opening;
  const { store, context } = shelf;
  const stored = pieceOf(entry, piece);
  const runs = rangesOf(stored);
  const isWhole = stored.place instanceof ArrayBuffer || stored.compression !== '';
  const files = runs.map(({ file }) => file);
  const reader = isWhole ? undefined : await holdFiles(opening, files);
  const isKept = isDedicatedWorker() && !reader && storedBytesOf(stored) <= MAX_KEPT_BYTES;
  if (isWhole || isKept) {
    const [bytes = new ArrayBuffer(0)] = await store.loadBytes([stored]);
    return new MemorySource(new Uint8Array(bytes), checksum);
  }
  return new StoredSource({
    ...{ runs, reader, blobs: store.openBlobs(), key: entry.key },
    async relocate() {
      const found = await store.find(entry.key);
      const isHere = found.kind === 'entry' && isSameEntry(found.entry, entry);
      return isHere ? rangesOf(pieceOf(found.entry, piece)) : undefined;
    },
    onDamaged: (error) => context.track(reportDamage(shelf, entry, error)),
  });
}

/** The pieces of a stored entry, pinned; `lease` is the opener's own, to be released when all arrays have theirs. */
export async function storedPieces(
  shelf: Shelf,
  entry: EntryRecord,
  mode: MmapMode,
): Promise<{ pieces: Pieces; open: OpenEntry; lease: Lease }> {
  const { context, store, functionId } = shelf;
  const { entry: open, lease } = OpenEntry.open(store, entry.key);
  try {
    const checksum = await createChecksum();
    const all: readonly StoredBytes[] = [entry.skeleton, ...entry.buffers];
    const [bytes = new ArrayBuffer(0)] = await store.loadBytes([entry.skeleton]);
    const skeleton = new Uint8Array(bytes);
    const opening = { shelf, open, checksum };
    const inBuffers = entry.buffers.map((_, index) => sourceOf(opening, entry, index + 1));
    const sources = [new MemorySource(skeleton, checksum), ...(await Promise.all(inBuffers))];
    const module = isWriting(mode) ? await writing.load() : undefined;
    const writer = module
      ? new module.EntryWriter(entry, {
          ...{ context, store, functionId, checksum },
          sourceOf: (revised, piece) => sourceOf(opening, revised, piece),
        })
      : undefined;
    if (writer) open.onEnd(() => context.track(writer.removeDeadFiles()));
    const mapped = buffersOf((piece) => {
      const source = sources[piece] ?? new MemorySource(new Uint8Array(), checksum);
      const buffer = new MappedBuffer(source, writer?.persist(piece));
      open.watch(buffer);
      return buffer;
    });
    const load = (indices: readonly number[]): Promise<ArrayBuffer[]> =>
      store.loadBytes(indices.flatMap((index) => all[index + 1] ?? []));
    return { pieces: { skeleton, mapped, load, lease: () => open.lease() }, open, lease };
  } catch (error) {
    await lease.release();
    throw error;
  }
}
