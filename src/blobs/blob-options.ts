/** How a blob store is to be opened. */
import type { BlobTier } from './blob-store.ts';
import type { OnOpened } from './chosen-blobs.ts';
import type { KeyedBytes } from './keyed-blobs.ts';

export interface BlobStoreOptions {
  /** Folder of the memory, below the origin's root. */
  readonly folder: string;
  readonly wanted: 'auto' | 'opfs' | 'indexeddb' | 'memory' | BlobTier;
  readonly workerFactory?: (() => Worker) | undefined;
  /** Keeps bytes where there is no private file system. */
  readonly keyedBytes: () => Promise<KeyedBytes>;
  readonly onOpened?: OnOpened;
}
