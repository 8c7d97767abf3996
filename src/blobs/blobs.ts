/** Bytes in files that are written once and read by range; the tier is found by doing. */
import type { BlobStore } from './blob-store.ts';
import { StorageWorkerClient } from './client.ts';
import { KeyedBlobs, type KeyedBytes, mapOfBytes } from './keyed-blobs.ts';
import { SyncBlobs } from './sync-blobs.ts';
import { WritableBlobs } from './writable-blobs.ts';

export type { BlobStore, FilePart, FileToWrite, Writing } from './blob-store.ts';
export { isChangedWhileStoring } from './copy-pieces.ts';
export { estimateQuotaBytes } from './estimate.ts';
export type { KeyedBytes } from './keyed-blobs.ts';
export { BLOCK_BYTES, type SliceToRead, type StoredFile, type StoredRange } from './protocol.ts';

export interface BlobStoreOptions {
  /** Folder of the memory, below the origin's root. */
  readonly folder: string;
  readonly wanted: 'auto' | 'opfs' | 'indexeddb' | 'memory';
  readonly workerFactory?: (() => Worker) | undefined;
  /** Keeps bytes where there is no private file system. */
  readonly keyedBytes: KeyedBytes;
}

export interface OpenedBlobStore {
  readonly store: BlobStore | undefined;
  /** Why each better tier was not taken. */
  readonly reasons: readonly string[];
}

type Attempt = readonly [tier: BlobStore['tier'], open: () => Promise<BlobStore>];

function attempts({ folder, wanted, workerFactory, keyedBytes }: BlobStoreOptions): Attempt[] {
  const opfs: Attempt[] = [
    ['sync', () => SyncBlobs.open(folder, new StorageWorkerClient(workerFactory))],
    ['writable', () => WritableBlobs.open(folder)],
  ];
  const indexeddb: Attempt[] = [['indexeddb', () => KeyedBlobs.open('indexeddb', keyedBytes)]];
  const memory: Attempt[] = [['memory', () => KeyedBlobs.open('memory', mapOfBytes())]];
  return { auto: [...opfs, ...indexeddb], opfs, indexeddb, memory }[wanted];
}

const textOf = (error: unknown): string =>
  error instanceof Error || error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);

/** Opens the best tier that works here, by writing a throwaway file through each in turn. */
export async function openBlobStore(options: BlobStoreOptions): Promise<OpenedBlobStore> {
  const reasons: string[] = [];
  for (const [tier, open] of attempts(options)) {
    try {
      return { store: await open(), reasons };
    } catch (error) {
      reasons.push(`${tier}: ${textOf(error)}`);
    }
  }
  return { store: undefined, reasons };
}

/** Removes the folder of a memory, or of all; returns false where another realm still holds a file of it. */
export async function removeFolder(path: string): Promise<boolean> {
  if (typeof navigator === 'undefined' || !navigator.storage?.getDirectory) return true;
  const names = path.split('/');
  const last = names.pop() ?? path;
  try {
    let parent = await navigator.storage.getDirectory();
    for (const name of names) parent = await parent.getDirectoryHandle(name);
    await parent.removeEntry(last, { recursive: true });
    return true;
  } catch (error) {
    // SecurityError and UnknownError: there is no private file system in a private window.
    return (
      error instanceof DOMException && ['NotFoundError', 'SecurityError', 'UnknownError'].includes(error.name)
    );
  }
}
