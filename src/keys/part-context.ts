/** What one part of a call asks of its surroundings while it is walked. Made three times a call: closures would cost more. */
import type { Codec, CodecResults } from '../values/values.ts';
import type { BlobDigests, PendingBlob } from './blob-digests.ts';
import { type IgnoredNode, type IgnoredPath, ignoredTree } from './ignored-paths.ts';
import { rareKinds } from './late-kinds.ts';
import type { ClassBook, RareWriters, Token, WalkContext } from './walk.ts';

export interface KeyOptions {
  readonly codecs?: readonly Codec[] | undefined;
  /** Digest that stands for a function or object that is not to be walked: asked for functions, instances and opaque values. */
  readonly tokenOf?: ((value: object) => Token | undefined) | undefined;
  /** Name of the value in messages; 'arguments' by default. */
  readonly root?: string | undefined;
  /** Whether the function sees how many arguments it was given: then a trailing undefined is one. */
  readonly countsArguments?: boolean | undefined;
  /** Places that count as absent. The list is remembered by identity: make it once. */
  readonly ignore?: readonly IgnoredPath[] | undefined;
}

export interface Part {
  readonly root: string;
  readonly value: unknown;
  readonly ignore: readonly IgnoredPath[] | undefined;
}

/** One walk over all parts; what it has to wait for is in the way of its digest. */
export interface Round {
  readonly pending: PendingBlob[];
  readonly made: CodecResults;
  isTangled: boolean;
  readonly blobs: BlobDigests;
  /** The part for what is not plain data was not here. */
  isMissing: boolean;
}

export class PartContext implements WalkContext {
  readonly root: string;
  readonly codecs: readonly Codec[] | undefined;
  readonly made: CodecResults;
  readonly ignored: IgnoredNode | undefined;
  readonly isTangled: boolean;
  classes: ClassBook | undefined;
  readonly #options: KeyOptions;
  readonly #round: Round;

  constructor({ root, ignore }: Omit<Part, 'value'>, options: KeyOptions, round: Round) {
    this.root = root;
    this.codecs = options.codecs?.length ? options.codecs : undefined;
    this.made = round.made;
    this.ignored = ignore?.length ? ignoredTree(ignore) : undefined;
    this.isTangled = round.isTangled;
    this.#options = options;
    this.#round = round;
  }

  tokenOf(value: object): Token | undefined {
    return this.#options.tokenOf?.(value);
  }

  get rareWriters(): RareWriters | undefined {
    return rareKinds.loaded?.rareWriters;
  }

  noteMissing(): void {
    this.#round.isMissing = true;
  }

  blobDigest(blob: Blob, path: string): string | undefined {
    const digest = this.#round.blobs.get(blob);
    if (digest === undefined) this.#round.pending.push({ blob, path });
    return digest;
  }

  within(root: string): WalkContext {
    const context = new PartContext({ root, ignore: undefined }, this.#options, this.#round);
    context.classes = this.classes;
    return context;
  }
}
