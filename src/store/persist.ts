/** Stores a value: bytes first, then the one transaction that makes the entry visible. */

import { isSegment, type Place, type SourceGuard, type Written } from '../blobs/blobs.ts';
import {
  type CommitOutcome,
  type EntryRecord,
  type EntryTier,
  type Epochs,
  extentsOf,
  RECORD_FORMAT,
  type ResultSummary,
  type StoredBytes,
} from '../catalog/catalog.ts';
import { type OutOfBandBuffer, safetensorsHeader, type TensorInfo } from '../codec/codec.ts';
import { deferred } from '../deferred/deferred.ts';
import { fileLock, withLock } from '../locks/locks.ts';
import type { Compression } from '../options/options.ts';
import type { Store } from './entry-store.ts';
import { fileNameOf } from './file-names.ts';
import { asIs, inline, type Packed, pack } from './stored-bytes.ts';

/** Up to here an entry lives in IndexedDB: one get is all of a hit, or two from 48 KiB on. A file takes a turn to the storage worker. */
const INLINE_BYTES = 96 * 1024;

/** A skeleton of this size stays in the record even where the buffers go to a file: what a mapped hit needs is one get. */
const INLINE_SKELETON_BYTES = 16 * 1024;

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
  readonly result: ResultSummary;
  readonly version: string | undefined;
  readonly maxAgeMs: number | undefined;
  readonly createdAt: number;
  readonly computeMs: number;
  /** When what was computed elsewhere came here: in place of `createdAt` for the order of evictions. */
  readonly importedAt?: number;
  readonly epochs: Epochs;
  /** The store has nothing under the key, as far as is known. */
  readonly isNew: boolean;
  readonly compress: Compression | false;
  /** Of the skeleton and the buffers, where these may change while they are copied. */
  readonly guard: SourceGuard | undefined;
}

/** What is known of a value whose bytes are packed. */
export interface PackedValue extends Omit<ValueToStore, 'skeleton' | 'compress' | 'result'> {
  /** Of a value from elsewhere it may not be known. */
  readonly result?: ResultSummary | undefined;
}

export interface Stored {
  readonly key: string;
  /** false: a clear() came first, and nothing was kept. */
  readonly isCommitted: boolean;
  readonly isReplaced: boolean;
  readonly sizeBytes: number;
  readonly storeMs: number;
  /** Bytes of the whole memory after it; 0 where that is known once it is booked. */
  readonly totalBytes: number;
  /** What became of it in the books, where they come later: it may still turn out that a clear() came first. */
  readonly booked?: Promise<Booked>;
}

export type Booked = Pick<Stored, 'isCommitted' | 'totalBytes'>;

const sizeOf = ({ bytes }: Packed): number => (bytes instanceof Uint8Array ? bytes.byteLength : bytes.size);

const contentOf = (buffer: OutOfBandBuffer): Uint8Array<ArrayBuffer> | Blob =>
  // the codec refuses views over shared memory
  buffer.kind === 'blob' ? buffer.blob : (buffer.bytes as Uint8Array<ArrayBuffer>);

const totalOf = (packed: readonly Packed[]): number => packed.reduce((sum, each) => sum + sizeOf(each), 0);

/** Stores a value. Its bytes are the store's own, or guarded. */
export async function persist(store: Store, value: ValueToStore): Promise<Stored> {
  const contents = [value.skeleton as Uint8Array<ArrayBuffer>, ...value.buffers.map(contentOf)];
  const { compress, guard } = value;
  if (!compress) return persistPacked(store, value, contents.map(asIs));
  // Compression reads as a stream, later: what may change is copied for it in this turn.
  const copies = contents.map((bytes) => (guard && bytes instanceof Uint8Array ? bytes.slice() : bytes));
  guard?.assertIntact();
  const packed = await Promise.all(copies.map((bytes) => pack(bytes, compress)));
  return persistPacked(store, { ...value, guard: undefined }, packed);
}

/** Stores what is packed already. */
export async function persistPacked(
  store: Store,
  value: PackedValue,
  packed: readonly Packed[],
): Promise<Stored> {
  if (totalOf(packed) > INLINE_BYTES) return persistInFile(store, value, packed);
  const stored = await Promise.all(packed.map(inline));
  value.guard?.assertUnchanged(stored.map(({ checks }) => checks));
  const { late, ...outcome } = await commit(store, value, stored);
  return late === undefined ? outcome : { ...outcome, booked: late };
}

/** Bytes that are on disk and that nothing points at yet. */
interface Landed extends Written {
  /** Of each packed buffer, from the place's offset. */
  readonly offsets: readonly number[];
  readonly byteLength: number;
}

function persistInFile(store: Store, value: PackedValue, packed: readonly Packed[]): Promise<Stored> {
  const tensors = packed.map((each, index) => tensorOf(each, index, value.buffers[index - 1]));
  const metadata = { keepsake: String(RECORD_FORMAT), key: value.key };
  const { header, offsets, byteLength } = safetensorsHeader(tensors, metadata);
  const file = `${store.folder}/${fileNameOf(value.functionId, value.key)}`;
  const bodies = packed.map(({ bytes }, index) => ({ offset: offsets[index] ?? 0, bytes }));
  const pending = pendingLock(file);
  const writing = store.openBlobs().write({
    file,
    label: value.key,
    parts: [{ offset: 0, bytes: header }, ...bodies],
    claim: pending.take,
    guard: 'caller',
  });
  writing.taken.catch(() => undefined); // told by `done`
  return writing.done
    .then(({ checks: [, ...checks], ...place }) =>
      commitLanded(store, value, packed, { ...place, checks, offsets, byteLength }),
    )
    .finally(pending.release);
}

/** Held from before a file is created until the transaction is complete: the sweep leaves the file alone meanwhile. */
function pendingLock(file: string): { take: () => Promise<void>; release: () => void } {
  const released = deferred<void>();
  const take = (): Promise<void> =>
    new Promise((resolve, reject) => {
      withLock(fileLock(file), {}, () => {
        resolve();
        return released.promise;
      }).catch(reject);
    });
  return { take, release: released.resolve };
}

/** Commits what was written, and lets go of it if that is refused. */
async function commitLanded(
  store: Store,
  value: PackedValue,
  packed: readonly Packed[],
  landed: Landed,
): Promise<Stored> {
  const blobs = store.openBlobs();
  let place: Place = landed;
  const settle = async (isKept: boolean): Promise<void> => {
    blobs.settle(place, isKept);
    if (!isKept && !isSegment(place.file)) await store.removeFiles([place.file]);
  };
  /** The segment's last entry went meanwhile, and the segment with it: the record moves to another one. */
  const move = async (): Promise<Committed> => {
    place = await blobs.copyRecord(landed.file, { ...landed, label: value.key });
    blobs.settle(landed, false);
    return commit(store, { ...value, isNew: false }, await storedAt(place, packed, landed));
  };
  const see = async (outcome: Committed | CommitOutcome): Promise<Booked> => {
    let isKept = false;
    try {
      const final = outcome.isFileDoomed ? await move() : outcome;
      isKept = final.isCommitted;
      return final;
    } finally {
      await settle(isKept);
    }
  };
  let outcome: Committed;
  try {
    value.guard?.assertUnchanged(landed.checks);
    outcome = await commit(store, value, await storedAt(place, packed, landed));
  } catch (error) {
    await settle(false);
    throw error;
  }
  const { late, ...stored } = outcome;
  if (late === undefined) return { ...stored, ...(await see(outcome)) };
  const booked = late.then(see);
  store.noteBooking(value.key, booked);
  return { ...stored, booked };
}

function storedAt(
  { file, offset }: Place,
  packed: readonly Packed[],
  { offsets, checks }: Landed,
): Promise<StoredBytes[]> {
  const all = packed.map(async (each, index): Promise<StoredBytes> => {
    if (index === 0 && sizeOf(each) <= INLINE_SKELETON_BYTES) return inline(each);
    const extent = { file, offset: offset + (offsets[index] ?? 0), byteLength: sizeOf(each) };
    const { compression, rawByteLength } = each;
    return { place: extent, checks: checks[index] ?? new BigUint64Array(), compression, rawByteLength };
  });
  return Promise.all(all);
}

/** How a buffer appears in the file. The skeleton and compressed buffers are bytes; the others keep their type, so that any reader can use them. */
function tensorOf(
  { bytes, compression }: Packed,
  index: number,
  buffer: OutOfBandBuffer | undefined,
): TensorInfo {
  const byteLength = bytes instanceof Uint8Array ? bytes.byteLength : bytes.size;
  const isTyped = buffer !== undefined && compression === '' && buffer.kind === 'memory';
  const name = index === 0 ? 'keepsake.skeleton' : (buffer?.name ?? `buffer ${index}`);
  if (!isTyped) return { name, dtype: 'U8', elementCount: byteLength };
  return { name, dtype: buffer.dtype, elementCount: buffer.elementCount };
}

/** Where the bytes of an entry are; a revision of it puts them in the same kind of place. */
function tierOf({ catalog, status }: Store, { skeleton, buffers }: EntryRecord): EntryTier {
  if (!catalog.isPersistent) return 'memory';
  const files = [skeleton, ...buffers].flatMap(extentsOf).map(({ file }) => file);
  if (files.length === 0 || status.tier === 'indexeddb') return 'database';
  return files.every(isSegment) ? 'segment' : 'file';
}

interface Committed extends Stored {
  /** Why it was refused: a file that it points at is about to be removed. */
  readonly isFileDoomed: boolean;
  /** What the books say, where they come later. */
  readonly late?: Promise<CommitOutcome>;
}

/** Values with a file of their own are large: what they make too much is to be seen at once. */
const isBookedLater = (stored: readonly StoredBytes[]): boolean =>
  stored.every(({ place }) => place instanceof ArrayBuffer || isSegment(place.file));

async function commit(store: Store, value: PackedValue, stored: readonly StoredBytes[]): Promise<Committed> {
  const [skeleton, ...buffers] = stored;
  if (!skeleton) throw new TypeError('A stored value has a skeleton');
  const {
    key,
    functionKey,
    functionId,
    createdAt,
    computeMs,
    identity,
    epochs,
    importedAt = createdAt,
  } = value;
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
  const storeMs = Math.max(0, Date.now() - importedAt);
  const { argumentsPreview, tags, digests, result, version, maxAgeMs } = value;
  const detail = {
    key,
    functionKey,
    functionId,
    argumentsPreview,
    createdAt,
    computeMs,
    storeMs,
    sizeBytes,
    lastUsedAt: importedAt,
    hits: 0,
    savedMs: 0,
    tags,
    digests,
    identity,
    tier: tierOf(store, entry),
    ...(result && { result }),
    ...(version !== undefined && { version }),
    ...(maxAgeMs !== undefined && { expiresAt: createdAt + maxAgeMs }),
  };
  const request = { entry, detail, identity, epochs };
  const added = value.isNew && isBookedLater(stored) ? await store.catalog.add(request) : undefined;
  if (added) {
    const fresh = { isCommitted: true, isReplaced: false, isFileDoomed: false, totalBytes: 0 };
    return { ...fresh, key, sizeBytes, storeMs, late: added.booked };
  }
  const { deadFiles, ...outcome } = await store.catalog.commit(request);
  void store.removeFiles(deadFiles).catch(() => undefined); // left to the sweep; the new entry stands
  return { ...outcome, key, sizeBytes, storeMs };
}
