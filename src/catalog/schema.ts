/** The catalog's records and the IndexedDB layout that holds them. */
import type { DBSchema } from 'idb';

/** Format of the records; a record with another number is a miss. */
export const RECORD_FORMAT = 2;
/** Version of the IndexedDB layout. 2: entries wait for the books under an index. 3: tails of larger entries, and writer leases. */
export const DATABASE_VERSION = 3;

/** A run of bytes in a stored file. */
export interface Extent {
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
}

/** Bytes of an entry, here in the record or in a file, with one xxh64 per block of 1 MiB (the last may be short). */
export interface StoredBytes {
  readonly place: ArrayBuffer | Extent;
  /** Runs that follow `place`, where a mapped array was changed: each but the last holds whole blocks. */
  readonly more?: readonly Extent[];
  readonly checks: BigUint64Array;
  /** Empty: stored as they are. */
  readonly compression: '' | 'gzip' | 'deflate';
  /** Bytes before compression. */
  readonly rawByteLength: number;
}

/** Where the bytes are in files, in order; empty where they are in the record. */
export const extentsOf = ({ place, more = [] }: StoredBytes): readonly Extent[] =>
  place instanceof ArrayBuffer ? [] : [place, ...more];

/** Bytes that the entry's record and files hold for this. */
export const storedBytesOf = ({ place, more = [] }: StoredBytes): number =>
  more.reduce((sum, { byteLength }) => sum + byteLength, place.byteLength);

/** All that a hit needs, in one record. */
export interface EntryRecord {
  readonly key: string;
  readonly format: number;
  readonly functionKey: string;
  /** Grows with every change of a stored array in place of a new computation. */
  readonly revision: number;
  readonly skeleton: StoredBytes;
  /** The out-of-band buffers, in the codec's order. */
  readonly buffers: readonly StoredBytes[];
  readonly createdAt: number;
  readonly computeMs: number;
  readonly sizeBytes: number;
  /** Checksum over the rest; made by the catalog when it stores the record. */
  readonly seal?: bigint;
}

/** An entry as its record is. */
export interface StoredEntry extends EntryRecord {
  /** Bytes of the skeleton and of each buffer that are in the tail, their last ones, one after the other. */
  readonly cuts?: readonly number[];
}

/** An entry that was added by itself, with all that is due to the other tables once it is entered in the books. */
export interface UnbookedRecord extends StoredEntry {
  /** Milliseconds since the epoch; only such records are in the index of this name. */
  readonly unbookedAt: number;
  readonly birth: Omit<Commit, 'entry'>;
}

/** Read when a call starts and checked when it commits: clear() in between raises them. */
export interface Epochs {
  readonly memory: number;
  readonly function: number;
}

/** The rest of what is known of an entry: listed, searched, evicted by. */
export interface DetailRecord {
  readonly key: string;
  readonly functionKey: string;
  readonly functionId: string;
  readonly argumentsPreview: string;
  readonly createdAt: number;
  readonly computeMs: number;
  readonly storeMs: number;
  readonly sizeBytes: number;
  readonly lastUsedAt: number;
  readonly hits: number;
  readonly savedMs: number;
  readonly tags: readonly string[];
  /** Digests by path of captures and arguments, for explain(). */
  readonly digests: Readonly<Record<string, string>>;
  /** Records that older versions wrote have none of what follows. */
  readonly result?: ResultSummary;
  /** How the code was identified. */
  readonly identity?: string;
  /** What its function had for a version, where it had one. */
  readonly version?: string;
  readonly tier?: EntryTier;
  /** By the maxAgeMs that its function had, where it had one. */
  readonly expiresAt?: number;
}

/** What a result is, as far as lists tell. */
export interface ResultSummary {
  readonly kind: string;
  readonly dtype?: string;
  readonly shape?: readonly number[];
}

/** Where an entry's bytes are: in its record, in a file shared with others, in one of its own, in this realm alone. */
export type EntryTier = 'database' | 'segment' | 'file' | 'memory';

/** What makes an entry visible. */
export interface Commit {
  readonly entry: EntryRecord;
  readonly detail: DetailRecord;
  /** How the code was identified: shown by explain(). */
  readonly identity: string;
  readonly epochs: Epochs;
}

export interface CommitOutcome {
  readonly isCommitted: boolean;
  /** The reason why not: a file that the entry points at waits for removal. */
  readonly isFileDoomed: boolean;
  readonly isReplaced: boolean;
  /** Files that the replaced entry leaves without a reader. */
  readonly deadFiles: readonly string[];
  /** The memory's bytes after the commit. */
  readonly totalBytes: number;
}

/** Running totals of one function's key space (one code identity). */
export interface FunctionRecord {
  readonly functionKey: string;
  readonly functionId: string;
  readonly identity: string;
  readonly epoch: number;
  readonly entries: number;
  readonly bytes: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly hits: number;
  readonly computeMs: number;
  readonly savedMs: number;
  readonly misses: Readonly<Record<string, number>>;
}

/** Running totals of the memory. */
export interface StateRecord {
  readonly id: 'state';
  readonly format: number;
  readonly epoch: number;
  readonly entries: number;
  readonly bytes: number;
  /** Something was found that does not agree: the next sweep counts anew. */
  readonly isDoubtful?: boolean;
}

/** The totals of a memory without entries. */
export const emptyState: StateRecord = { id: 'state', format: RECORD_FORMAT, epoch: 0, entries: 0, bytes: 0 };

/** A stored file and how much of it entries still point at; none means it waits for removal. */
export interface FileRecord {
  readonly file: string;
  readonly byteLength: number;
  readonly liveBytes: number;
}

export interface CatalogSchema extends DBSchema {
  entries: { key: string; value: StoredEntry | UnbookedRecord; indexes: { unbookedAt: number } };
  /** By the entry's key. */
  tails: { key: string; value: ArrayBuffer };
  details: {
    key: string;
    value: DetailRecord;
    indexes: {
      lastUsedAt: number;
      createdAt: number;
      sizeBytes: number;
      /** [functionId, lastUsedAt] */
      functionId: [string, number];
      /** [functionKey, lastUsedAt] */
      functionKey: [string, number];
      tags: string;
    };
  };
  functions: { key: string; value: FunctionRecord; indexes: { functionId: string } };
  state: { key: string; value: StateRecord };
  files: { key: string; value: FileRecord; indexes: { liveBytes: number } };
  /** When each realm began to write that may still be at it, by its id. */
  busy: { key: string; value: number };
  /** Bytes by file name where there is no private file system. */
  blobs: { key: string; value: ArrayBuffer };
}
