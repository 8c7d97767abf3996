/** What the writers of single kinds see of the walk. */
import type { Codec, CodecResults } from '../values/values.ts';
import type { CanonicalStream } from './canonical-stream.ts';
import type { FrameKind } from './frame.ts';
import type { IgnoredNode } from './ignored-paths.ts';

/** What stands for a value that is not to be walked, or why nothing can. */
export type Token = string | { readonly refusal: string };

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
  tokenOf(value: object): Token | undefined;
  /** Identity of the written classes of an object, as a digest; refused where they do not say all. */
  classToken(value: object, walk: Walk): string;
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
  /** Throws UnhashableArgumentError for the value being written; an object is looked at for the library that made it. */
  refuse(what: string, value?: object): never;
}
