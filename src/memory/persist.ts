/** Stores a value: bytes first, then the one transaction that makes the entry visible. */
import type { BlobStore, FilePart, FileToWrite, Writing } from '../blobs/blobs.ts';
import { type EntryRecord, type Epochs, RECORD_FORMAT, type StoredBytes } from '../catalog/catalog.ts';
import { type OutOfBandBuffer, safetensorsHeader, type TensorInfo } from '../codec/codec.ts';
import { fileLock, withLock } from '../locks/locks.ts';
import { fileNameOf } from './file-names.ts';
import type { Compression } from './options.ts';
import type { Store } from './store.ts';
import { asIs, inline, type Packed, pack } from './stored-bytes.ts';

/** Up to here an entry lives in its IndexedDB record; opening a file costs more than cloning this much. */
const INLINE_BYTES = 64 * 1024;
/** Up to here bytes are copied before persist() returns, so that they cannot change meanwhile. */
const ONE_TURN_BYTES = 8 * 2 ** 20;

export interface ValueToStore {
  readonly key: string;
  readonly functionKey: string;
  readonly functionId: string;
  readonly identity: string;
  readonly skeleton: Uint8Array;
  readonly buffers: readonly OutOfBandBuffer[];
  readonly argumentsPreview: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly computeMs: number;
  readonly epochs: Epochs;
  readonly compress: Compression | false;
}

export interface Stored {
  readonly key: string;
  /** false: a clear() came first, and nothing was kept. */
  readonly isCommitted: boolean;
  readonly isReplaced: boolean;
  readonly sizeBytes: number;
  readonly storeMs: number;
  /** Bytes of the whole memory after it. */
  readonly totalBytes: number;
}

export interface Storing {
  /** The value's bytes have been copied: the caller may have it, and change it. Never rejects later than `committed`. */
  readonly taken: Promise<void>;
  readonly committed: Promise<Stored>;
}

const sizeOf = ({ bytes }: Packed): number => (bytes instanceof Uint8Array ? bytes.byteLength : bytes.size);

const contentOf = (buffer: OutOfBandBuffer): Uint8Array<ArrayBuffer> | Blob =>
  // the codec refuses views over shared memory
  buffer.kind === 'blob' ? buffer.blob : (buffer.bytes as Uint8Array<ArrayBuffer>);

const totalOf = (packed: readonly Packed[]): number => packed.reduce((sum, each) => sum + sizeOf(each), 0);

/** Starts to store a value. Up to 8 MiB are copied before this returns. */
export function persist(store: Store, value: ValueToStore): Storing {
  const contents = [value.skeleton as Uint8Array<ArrayBuffer>, ...value.buffers.map(contentOf)];
  const { compress } = value;
  if (!compress) return persistPacked(store, value, contents.map(asIs));
  // Compression reads as a stream, later: it gets copies.
  const copies = contents.map((bytes) => (bytes instanceof Uint8Array ? bytes.slice() : bytes));
  const storing = Promise.all(copies.map((bytes) => pack(bytes, compress))).then((packed) =>
    persistPacked(store, value, packed),
  );
  return { taken: Promise.resolve(), committed: storing.then(({ committed }) => committed) };
}

function persistPacked(store: Store, value: ValueToStore, packed: readonly Packed[]): Storing {
  if (totalOf(packed) > INLINE_BYTES) return persistInFile(store, value, packed);
  const copied = Promise.all(packed.map(inline)); // inline() copies before it first awaits
  return { taken: Promise.resolve(), committed: copied.then((stored) => commit(store, value, stored)) };
}

function persistInFile(store: Store, value: ValueToStore, packed: readonly Packed[]): Storing {
  const tensors = packed.map((each, index) => tensorOf(each, value.buffers[index - 1]));
  const { header, offsets } = safetensorsHeader(tensors, { keepsake: String(RECORD_FORMAT), key: value.key });
  const file = `${store.folder}/${fileNameOf(value.functionId, value.key)}`;
  const locked = Promise.withResolvers<void>();
  const bodies = packed.map(({ bytes }, index) => ({ offset: offsets[index] ?? 0, bytes }));
  const writing = write(store, {
    file,
    parts: [{ offset: 0, bytes: header }, ...bodies],
    ready: locked.promise,
  });
  // Held until the transaction is complete: the sweep leaves the file alone meanwhile.
  const committed = withLock(fileLock(file), {}, async () => {
    locked.resolve();
    const [, ...checks] = await writing.done;
    const stored = packed.map((each, index): StoredBytes => {
      const place = { file, offset: offsets[index] ?? 0, byteLength: sizeOf(each) };
      const { compression, rawByteLength } = each;
      return { place, checks: checks[index] ?? new BigUint64Array(), compression, rawByteLength };
    });
    const outcome = await commit(store, value, stored).catch(async (error: unknown) => {
      await store.removeFiles([file]);
      throw error;
    });
    if (!outcome.isCommitted) await store.removeFiles([file]);
    return outcome;
  });
  committed.catch(locked.reject);
  return { taken: writing.taken, committed };
}

/** How a buffer appears in the file. The skeleton and compressed buffers are bytes; the others keep their type, so that any reader can use them. */
function tensorOf({ bytes, compression }: Packed, buffer: OutOfBandBuffer | undefined): TensorInfo {
  const byteLength = bytes instanceof Uint8Array ? bytes.byteLength : bytes.size;
  const isTyped = buffer !== undefined && compression === '' && buffer.kind === 'memory';
  const name = buffer?.name ?? 'keepsake.skeleton';
  if (!isTyped) return { name, dtype: 'U8', elementCount: byteLength };
  return { name, dtype: buffer.dtype, elementCount: buffer.elementCount };
}

function write(store: Store, request: FileToWrite): Writing {
  const open = store.openBlobs();
  if (!(open instanceof Promise)) return open.write(request);
  // The store is still opening: small values are copied now.
  const bytes = request.parts.reduce(
    (sum, part) => sum + ('size' in part.bytes ? part.bytes.size : part.bytes.byteLength),
    0,
  );
  const isOneTurn = bytes <= ONE_TURN_BYTES;
  const parts = isOneTurn ? request.parts.map(copyOf) : request.parts;
  const writing = open.then((blobs: BlobStore) => blobs.write({ ...request, parts }));
  const taken = isOneTurn ? Promise.resolve() : writing.then((started) => started.taken);
  return { taken, done: writing.then(({ done }) => done) };
}

const copyOf = ({ offset, bytes }: FilePart): FilePart => ({
  offset,
  bytes: bytes instanceof Uint8Array ? bytes.slice() : bytes,
});

async function commit(store: Store, value: ValueToStore, stored: readonly StoredBytes[]): Promise<Stored> {
  const [skeleton, ...buffers] = stored;
  if (!skeleton) throw new TypeError('A stored value has a skeleton');
  const { key, functionKey, functionId, createdAt, computeMs, identity, epochs } = value;
  const sizeBytes = stored.reduce((sum, { place }) => sum + place.byteLength, 0);
  const entry: EntryRecord = {
    key,
    format: RECORD_FORMAT,
    functionKey,
    revision: 0,
    skeleton,
    buffers,
    createdAt,
    computeMs,
    sizeBytes,
  };
  const storeMs = Math.max(0, Date.now() - createdAt);
  const { argumentsPreview, tags, digests } = value;
  const detail = {
    key,
    functionKey,
    functionId,
    argumentsPreview,
    createdAt,
    computeMs,
    storeMs,
    sizeBytes,
    lastUsedAt: createdAt,
    hits: 0,
    savedMs: 0,
    tags,
    digests,
  };
  const { isCommitted, isReplaced, deadFiles, totalBytes } = await store.catalog.commit({
    entry,
    detail,
    identity,
    epochs,
  });
  void store.removeFiles(deadFiles).catch(() => undefined); // left to the sweep; the new entry stands
  return { key, isCommitted, isReplaced, sizeBytes, storeMs, totalBytes };
}
