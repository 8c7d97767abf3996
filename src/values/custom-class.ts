/** How the caller teaches Keepsake a class of theirs. */

/** Turns objects of one class into plain data and back. `encode`, `decode` and `hash` may take their time: promises are awaited. */
// biome-ignore lint/suspicious/noExplicitAny: a list of codecs has one for each of many classes; unknown would refuse every one
export interface Codec<T = any, P = any> {
  /** Stored with what it encodes, so it must not change. */
  readonly name: string;
  /** Whether the object is one of the codec's. */
  is(value: unknown): boolean;
  /** Plain data that says all of the object: what is stored, and hashed where there is no `hash`. It may hold objects of other codecs. */
  encode(value: T): P | Promise<P>;
  decode(plain: P): T | Promise<T>;
  /** What is hashed in place of what is stored: equal for equal objects, whatever made them. */
  hash?(value: T): unknown;
  /**
   * In place of `decode` where a mode is set, and no other codec is around it: `plain` then has a MappedArray for each
   * typed array, unless its memory also has views of another kind.
   */
  // biome-ignore lint/suspicious/noExplicitAny: what `encode` made, with other arrays in it
  mapped?(plain: any): unknown;
}

/** A class with a codec of its own. */
export interface ClassWithCodec {
  readonly prototype: object;
  readonly keepsake: Codec;
}

/** A codec as its author writes it: the guard says which class it is for. */
export interface CodecDefinition<T, P> extends Codec<T, P> {
  is(value: unknown): value is T;
}

/** Codecs by name, of this realm; undefined for a name that two have. */
const defined = new Map<string, Codec | undefined>();

/**
 * A codec whose types come from its guard: neither `encode` nor `decode` needs annotations. As `static keepsake` of a
 * class it serves wherever an instance is met, and needs no place in a list.
 */
export function defineCodec<T, P>(codec: CodecDefinition<T, P>): Codec<T, P> {
  checkCodec(codec);
  defined.set(codec.name, defined.has(codec.name) ? undefined : codec);
  return codec;
}

const hasCodec = (value: unknown): value is ClassWithCodec =>
  typeof value === 'function' && Object.hasOwn(value, 'keepsake');

/** The codec that a member of a list of codecs stands for. */
export const toCodec = (given: Codec | ClassWithCodec): Codec => (hasCodec(given) ? given.keepsake : given);

/**
 * @param place Where it was given, for the message.
 * @throws TypeError for what is no codec.
 */
export function checkCodec(codec: Partial<Codec> | null | undefined, place = 'A codec'): void {
  const isWhole = [codec?.is, codec?.encode, codec?.decode].every((each) => typeof each === 'function');
  if (typeof codec?.name === 'string' && codec.name !== '' && isWhole) return;
  throw new TypeError(
    `${place} is an object { name, is(value), encode(value), decode(plain) }, or a class with one as its static "keepsake"`,
  );
}

/** What the class of the object itself declares: a subclass has more to tell than its parent's codec knows. */
function ownCodec(value: object): Codec | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return undefined;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (!hasCodec(maker) || maker.prototype !== prototype) return undefined;
  checkCodec(maker.keepsake);
  return isOf(maker.keepsake, value) ? maker.keepsake : undefined;
}

/** The first codec that claims the object, or the one that its class declares. */
export function codecFor(value: object, codecs: readonly Codec[] | undefined): Codec | undefined {
  if (codecs !== undefined) for (const codec of codecs) if (isOf(codec, value)) return codec;
  return ownCodec(value);
}

/** The codec of that name, for reading. */
export const codecNamed = (name: string, codecs: readonly Codec[] | undefined): Codec | undefined =>
  codecs?.find((codec) => codec.name === name) ?? defined.get(name);

/** A codec that threw, or whose promise was rejected. */
export class CodecFailure extends Error {
  /** Where the object is; '' where that is known to whoever catches it. */
  readonly path: string;

  constructor(codec: Codec, cause: unknown, path = '') {
    super(`what made the codec "${codec.name}" throw "${cause}"`, { cause });
    this.path = path;
  }
}

function isOf(codec: Codec, value: object): boolean {
  try {
    return codec.is(value);
  } catch (error) {
    throw new CodecFailure(codec, error);
  }
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** What codecs made of the objects of one value. A walk that meets a promise ends, is awaited, and begins again. */
export class CodecResults {
  readonly #made = new Map<object, unknown>();
  readonly #awaited: Promise<void>[] = [];

  /** What `make` returns for the object, asked once; `undefined` in place of what is awaited. */
  of(value: object, codec: Codec, make: 'hash' | 'encode', path: () => string): unknown {
    if (this.#made.has(value)) return this.#made.get(value);
    const made = this.#make(value, codec, make);
    if (isPromise(made)) this.#await(value, codec, made, path());
    this.#made.set(value, isPromise(made) ? undefined : made);
    return this.#made.get(value);
  }

  /** Whether the walk has to be repeated once ready() resolves. */
  get isWaiting(): boolean {
    return this.#awaited.length > 0;
  }

  /** @throws CodecFailure */
  async ready(): Promise<void> {
    await Promise.all(this.#awaited.splice(0));
  }

  #make(value: object, codec: Codec, make: 'hash' | 'encode'): unknown {
    try {
      return make === 'hash' && codec.hash ? codec.hash(value) : codec.encode(value);
    } catch (error) {
      throw new CodecFailure(codec, error);
    }
  }

  #await(value: object, codec: Codec, promise: PromiseLike<unknown>, path: string): void {
    const settled = promise.then(
      (plain) => void this.#made.set(value, plain),
      (error: unknown) => {
        throw new CodecFailure(codec, error, path);
      },
    );
    const waiting = Promise.resolve(settled);
    waiting.catch(() => undefined); // told by ready(), unless the walk ends for another reason
    this.#awaited.push(waiting);
  }
}
