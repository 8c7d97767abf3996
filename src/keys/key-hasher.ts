/** Makes call keys and content digests. One hasher serves a whole realm. */
import { createHasher, type DigestAlgorithm } from '../digest/digest.ts';
import { isMemoryError, UnhashableArgumentError } from '../errors/errors.ts';
import { type Codec, CodecFailure, CodecResults, kindOf } from '../values/values.ts';
import { BlobDigests, type PendingBlob } from './blob-digests.ts';
import { CanonicalStream } from './canonical-stream.ts';
import { CanonicalWalk, EntangledValue } from './canonical-walk.ts';
import { ClassTokens } from './class-tokens.ts';
import { type IgnoredPath, ignoredTree } from './ignored-paths.ts';
import { KEY_FORMAT, tags } from './key-format.ts';
import type { Token, WalkContext } from './walk.ts';

/** Identity of a call, lower-case hexadecimal. */
export type CallKey = string & { readonly brand: 'CallKey' };

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

/** What identifies a call beside the arguments. */
export interface CallParts {
  /** Code identity: fingerprint, version or source digest, and which of these. */
  readonly identity: string;
  /** Captured values; absent and `undefined` are one. */
  readonly captured?: unknown;
  readonly args: readonly unknown[];
}

export interface KeyHasher {
  /** Digest of a value. A promise only while a Blob in it has not been read yet, or a codec takes its time. @throws UnhashableArgumentError */
  digest(value: unknown, options?: KeyOptions): string | Promise<string>;
  /** Key of a call. Trailing arguments that are undefined or ignored make no difference, unless they are counted. @throws UnhashableArgumentError */
  callKey(call: CallParts, options?: KeyOptions): CallKey | Promise<CallKey>;
}

interface Part {
  readonly root: string;
  readonly value: unknown;
  readonly ignore: readonly IgnoredPath[] | undefined;
}

/** One walk over all parts; what it has to wait for is in the way of its digest. */
interface Round {
  readonly pending: PendingBlob[];
  readonly made: CodecResults;
  readonly isTangled: boolean;
}

/** Whatever was thrown on the way, as an error that says where. */
function refusalOf(error: unknown, path: string): UnhashableArgumentError {
  const isCodecs = error instanceof CodecFailure;
  const what = isCodecs ? error.message : `what threw "${error}" when it was read`;
  const refusal = new UnhashableArgumentError(path, what);
  refusal.cause = isCodecs ? error.cause : error;
  return refusal;
}

/** The arguments without the trailing ones that say nothing. */
function trimArguments(
  args: readonly unknown[],
  ignore: readonly IgnoredPath[] | undefined,
): readonly unknown[] {
  const below = ignore && ignoredTree(ignore).below;
  let count = args.length;
  while (count > 0) {
    const last = args[count - 1];
    const isIgnored = below?.get(String(count - 1))?.isIgnored === true;
    if (last !== undefined && !isIgnored && kindOf(last) !== 'abort-signal') break;
    count--;
  }
  return count === args.length ? args : args.slice(0, count);
}

class RealmKeyHasher implements KeyHasher {
  readonly #stream: CanonicalStream;
  readonly #blobs: BlobDigests;
  #isBusy = false;

  constructor(stream: CanonicalStream, blobs: BlobDigests) {
    this.#stream = stream;
    this.#blobs = blobs;
  }

  digest(value: unknown, options: KeyOptions = {}): string | Promise<string> {
    return this.#hash([{ root: options.root ?? 'arguments', value, ignore: options.ignore }], options);
  }

  callKey(call: CallParts, options: KeyOptions = {}): CallKey | Promise<CallKey> {
    const args = options.countsArguments ? call.args : trimArguments(call.args, options.ignore);
    const parts = [
      { root: 'identity', value: call.identity, ignore: undefined },
      { root: 'captures', value: call.captured, ignore: undefined },
      { root: options.root ?? 'arguments', value: args, ignore: options.ignore },
    ];
    // The one place where call keys are made.
    return this.#hash(parts, options) as CallKey | Promise<CallKey>;
  }

  #hash(parts: readonly Part[], options: KeyOptions, made = new CodecResults()): string | Promise<string> {
    const round: Round = { pending: [], made, isTangled: false };
    const digest = this.#guarded(() => this.#walkAll(parts, options, round));
    const isWaiting = round.pending.length > 0 || made.isWaiting;
    return isWaiting ? this.#hashAgain(parts, options, round) : digest;
  }

  async #hashAgain(parts: readonly Part[], options: KeyOptions, { pending, made }: Round): Promise<string> {
    await this.#blobs.readAll(pending);
    try {
      await made.ready();
    } catch (error) {
      throw refusalOf(error, error instanceof CodecFailure ? error.path : '');
    }
    return this.#hash(parts, options, made);
  }

  /** A getter or a codec may call a cached function: that one's walk then comes in the middle of this one. */
  #guarded(walk: () => string): string {
    const outer = this.#isBusy ? this.#stream.park() : undefined;
    this.#isBusy = true;
    try {
      return walk();
    } finally {
      this.#isBusy = outer !== undefined;
      if (outer) this.#stream.resume(outer);
    }
  }

  #walkAll(parts: readonly Part[], options: KeyOptions, round: Round): string {
    try {
      return this.#write(parts, options, round);
    } catch (error) {
      if (!(error instanceof EntangledValue)) throw error;
      return this.#write(parts, options, { ...round, isTangled: true });
    }
  }

  #write(parts: readonly Part[], options: KeyOptions, round: Round): string {
    const stream = this.#stream;
    stream.reset();
    stream.count(KEY_FORMAT);
    if (round.isTangled) stream.tag(tags.tangle);
    stream.count(parts.length);
    for (const part of parts) {
      if (typeof part.value === 'string') stream.text(part.value);
      else if (part.value === undefined) stream.tag(tags.undefined);
      else this.#walk(part, this.#contextOf(part, options, round));
    }
    return stream.digest();
  }

  #walk(part: Part, context: WalkContext): void {
    const walk = new CanonicalWalk(this.#stream, context);
    try {
      walk.run(part.value);
    } catch (error) {
      if (isMemoryError(error) || error instanceof EntangledValue) throw error;
      throw refusalOf(error, walk.path());
    }
  }

  #contextOf(part: Part, options: KeyOptions, { pending, made, isTangled }: Round): WalkContext {
    const classes = new ClassTokens();
    return {
      made,
      root: part.root,
      codecs: options.codecs?.length ? options.codecs : undefined,
      ignored: part.ignore?.length ? ignoredTree(part.ignore) : undefined,
      isTangled,
      tokenOf: (value) => options.tokenOf?.(value),
      classToken: (value, walk) => classes.of(value, walk),
      blobDigest: (blob, path) => {
        const digest = this.#blobs.get(blob);
        if (digest === undefined) pending.push({ blob, path });
        return digest;
      },
    };
  }
}

/** A key hasher of the realm; hashing is synchronous from then on, Blobs apart. */
export async function openKeyHasher(algorithm: DigestAlgorithm): Promise<KeyHasher> {
  const stream = new CanonicalStream(await createHasher(algorithm));
  return new RealmKeyHasher(stream, new BlobDigests(algorithm));
}
