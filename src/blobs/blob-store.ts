/** What every blob backend offers. */
import type { Place, SegmentRecord, SliceToRead, StoredFile, SyncReader } from './protocol.ts';
import type { SourceGuard } from './source-guard.ts';

export type { Place, SegmentRecord } from './protocol.ts';

/** Part of what is written: `bytes` go to `offset`. Parts do not overlap and leave no gaps. */
export interface FilePart {
  readonly offset: number;
  readonly bytes: Uint8Array | Blob;
}

export interface FileToWrite {
  /** Path below the origin's root, never written before: of the file that the bytes get for themselves when they are many. */
  readonly file: string;
  /** By which a record in a segment is known when the segment is listed. */
  readonly label: string;
  readonly parts: readonly FilePart[];
  /** Called and awaited before `file` is created; never for bytes that go to a segment. Small parts are copied before it. */
  readonly claim: () => Promise<unknown>;
  /** Begun with the write, where that began earlier than this call; 'caller': who writes sees to it. */
  readonly guard?: SourceGuard | 'caller';
}

/** Where the bytes of a write landed: the parts' offsets count from `offset`. */
export interface Written extends Place {
  /** xxh64 of each block, per part. */
  readonly checks: readonly BigUint64Array[];
}

/** A write under way. Both promises reject when it fails; then nothing of it is left. */
export interface Writing {
  /** The caller's bytes have been copied and may change from now on. Settled at once for up to 8 MiB. */
  readonly taken: Promise<void>;
  /** All bytes are written and flushed. settle() is due once something points at them, or never will. */
  readonly done: Promise<Written>;
}

/** The writing, for whoever may not look at `taken`: `done` tells that it fails, too. */
export function toldByDone(writing: Writing): Writing {
  writing.taken.catch(() => undefined);
  return writing;
}

/** A slice, and where its bytes go: a buffer of its own, or `into`, which keeps its place in memory. */
export interface Slice extends SliceToRead {
  /** As long as the slice. */
  readonly into?: Uint8Array;
}

export type BlobTier = 'sync' | 'writable' | 'indexeddb' | 'memory';

export interface BlobStore {
  write(file: FileToWrite): Writing;
  /**
   * Says that the catalog points at what was written (isKept), or will not: until then its segment stays leased.
   * Needless for files of their own.
   */
  settle(place: Place, isKept: boolean): void;
  /**
   * Each slice's bytes in a buffer of their own; for a slice with `into`, the buffer of that, shared or not.
   * Every block is verified at its first read in this realm.
   */
  read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]>;
  /** Keeps the files open for reading without waiting; `undefined` where this thread has no handles of them. */
  hold?(files: readonly string[]): Promise<SyncReader | undefined>;
  /** Closes what this realm holds of the files. */
  release(files: readonly string[]): Promise<void>;
  /** Removes files; returns those that another realm still holds. A file that is not there counts as removed. */
  remove(files: readonly string[]): Promise<readonly string[]>;
  list(): Promise<readonly StoredFile[]>;
  /** Records of a segment; none where the file is not one. */
  records(segment: string): Promise<readonly SegmentRecord[]>;
  /** Copies a record, verified, into another segment; to be settled as a write. */
  copyRecord(segment: string, record: SegmentRecord): Promise<Place>;
  /** Whether a read would wait for the storage worker to start. */
  isAsleep?(): boolean;
  /** Starts it. */
  wake?(): void;
  close(): Promise<void>;
}
