/** Messages between a realm and its storage worker: the one file that both threads import. */

/** Bytes that share one checksum. */
export const BLOCK_BYTES = 1 << 20;

/** A run of bytes to write at `position` of a file. Starts a block. In a message its bytes lie in the chunk. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly position: number;
}

/** A run of stored bytes; `checks` has the xxh64 of each of its blocks. */
export interface StoredRange {
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
  readonly checks: BigUint64Array;
}

/** Bytes [start, end) of a range, in bytes from its offset; all of it by default. */
export interface SliceToRead extends StoredRange {
  readonly start?: number;
  readonly end?: number;
}

export const sliceBytes = ({ byteLength, start = 0, end = byteLength }: SliceToRead): number => end - start;

export interface StoredFile {
  readonly file: string;
  readonly byteLength: number;
}

/** A record of a segment, as the segment itself tells it. */
export interface SegmentRecord {
  readonly label: string;
  /** Of its payload. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Where appended bytes landed. */
export interface Place {
  readonly file: string;
  readonly offset: number;
}

/** Reads files that this thread keeps open. */
export interface SyncReader {
  /**
   * Fills `target` with the range's bytes from `start`, verified as ever.
   * @throws NotReadableError where another realm asked for the file; an asynchronous read opens it again
   */
  read(range: StoredRange, start: number, target: Uint8Array): void;
  /** The files may be closed when nobody reads them. */
  release(): void;
}

/** What each request carries and what its reply brings. */
export interface Operations {
  /** Writes and removes a throwaway file; rejects with the reason where that fails. */
  probe: { request: { readonly folder: string }; reply: undefined };
  /**
   * Appends pieces to a new file, which is flushed and closed after the last. The chunk is transferred both ways.
   * The reply has one checksum per block, in the order of the pieces.
   */
  append: {
    request: {
      readonly file: string;
      readonly chunk?: ArrayBuffer;
      readonly pieces: readonly Piece[];
      readonly isLast: boolean;
    };
    reply: { readonly chunk: ArrayBuffer | undefined; readonly checks: BigUint64Array };
  };
  /** Closes and removes a file whose writing is given up. */
  abandon: { request: { readonly file: string }; reply: undefined };
  /**
   * Appends a record to this realm's segment of the folder. Positions count from the payload, which stands in the
   * chunk behind `headerBytes` of room. The chunk is transferred both ways.
   */
  appendRecord: {
    request: {
      readonly folder: string;
      readonly label: string;
      readonly chunk: ArrayBuffer;
      readonly headerBytes: number;
      readonly payloadBytes: number;
      readonly pieces: readonly Piece[];
    };
    reply: { readonly chunk: ArrayBuffer; readonly place: Place; readonly checks: BigUint64Array };
  };
  /** Copies a record into this realm's segment, another one than its own. */
  copyRecord: {
    request: { readonly folder: string; readonly segment: string; readonly record: SegmentRecord };
    reply: Place;
  };
  /** An appended record is in the catalog, or will never be: its segment may be let go. */
  settle: { request: { readonly place: Place; readonly isKept: boolean }; reply: undefined };
  records: { request: { readonly segment: string }; reply: readonly SegmentRecord[] };
  /** Slices, verified, each in a buffer of its own that is transferred. */
  read: { request: { readonly slices: readonly SliceToRead[] }; reply: readonly ArrayBuffer[] };
  /** One slice, verified, into memory that is given: in a message, a chunk that is transferred both ways. */
  readChunk: {
    request: { readonly slice: SliceToRead; readonly target: Uint8Array };
    reply: { readonly chunk: ArrayBufferLike };
  };
  /** Only in the thread of the handles, as its reply is no message: keeps files open for reading without waiting. */
  hold: { request: { readonly files: readonly string[] }; reply: SyncReader | undefined };
  /** Lets go of files so that others can remove them. */
  release: { request: { readonly files: readonly string[] }; reply: undefined };
  /** Closes every file that is not being written: of one memory's folder, or all. */
  releaseAll: { request: { readonly folder?: string }; reply: undefined };
  /** Removes files; the reply names those that another realm still holds. */
  remove: { request: { readonly files: readonly string[] }; reply: readonly string[] };
  /** Every file below a folder. */
  list: { request: { readonly folder: string }; reply: readonly StoredFile[] };
}

export type OperationName = keyof Operations;

export type Request = {
  [Name in OperationName]: { readonly name: Name } & Operations[Name]['request'];
}[OperationName];

/** A request on its way; the reply bears its id. */
export type RequestMessage = Request & {
  readonly id: number;
  /** The Web Lock that the worker holds while it works. */
  readonly lock: string;
};

/** A request's result, and what of it is to be transferred. */
export interface Answer {
  readonly value: unknown;
  readonly transfer: ArrayBuffer[];
}

/** Carries out requests, in the storage worker or in the thread of a dedicated worker. */
export type HandleRequest = (request: Request) => Promise<Answer>;

/** Sends requests to where they are carried out. */
export interface StorageClient {
  /** Whether requests are carried out in this thread: then they need no copies to carry. */
  readonly isInThread: boolean;
  /** Whether a request would wait for a worker to start. */
  readonly isAsleep: boolean;
  call<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    transfer?: Transferable[],
  ): Promise<Operations[Name]['reply']>;
  /** Lets go of all files, and ends. */
  close(): Promise<void>;
}

/** Errors cross as data: their class does not survive the way. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
}

export type Reply =
  | { readonly id: number; readonly isDone: true; readonly value: unknown }
  | { readonly id: number; readonly isDone: false; readonly error: ErrorData };
