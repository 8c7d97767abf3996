/** Bytes in files that are written once and read by range; the tier is found by doing. */
import { createChecksum } from '../digest/digest.ts';
import type { BlobStore, BlobTier } from './blob-store.ts';
import {
  type Backends,
  ChosenBlobs,
  type OnOpened,
  type OpenedTier,
  type ProbedBlobs,
} from './chosen-blobs.ts';
import { StorageWorkerClient } from './client.ts';
import { FileReads } from './file-reads.ts';
import { hasSyncAccess, InThreadClient } from './in-thread.ts';
import { KeyedBlobs, type KeyedBytes, mapOfBytes } from './keyed-blobs.ts';
import { SyncBlobs } from './sync-blobs.ts';
import { WritableBlobs } from './writable-blobs.ts';

export type { BlobStore, BlobTier, FilePart, FileToWrite, Slice, Writing, Written } from './blob-store.ts';
export type { OpenedTier } from './chosen-blobs.ts';
export { estimateQuotaBytes } from './estimate.ts';
export { removeFolder } from './folders.ts';
export type { KeyedBytes } from './keyed-blobs.ts';
export {
  BLOCK_BYTES,
  type Place,
  type SegmentRecord,
  type SliceToRead,
  type StoredFile,
  type StoredRange,
  type SyncReader,
} from './protocol.ts';
export { isSegment, leaseOf } from './segment-files.ts';
export { blockChecks, isChangedWhileStoring, SourceGuard } from './source-guard.ts';

export interface BlobStoreOptions {
  /** Folder of the memory, below the origin's root. */
  readonly folder: string;
  readonly wanted: 'auto' | 'opfs' | 'indexeddb' | 'memory' | BlobTier;
  readonly workerFactory?: (() => Worker) | undefined;
  /** Keeps bytes where there is no private file system. */
  readonly keyedBytes: KeyedBytes;
  readonly onOpened?: OnOpened;
}

/** A blob store that says which tier it found. */
export type OpenBlobStore = BlobStore & { opened(): Promise<OpenedTier> };

const tiersOf: Record<BlobStoreOptions['wanted'], readonly BlobTier[]> = {
  auto: ['sync', 'writable', 'indexeddb'],
  opfs: ['sync', 'writable'],
  sync: ['sync'],
  writable: ['writable'],
  indexeddb: ['indexeddb'],
  memory: ['memory'],
};

async function openBackends({
  folder,
  wanted,
  workerFactory,
  keyedBytes,
}: BlobStoreOptions): Promise<Backends> {
  const checksum = await createChecksum();
  const client = hasSyncAccess() ? new InThreadClient() : new StorageWorkerClient(workerFactory);
  const sync = new SyncBlobs(folder, client, checksum);
  const stores: Record<BlobTier, () => ProbedBlobs> = {
    sync: () => sync,
    writable: () => new WritableBlobs(folder, checksum),
    indexeddb: () => new KeyedBlobs(keyedBytes, checksum),
    memory: () => new KeyedBlobs(mapOfBytes(), checksum),
  };
  const tiers = tiersOf[wanted].map((tier) => [tier, stores[tier]()] as const);
  const readsFiles = tiersOf[wanted].includes('sync');
  const early = client.isInThread ? sync : new FileReads(checksum);
  return { tiers, early: readsFiles ? early : undefined, checksum };
}

/** A store over the folder; nothing is opened before it is needed. */
export const openBlobStore = (options: BlobStoreOptions): OpenBlobStore =>
  new ChosenBlobs(openBackends(options), options.onOpened ?? (() => undefined));
