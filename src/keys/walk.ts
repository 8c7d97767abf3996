/** What the writers of single kinds see of the walk. */
import type { Codec, CodecResults, ValueVisitor } from '../values/values.ts';
import type { CanonicalStream } from './canonical-stream.ts';
import type { FrameKind } from './frame.ts';
import type { IgnoredNode } from './ignored-paths.ts';

/** What stands for a value that is not to be walked, or why nothing can. */
export type Token = string | { readonly refusal: string };

/** What is not plain data. */
export type RareKind =
  | 'boxed'
  | 'regexp'
  | 'blob'
  | 'image-data'
  | 'error'
  | 'dom-exception'
  | 'url'
  | 'temporal'
  | 'instance'
  | 'function'
  | 'opaque';

export type RareWriters = Pick<ValueVisitor<Walk, void>, RareKind>;

/** Digests of classes. */
export interface ClassBook {
  /** @throws UnhashableArgumentError where the class does not say all of its objects. */
  of(value: object, walk: Walk): string;
}

/** What a walk asks of its surroundings. */
export interface WalkContext {
  /** How the value is called in messages. */
  readonly root: string;
  readonly codecs: readonly Codec[] | undefined;
  /** What codecs made; where some of it is awaited, the stream is of no use. */
  readonly made: CodecResults;
  readonly ignored: IgnoredNode | undefined;
  /** Each object is written once, and by number from then on. */
  readonly isTangled: boolean;
  /** Of what the walk has met; made with the first. */
  classes: ClassBook | undefined;
  /** Where their part is here. */
  readonly rareWriters: RareWriters | undefined;
  tokenOf(value: object): Token | undefined;
  /** The part that knows the kind of a value has still to come: the stream then is of no use. */
  noteMissing(): void;
  /** Digest of a Blob's content; `undefined` if it has to be read first: the stream then is of no use. */
  blobDigest(blob: Blob, path: string): string | undefined;
  /** The same for a value beside, with a name of its own. */
  within(root: string): WalkContext;
}

/** A walk under way. */
export interface Walk {
  readonly stream: CanonicalStream;
  readonly context: WalkContext;
  /** Counts up and down with the containers being walked. */
  readonly depth: number;
  /** Writes a value, or enters it if it is a container with members. */
  write(value: unknown): void;
  enter(kind: FrameKind, source: object, items: readonly unknown[]): void;
  /** Ends the innermost container. */
  leave(): void;
  path(): string;
  /** Throws UnhashableArgumentError for the value being written; `library` is the entry of `keepsake/codecs` that knows it. */
  refuse(what: string, library?: string): never;
}
