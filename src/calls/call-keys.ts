/** Keys of one function's calls: code identity, captured values and arguments in one digest. */
import type { AmbiguousFunctionError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { IgnoredPath, KeyHasher, KeyOptions } from '../keys/keys.ts';
import type { AnyFunction, CacheOptions } from '../options/options.ts';
import type { MemoryContext } from './context.ts';
import { ambiguityOf, type CodeIdentity, claimIdentity, functionKeyOf, identify } from './identity.ts';
import { ignoredPaths } from './ignore.ts';
import { stateDigest } from './state.ts';
import { tokenOf } from './tokens.ts';

export class CallKeys {
  readonly identity: CodeIdentity;
  readonly #context: MemoryContext;
  readonly #fn: AnyFunction;
  readonly #options: CacheOptions;
  readonly #facts: FunctionFacts | undefined;
  readonly #ignore: readonly IgnoredPath[] | undefined;
  #functionKey: string | undefined;
  /** The claimed identity; undefined where no mistake is possible. */
  #claimed: string | undefined;
  #hasher: KeyHasher | undefined;
  #opening: Promise<void> | undefined;

  constructor(
    context: MemoryContext,
    fn: AnyFunction,
    options: CacheOptions,
    facts: FunctionFacts | undefined,
  ) {
    this.#context = context;
    this.#fn = fn;
    this.#options = options;
    this.#facts = facts;
    this.identity = identify(fn, options, facts);
    this.#ignore = ignoredPaths(options.ignore ?? [], Function.prototype.toString.call(fn), facts?.params);
    // Before any call, so that none is answered for the wrong function; with depends the digest has to come first.
    if (!options.depends) this.#claim(JSON.stringify(this.identity.parts));
  }

  get isOpen(): boolean {
    return this.#hasher !== undefined;
  }

  /** Digest of the code identity: the function's key space. */
  get functionKey(): string {
    if (this.#functionKey === undefined) throw new TypeError('Keys open before they are made');
    return this.#functionKey;
  }

  get hasher(): KeyHasher {
    if (!this.#hasher) throw new TypeError('Keys open before they are made');
    return this.#hasher;
  }

  /** Kept with the function's totals: the kind of identity, and the plugin's fingerprint. */
  get identityText(): string {
    const { kind } = this.identity;
    return this.#facts ? `${kind}:${this.#facts.fingerprint}` : kind;
  }

  /** Whether what stands for the function has to be hashed: then keys open when it is wrapped. */
  get needsHasher(): boolean {
    return [this.#options.depends, this.#options.captures, this.#facts?.captures].some(Boolean);
  }

  /**
   * What stands for the function where it is an argument: its code identity and what it captured.
   * @throws TypeError where these do not tell it apart for good.
   */
  get token(): string {
    const { parts, isPersistent, id } = this.identity;
    if (this.ambiguity()) throw new TypeError(`two functions have the id "${id}" and the same source`);
    if (!isPersistent) throw new TypeError(`the function ${id} has no "id" to tell it by after a reload`);
    if (!this.needsHasher) return `function ${JSON.stringify(parts)}`;
    const captured = this.hasher.digest(this.#capturesOf(undefined), { root: 'captures', tokenOf });
    if (typeof captured !== 'string') throw new TypeError(`the function ${id} captures a Blob`);
    return `function ${this.functionKey} ${captured}`;
  }

  /** Compiles the digest and claims the identity. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Why results under this identity are not to be kept, if so. */
  ambiguity(): AmbiguousFunctionError | undefined {
    return this.#claimed === undefined ? undefined : ambiguityOf(this.#claimed, this.identity.id);
  }

  /** Digest of code identity, captured values and arguments. A promise only where a Blob has to be read. */
  keyOf(self: unknown, args: readonly unknown[]): string | Promise<string> {
    const state = this.#stateDigest();
    return typeof state === 'string'
      ? this.#keyWith(state, self, args)
      : state.then((read) => this.#keyWith(read, self, args));
  }

  #keyWith(state: string, self: unknown, args: readonly unknown[]): string | Promise<string> {
    const captured = this.#capturesOf(self);
    const identity = state === '' ? this.functionKey : `${this.functionKey} ${state}`;
    return this.hasher.callKey({ identity, captured, args: this.#inputsOf(args) }, this.#keyOptions());
  }

  /** Digest of the registered state that the function reaches, as it is now. */
  #stateDigest(): string | Promise<string> {
    const keys = this.#facts?.state ?? [];
    const { codecs, trustVersion = false } = this.#options;
    return keys.length === 0 || trustVersion ? '' : stateDigest(keys, { hasher: this.hasher, codecs });
  }

  /** Digests by path of what enters the key, one level deep and bounded: what explain() compares. */
  async digestsOf(self: unknown, args: readonly unknown[]): Promise<Record<string, string>> {
    const digests: Record<string, string> = {};
    const values = [...membersOf('captures', this.#capturesOf(self) ?? {}), ...this.#argumentsByPath(args)];
    for (const [path, value] of values.slice(0, MAX_DIGESTS)) {
      const digest = await this.hasher.digest(value, { codecs: this.#options.codecs, tokenOf, root: path });
      digests[path] = digest.slice(0, DIGEST_DIGITS);
    }
    return digests;
  }

  #inputsOf(args: readonly unknown[]): readonly unknown[] {
    const { key } = this.#options;
    return key ? [key(...(args as never[]))] : args; // the parameters' types are erased here
  }

  #argumentsByPath(args: readonly unknown[]): [string, unknown][] {
    if (this.#options.key) return [['key()', this.#inputsOf(args)]];
    const isIgnored = (path: string): boolean =>
      this.#ignore?.some((steps) => pathTextOf(steps) === path) ?? false;
    return args
      .flatMap((arg, at) => {
        const path = `arguments[${at}]`;
        const members = membersOf(path, arg);
        return members.length > 0 ? members : ([[path, arg]] as [string, unknown][]); // a pair
      })
      .filter(([path, value]) => !isIgnored(path) && !(value instanceof AbortSignal));
  }

  #keyOptions(): KeyOptions {
    const { codecs, key } = this.#options;
    return key ? { codecs, tokenOf, root: 'key()' } : { codecs, tokenOf, ignore: this.#ignore };
  }

  #capturesOf(self: unknown): Record<string, unknown> | undefined {
    const byHand = this.#options.captures?.call(self);
    const byPlugin = this.#facts?.captures?.call(self);
    const fields = this.#facts?.thisProps?.map((name) => [name, Reflect.get(Object(self), name)]);
    if (!byHand && !byPlugin && !fields) return undefined;
    return { ...(fields && Object.fromEntries(fields)), ...byPlugin, ...byHand };
  }

  async #open(): Promise<void> {
    const hasher = await this.#context.hasher();
    this.#functionKey = await functionKeyOf(this.identity, hasher, this.#options.codecs);
    this.#hasher = hasher;
    if (this.#options.depends) this.#claim(this.#functionKey);
    if (!this.#facts && !this.#options.captures) this.#notice();
  }

  /** Functions whose captured values are declared, or known to the plugin, cannot be mistaken for each other. */
  #claim(identity: string): void {
    if (this.#facts || this.#options.captures) return;
    this.#claimed = JSON.stringify([this.#context.options.name, identity]);
    claimIdentity(this.#claimed, this.identity.id, this.#fn);
  }

  /** Says once per function what is not seen. */
  #notice(): void {
    const { kind, id, isPersistent } = this.identity;
    if (kind !== 'source' || this.#options.depends) return;
    const what = isPersistent
      ? 'edits of helpers that it calls, and values that it captures, are not seen; use the build plugin, or give "version", "depends" or "captures"'
      : 'it has no "id", so its results are kept in this page only; give it one to keep them on disk';
    console.info(`[keepsake] ${id}: ${what}`);
  }
}

/** Enough to tell which option of a call differs; a record stays small. */
const MAX_DIGESTS = 48;
const DIGEST_DIGITS = 16;
/** An object with more members is compared as a whole. */
const MAX_MEMBERS = 24;

const pathTextOf = ([head, ...rest]: IgnoredPath): string =>
  [`arguments[${head}]`, ...rest.map((step) => `.${step}`)].join('');

function membersOf(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  const members = Object.entries(value);
  return members.length > MAX_MEMBERS ? [] : members.map(([name, member]) => [`${path}.${name}`, member]);
}
