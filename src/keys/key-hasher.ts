/** Makes call keys and content digests. One hasher serves a whole realm. */
import { ChunkError } from '../chunks/chunks.ts';
import { createHasher, type DigestAlgorithm } from '../digest/digest.ts';
import { isMemoryError, UnhashableArgumentError } from '../errors/errors.ts';
import { CodecFailure, CodecResults, kindOf } from '../values/values.ts';
import { BlobDigests } from './blob-digests.ts';
import { CanonicalStream } from './canonical-stream.ts';
import { CanonicalWalk, EntangledValue } from './canonical-walk.ts';
import { ignoredTree } from './ignored-paths.ts';
import { KEY_FORMAT, tags } from './key-format.ts';
import { rareKinds } from './late-kinds.ts';
import { type KeyOptions, type Part, PartContext, type Round } from './part-context.ts';
import type { WalkContext } from './walk.ts';

/** Identity of a call, lower-case hexadecimal. */
export type CallKey = string & { readonly brand: 'CallKey' };

/** What identifies a call beside the arguments. */
export interface CallParts {
  /** Code identity: fingerprint, version or source digest, and which of these. */
  readonly identity: string;
  /** Captured values; absent and `undefined` are one. */
  readonly captured?: unknown;
  readonly args: readonly unknown[];
}

export interface KeyHasher {
  /** Digest of a value. A promise only while a Blob in it has not been read yet, a codec takes its time, or the part for its kinds has still to come. @throws UnhashableArgumentError; rejects with ChunkError */
  digest(value: unknown, options?: KeyOptions): string | Promise<string>;
  /** One digest of several values, each under its own name in messages. @throws UnhashableArgumentError */
  digestAll(parts: readonly Part[], options?: KeyOptions): string | Promise<string>;
  /** Key of a call. Trailing arguments that are undefined or ignored make no difference, unless they are counted. @throws UnhashableArgumentError */
  callKey(call: CallParts, options?: KeyOptions): CallKey | Promise<CallKey>;
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
  { ignore, countsArguments }: KeyOptions,
): readonly unknown[] {
  const below = ignore && ignoredTree(ignore).below;
  let count = args.length;
  while (count > 0) {
    const last = args[count - 1];
    const isIgnored = below?.get(String(count - 1))?.isIgnored === true;
    const isNothing = !countsArguments && (last === undefined || kindOf(last) === 'abort-signal');
    if (!isIgnored && !isNothing) break;
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

  digestAll(parts: readonly Part[], options: KeyOptions = {}): string | Promise<string> {
    return this.#hash(parts, options);
  }

  callKey(call: CallParts, options: KeyOptions = {}): CallKey | Promise<CallKey> {
    const args = trimArguments(call.args, options);
    const parts = [
      { root: 'identity', value: call.identity, ignore: undefined },
      { root: 'captures', value: call.captured, ignore: undefined },
      { root: options.root ?? 'arguments', value: args, ignore: options.ignore },
    ];
    // The one place where call keys are made.
    return this.#hash(parts, options) as CallKey | Promise<CallKey>;
  }

  #hash(parts: readonly Part[], options: KeyOptions, made = new CodecResults()): string | Promise<string> {
    const round: Round = { pending: [], made, isTangled: false, blobs: this.#blobs, isMissing: false };
    const digest = this.#guarded(() => this.#walkAll(parts, options, round));
    const isWaiting = round.isMissing || round.pending.length > 0 || made.isWaiting;
    return isWaiting ? this.#hashAgain(parts, options, round) : digest;
  }

  async #hashAgain(
    parts: readonly Part[],
    options: KeyOptions,
    { pending, made, isMissing }: Round,
  ): Promise<string> {
    if (isMissing) await rareKinds.load();
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
      round.isTangled = true;
      return this.#write(parts, options, round);
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
      else this.#walk(part, new PartContext(part, options, round));
    }
    return stream.digest();
  }

  #walk(part: Part, context: WalkContext): void {
    const walk = new CanonicalWalk(this.#stream, context);
    try {
      walk.run(part.value);
    } catch (error) {
      if (isMemoryError(error) || error instanceof EntangledValue || error instanceof ChunkError) throw error;
      throw refusalOf(error, walk.path());
    }
  }
}

/** A key hasher of the realm; hashing is synchronous from then on, Blobs apart. */
export async function openKeyHasher(algorithm: DigestAlgorithm): Promise<KeyHasher> {
  const stream = new CanonicalStream(await createHasher(algorithm));
  return new RealmKeyHasher(stream, new BlobDigests(algorithm));
}
