/** Messages between the page and the worker that holds the SQLite database. */
export type SqliteRequest =
  | { readonly name: 'open'; readonly store: string }
  | { readonly name: 'get' | 'delete'; readonly key: string }
  | { readonly name: 'set'; readonly key: string; readonly value: string | Uint8Array<ArrayBuffer> }
  | { readonly name: 'clear' };

export type SqliteReply =
  | { readonly id: number; readonly value: string | Uint8Array<ArrayBuffer> | undefined }
  | { readonly id: number; readonly error: string };
