/** The ways to keep bytes, and the choice among them. Fetched when something is written, or after the first reads. */
import { createChecksum } from '../digest/digest.ts';
import type { BlobStoreOptions } from './blob-options.ts';
import type { BlobTier } from './blob-store.ts';
import { type Backends, ChosenBlobs, type ProbedBlobs } from './chosen-blobs.ts';
import { hasSyncAccess, InThreadClient } from './in-thread.ts';
import { KeyedBlobs, type KeyedBytes, mapOfBytes } from './keyed-blobs.ts';
import { SharedClient } from './shared-client.ts';
import { SyncBlobs } from './sync-blobs.ts';
import { WritableBlobs } from './writable-blobs.ts';

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
  const client = hasSyncAccess() ? new InThreadClient() : new SharedClient(folder, workerFactory);
  const sync = new SyncBlobs(folder, client, checksum);
  const stores: Record<BlobTier, () => ProbedBlobs> = {
    sync: () => sync,
    writable: () => new WritableBlobs(folder, checksum),
    indexeddb: () => new KeyedBlobs(lateBytes(keyedBytes), checksum),
    memory: () => new KeyedBlobs(mapOfBytes(), checksum),
  };
  return { tiers: tiersOf[wanted].map((tier) => [tier, stores[tier]()] as const), checksum };
}

/** Opened by whoever turns out to need them. */
const lateBytes = (open: () => Promise<KeyedBytes>): KeyedBytes => ({
  put: async (file, bytes) => (await open()).put(file, bytes),
  get: async (file) => (await open()).get(file),
  delete: async (files) => (await open()).delete(files),
  list: async () => (await open()).list(),
});

export const openChosen = (options: BlobStoreOptions): ChosenBlobs =>
  new ChosenBlobs(openBackends(options), options.onOpened ?? (() => undefined));
