/** What a catalog offers, wherever it keeps its records. */
import type { DetailQuery } from './list.ts';
import type { Revision, RevisionOutcome } from './revise.ts';
import type {
  Commit,
  CommitOutcome,
  DetailRecord,
  EntryRecord,
  Epochs,
  FileRecord,
  FunctionRecord,
  StateRecord,
} from './schema.ts';
import type { FunctionMisses, Removal, Touch } from './write.ts';

export interface Added {
  readonly booked: Promise<CommitOutcome>;
}

/** What is found under a key: nothing, a record, or one that cannot be believed. */
export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'entry'; readonly entry: EntryRecord }
  | { readonly kind: 'unreadable'; readonly reason: 'format' | 'damaged' };

export interface Catalog {
  /** Whether entries outlive the realm. */
  readonly isPersistent: boolean;
  /** The entry of a call. */
  find(key: string): Promise<Found>;
  detail(key: string): Promise<DetailRecord | undefined>;
  epochs(functionKey: string): Promise<Epochs>;
  /** Makes an entry visible; refused when a clear() came since its epochs were read. */
  commit(entry: Commit): Promise<CommitOutcome>;
  /**
   * Makes an entry visible whose call has none, in the least that a transaction can do. What commit() would have said
   * comes when it is entered in the books, soon after. Undefined: commit() is to be used.
   */
  add(entry: Commit): Promise<Added | undefined>;
  /** Has what was added entered in the books at once, until the result is called. */
  hurry(): () => void;
  /** Swaps an entry for its next revision; refused when it is not the entry any more that the revision started from. */
  revise(revision: Revision): Promise<RevisionOutcome>;
  /**
   * Adds uses to entries and functions, and misses to functions.
   * @param isLast The realm may be about to end: this is not announced as a write, since nobody may live to see it done.
   */
  touch(touches: readonly Touch[], misses: readonly FunctionMisses[], isLast?: boolean): Promise<void>;
  /** Removes the entries and says which files hold nothing any more; these stay listed until forgetFiles(). */
  remove(keys: readonly string[]): Promise<Removal>;
  /**
   * Raises the epoch of a function's key spaces, so that nothing in flight is committed, and lists their keys.
   * `functionKey` is the one of the caller, which may have no entry yet.
   */
  retireFunction(functionId: string, functionKey?: string): Promise<string[]>;
  /** Removes every entry at once and raises the memory's epoch. */
  clear(): Promise<Removal>;
  /** A page of entries in the order of the query. */
  details(query: DetailQuery): Promise<DetailRecord[]>;
  keysOfTag(tag: string): Promise<string[]>;
  functions(): Promise<FunctionRecord[]>;
  state(): Promise<StateRecord | undefined>;
  files(): Promise<FileRecord[]>;
  /** Marks a file that no entry points at: none ever will. Returns false where one does. */
  doom(file: string): Promise<boolean>;
  /** Entries that point at one of the files. Reads every entry: for repairs only. */
  keysOfFiles(files: readonly string[]): Promise<string[]>;
  /** Counts everything anew, and removes what cannot be believed, where records do not agree; returns whether it did. */
  mend(): Promise<boolean>;
  forgetFiles(files: readonly string[]): Promise<void>;
  /** Ids of the realms that said they may be writing. */
  busyRealms(): Promise<string[]>;
  markBusy(realm: string): Promise<void>;
  unmarkBusy(realms: readonly string[]): Promise<void>;
  /** Has the browser begin a new log for its databases: the end of the old one may be torn. */
  renewLog(): Promise<void>;
  /** Bytes under file names, for where there is no private file system. */
  keyedBytes(): Promise<KeyedBytes>;
  close(): Promise<void>;
}

export interface KeyedBytes {
  put(file: string, bytes: ArrayBuffer): Promise<void>;
  get(file: string): Promise<ArrayBuffer | undefined>;
  delete(files: readonly string[]): Promise<void>;
  list(): Promise<{ file: string; byteLength: number }[]>;
}
