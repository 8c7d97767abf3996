/** Messages between a realm and its storage worker: the one file that both threads import. */

/** Bytes that share one checksum. */
export const BLOCK_BYTES = 1 << 20;

/** Bytes of a chunk to write: `byteLength` of them from `start` go to `position` in the file. Starts a block. */
export interface Piece {
  readonly start: number;
  readonly byteLength: number;
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

export interface StoredFile {
  readonly file: string;
  readonly byteLength: number;
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
      readonly chunk: ArrayBuffer;
      readonly pieces: readonly Piece[];
      readonly isLast: boolean;
    };
    reply: { readonly chunk: ArrayBuffer; readonly checks: BigUint64Array };
  };
  /** Closes and removes a file whose writing is given up. */
  abandon: { request: { readonly file: string }; reply: undefined };
  /** Slices, verified, each in a buffer of its own that is transferred. */
  read: { request: { readonly slices: readonly SliceToRead[] }; reply: readonly ArrayBuffer[] };
  /** Lets go of files so that others can remove them. */
  release: { request: { readonly files: readonly string[] }; reply: undefined };
  /** Removes files; the reply names those that another realm still holds. */
  remove: { request: { readonly files: readonly string[] }; reply: readonly string[] };
  /** Every file below a folder. */
  list: { request: { readonly folder: string }; reply: readonly StoredFile[] };
}

export type OperationName = keyof Operations;

export type Request = {
  [Name in OperationName]: { readonly id: number; readonly name: Name } & Operations[Name]['request'];
}[OperationName];

/** Errors cross as data: their class does not survive the way. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
}

export type Reply =
  | { readonly id: number; readonly isDone: true; readonly value: unknown }
  | { readonly id: number; readonly isDone: false; readonly error: ErrorData };
