/** What every blob backend offers. */
import type { SliceToRead, StoredFile } from './protocol.ts';

/** Part of a file to write: `bytes` go to `offset`. Parts do not overlap. */
export interface FilePart {
  readonly offset: number;
  readonly bytes: Uint8Array | Blob;
}

export interface FileToWrite {
  /** Path below the origin's root; never written before. */
  readonly file: string;
  readonly parts: readonly FilePart[];
  /** Awaited before the file is created; small parts are copied before it. */
  readonly ready: Promise<unknown>;
}

/** A write under way. Both promises reject when it fails; then nothing of the file is left. */
export interface Writing {
  /** The caller's bytes have been copied and may change from now on. Settled at once for up to 8 MiB. */
  readonly taken: Promise<void>;
  /** The file is complete, flushed and closed: xxh64 of each block, per part. */
  readonly done: Promise<readonly BigUint64Array[]>;
}

export interface BlobStore {
  readonly tier: 'sync' | 'writable' | 'indexeddb' | 'memory';
  write(file: FileToWrite): Writing;
  /** Each slice in a fresh buffer of its own; every block is verified at its first read in this realm. */
  read(slices: readonly SliceToRead[]): Promise<readonly ArrayBuffer[]>;
  /** Closes what this realm holds of the files. */
  release(files: readonly string[]): Promise<void>;
  /** Removes files; returns those that another realm still holds. A file that is not there counts as removed. */
  remove(files: readonly string[]): Promise<readonly string[]>;
  list(): Promise<readonly StoredFile[]>;
  close(): Promise<void>;
}
