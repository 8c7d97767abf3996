/** Bytes in files that are written once and read by range; the tier is found by doing. */
import type { BlobStoreOptions } from './blob-options.ts';
import { LateBlobs, type OpenBlobStore } from './late-blobs.ts';

export type { BlobStoreOptions } from './blob-options.ts';
export type { BlobStore, BlobTier, FilePart, FileToWrite, Slice, Writing, Written } from './blob-store.ts';
export type { OpenedTier } from './chosen-blobs.ts';
export { estimateQuotaBytes } from './estimate.ts';
export { removeFolder } from './folders.ts';
export type { KeyedBytes } from './keyed-blobs.ts';
export { loadBackends, type OpenBlobStore } from './late-blobs.ts';
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

/** A store over the folder; nothing is opened before it is needed. */
export const openBlobStore = (options: BlobStoreOptions): OpenBlobStore => new LateBlobs(options);
