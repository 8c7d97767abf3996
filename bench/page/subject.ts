/** What every subject of the bench can do: a cached call, and what goes with it. */

/** Arguments of the call that is cached: which value, and how large. */
export type CallArguments = readonly [index: number, options: { readonly byteLength: number }];

export interface SmallRecord {
  readonly index: number;
  readonly label: string;
  readonly mean: number;
  readonly histogram: readonly number[];
}

export type Value = SmallRecord | Float32Array<ArrayBuffer>;

export interface Subject {
  open(store: string): Promise<void>;
  /** What starts in the background has started: jobs but those of the first hit wait for it. */
  ready?(): Promise<void>;
  /** The value of the call: found, or computed and stored. */
  call(args: CallArguments): Promise<Value>;
  /** Many calls at once; call() for each where this is missing. */
  callAll?(all: readonly CallArguments[]): Promise<readonly Value[]>;
  /** Everything called so far is stored. */
  stored?(): Promise<void>;
  /** Deletes one stored result. */
  forget?(args: CallArguments): Promise<void>;
  clear?(): Promise<void>;
  reduceSize?(items: number): Promise<void>;
  callInto?(args: CallArguments, into: Float32Array<ArrayBuffer>): Promise<void>;
  /** Elements [start, end) of a stored array; the whole value is read where this is missing. */
  slice?(args: CallArguments, start: number, end: number): Promise<Float32Array>;
  /** Slices of `length` elements from each start, one after another. */
  slices?(args: CallArguments, starts: Uint32Array, length: number): Promise<void>;
  /** Makes the key of a call with this argument. */
  hash?(argument: unknown): Promise<void>;
  /** The same call with primitive arguments, again and again. */
  callPrimitive?(value: number, label: string): Promise<number>;
  /** Starts to note where hits come from. */
  watchHits?(): { readonly sources: readonly string[] };
}

/** The subject does not offer what the job needs. */
export class NotOfferedError extends Error {
  override readonly name = 'NotOfferedError';
}
