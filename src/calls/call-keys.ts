/** Keys of one function's calls: code identity, receiver, captured values and arguments in one digest. */
import { AmbiguousFunctionError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { KeyHasher, KeyOptions } from '../keys/keys.ts';
import type { AnyFunction, FunctionOptions } from '../options/options.ts';
import { argumentsByPath, digestDigits, mostDigests } from './arguments-by-path.ts';
import type { CallContext } from './call-context.ts';
import { hasCaptures, isToBeClaimed, needsCode } from './call-needs.ts';
import { claim, type Evaluation, evaluationBelow, isClaimedBy } from './claims.ts';
import type { MemoryContext } from './context.ts';
import { type Code, readsReceiver, sourceOf } from './function-source.ts';
import { type CodeIdentity, identify, keyOfParts } from './identity.ts';
import { type Ignored, ignoredPaths } from './ignore.ts';
import { type CodeReader, codeReader } from './late-code.ts';
import { countsArguments } from './parameters.ts';
import { tokenOf } from './tokens.ts';
import { noticeOnce, Untold, untold } from './untold.ts';

/** Where and as what a function was wrapped. */
export interface WrapSite {
  /** The function of ours that was called: what its caller's stack begins below. */
  readonly entry: Code;
  readonly isMethod: boolean;
}

/** Why nothing may be served or kept; 'storage-failed': a part of the library that makes keys could not be fetched. */
export interface Refusal {
  readonly reason: 'ambiguous' | 'untold' | 'storage-failed';
  readonly error: Error;
}

export class CallKeys {
  readonly identity: CodeIdentity;
  readonly #needsCode: boolean;
  readonly #readsReceiver: boolean;
  readonly #evaluation: Evaluation | undefined;
  readonly #isMethod: boolean;
  /** What the call depends on beside code and arguments, once that can be read. */
  #surroundings: CallContext | undefined;
  readonly #context: MemoryContext;
  readonly #fn: AnyFunction;
  readonly #options: FunctionOptions;
  readonly #facts: FunctionFacts | undefined;
  readonly #ignored: Ignored | undefined;
  readonly #countsArguments: boolean;
  #functionKey: string | undefined;
  /** Why code cannot be read. */
  #missing: unknown;
  #isClaiming = false;
  /** The claimed identity; undefined where no mistake is possible. */
  #claimed: string | undefined;
  /** Why the code itself cannot be told. */
  #untold: Refusal | undefined;
  #hasher: KeyHasher | undefined;
  #opening: Promise<void> | undefined;

  constructor(
    context: MemoryContext,
    fn: AnyFunction,
    options: FunctionOptions,
    { facts, site }: { facts: FunctionFacts | undefined; site: WrapSite },
  ) {
    this.#context = context;
    this.#fn = fn;
    this.#options = options;
    this.#facts = facts;
    this.identity = identify(fn, options, facts);
    this.#countsArguments = facts?.countsArguments ?? countsArguments(sourceOf(fn));
    this.#ignored = ignoredPaths(options.ignore ?? [], {
      source: sourceOf(fn),
      params: facts?.params,
      captures: [options.captures, facts?.captures].map(String).join(' '),
    });
    this.#isMethod = site.isMethod;
    this.#evaluation = evaluationBelow(site.entry);
    this.#readsReceiver = facts?.usesThis ?? readsReceiver(fn);
    this.#needsCode = needsCode(options, facts, this.#readsReceiver);
    if (!this.#needsCode) return;
    if (codeReader.loaded) this.#read(codeReader.loaded);
    else void this.#reading().catch(() => undefined); // told by open()
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

  /** Whether the identity means the same code on every machine, by the plugin's word or the caller's. */
  get isWhole(): boolean {
    const { kind, isPersistent } = this.identity;
    return isPersistent && (kind === 'plugin' || (kind === 'version' && this.#options.trustVersion === true));
  }

  /** Whether what stands for the function has to be hashed: then keys open when it is wrapped. */
  get #needsHasher(): boolean {
    return this.#options.depends !== undefined || hasCaptures(this.#options, this.#facts);
  }

  /** Resolves when `token` can be asked for; undefined where it can be now. */
  get tokenReady(): Promise<void> | undefined {
    if (this.#needsHasher) return this.open();
    return this.#needsCode && !this.#surroundings ? this.#reading() : undefined;
  }

  /**
   * What stands for the function where it is an argument: its code identity and what it captured.
   * @throws TypeError where these do not tell it apart for good; ChunkError
   */
  get token(): string {
    if (this.#needsCode && !this.#surroundings) throw this.#missing;
    const { parts, isPersistent, id } = this.identity;
    if (this.refusal()) throw new TypeError(`two functions have the id "${id}" and the same source`);
    if (!isPersistent) throw new TypeError(`the function ${id} has no "id" to tell it by after a reload`);
    if (!this.#needsHasher || !this.#surroundings) return `function ${JSON.stringify(parts)}`;
    const captured = this.#surroundings.tokenDigest(this.hasher);
    if (typeof captured !== 'string') throw new TypeError(`the function ${id} captures a Blob`);
    return `function ${this.functionKey} ${captured}`;
  }

  /** Compiles the digest and claims the identity. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined; // what was missing may be there the next time
      throw error;
    });
    return this.#opening;
  }

  /** Why results under this identity are not to be kept, if so. */
  refusal(): Refusal | undefined {
    if (this.#claimed === undefined || isClaimedBy(this.#claimed, this.#fn)) return this.#untold;
    return { reason: 'ambiguous', error: new AmbiguousFunctionError(this.identity.id) };
  }

  /**
   * Digest of code identity, captured values and arguments. A promise only where a Blob has to be read.
   * @throws Untold for what cannot be told of all but the arguments; UnhashableArgumentError for these.
   */
  keyOf(self: unknown, args: readonly unknown[]): string | Promise<string> {
    const captured = this.#surroundings?.digest(self, this.hasher);
    const make = (digest: string | undefined): string | Promise<string> =>
      this.hasher.callKey(
        { identity: this.functionKey, captured: digest, args: this.#inputsOf(args) },
        this.#keyOptions(),
      );
    return captured instanceof Promise ? captured.then(make) : make(captured);
  }

  /** Says once per function why its calls are not kept. */
  noteUntold({ message }: Error): void {
    const { id } = this.identity;
    noticeOnce(this.#name('untold'), 'warn', `${id} is computed and not kept: ${message}`);
  }

  /** Says once that a verb gives the function no receiver, where it reads one. */
  noteNoReceiver(): void {
    const { id } = this.identity;
    if (!this.#readsReceiver) return;
    const text = `${id} reads "this", which its verbs have none of: use object.f.on(object).compute() and the like`;
    noticeOnce(this.#name('no receiver'), 'warn', text);
  }

  /** What the arguments hold, by the paths of digestsOf(). */
  valuesOf(args: readonly unknown[]): ReadonlyMap<string, unknown> {
    return new Map(this.#argumentsByPath(args));
  }

  /** Digests by path of what enters the key, a few levels deep and bounded: what explain() compares. */
  async digestsOf(self: unknown, args: readonly unknown[]): Promise<Record<string, string>> {
    const digests: Record<string, string> = {};
    const { codecs } = this.#options;
    const captured = this.#surroundings?.digestsByPath(self, this.hasher) ?? [];
    const given = this.#argumentsByPath(args).map(
      ([path, value]) => [path, () => this.hasher.digest(value, { codecs, tokenOf, root: path })] as const,
    );
    for (const [path, digest] of [...captured, ...given].slice(0, mostDigests)) {
      digests[path] = (await digest()).slice(0, digestDigits);
    }
    return digests;
  }

  #inputsOf(args: readonly unknown[]): readonly unknown[] {
    const { key } = this.#options;
    if (!key) return args;
    try {
      return [key(...(args as never[]))]; // the parameters' types are erased here
    } catch (error) {
      throw untold(error, 'key()', () => 'return what tells the calls apart');
    }
  }

  #argumentsByPath(args: readonly unknown[]): [string, unknown][] {
    if (this.#options.key) return [['key()', this.#inputsOf(args)]];
    return argumentsByPath(args, this.#ignored?.args, this.#options.codecs);
  }

  #keyOptions(): KeyOptions {
    const { codecs, key } = this.#options;
    if (key) return { codecs, tokenOf, root: 'key()' };
    return { codecs, tokenOf, ignore: this.#ignored?.args, countsArguments: this.#countsArguments };
  }

  async #open(): Promise<void> {
    const [hasher] = await Promise.all([this.#context.hasher(), this.#needsCode && this.#reading()]);
    this.#functionKey = await keyOfParts(this.identity.parts, hasher, await this.#used(hasher));
    this.#hasher = hasher;
    if (this.#options.depends) this.#claim(this.#functionKey);
    if (!this.#facts && !this.#options.captures) this.#notice();
  }

  /** Digest of what the function says that it uses. */
  async #used(hasher: KeyHasher): Promise<string> {
    try {
      return (await this.#surroundings?.dependsDigest(hasher)) ?? '';
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      this.#untold = { reason: 'untold', error: error.reason };
      this.noteUntold(error.reason);
      // For what was stored before a second helper of the same source came.
      return (await this.#surroundings?.dependsDigest(hasher, true).catch(() => '')) ?? '';
    }
  }

  /** Fetches what reads code. @throws ChunkError; the next call tries again */
  async #reading(): Promise<void> {
    try {
      this.#read(await codeReader.load());
    } catch (error) {
      this.#missing = error;
      throw error;
    }
  }

  /** Before any call, so that none is answered for the wrong function; with depends the digest has to come first. */
  #read({ CallContext, isSelfContained }: CodeReader): void {
    if (this.#surroundings) return;
    this.#surroundings = new CallContext({
      fn: this.#fn,
      options: this.#options,
      facts: this.#facts,
      isMethod: this.#isMethod,
      readsReceiver: this.#readsReceiver,
      ignored: this.#ignored?.captures,
      evaluation: this.#evaluation,
      onAmbiguous: () => this.#forget(),
    });
    this.#isClaiming = isToBeClaimed(this.#options, this.#facts) && !isSelfContained(this.#fn);
    if (!this.#options.depends) this.#claim(JSON.stringify(this.identity.parts));
  }

  /** Functions whose captured values are all in the key, or that have none, cannot be mistaken for each other. */
  #claim(identity: string): void {
    if (!this.#isClaiming) return;
    this.#claimed = this.#name(identity);
    if (claim(this.#claimed, this.#fn, this.#evaluation)) return;
    if (!this.#untold)
      noticeOnce(this.#claimed, 'error', new AmbiguousFunctionError(this.identity.id).message);
    this.#forget();
  }

  /** What was stored before the second closure came may be the other's. */
  #forget(): void {
    const forget = async (): Promise<void> => {
      await this.open();
      await this.#context.clearFunction(this.identity.id, this.functionKey);
    };
    this.#context.track(forget().catch(() => undefined)); // nothing is served from there in any case
  }

  #name(what: string): string {
    return JSON.stringify([this.#context.options.name, this.identity.id, what]);
  }

  /** Says once per function what is not seen. */
  #notice(): void {
    const { kind, id, isPersistent } = this.identity;
    if (kind !== 'source' || this.#options.depends) return;
    const what = isPersistent
      ? 'edits of helpers that it calls, and values that it captures, are not seen; use the build plugin, or give "version", "depends" or "captures"'
      : 'it has no "id", so its results are kept in this page only; give it one to keep them on disk';
    noticeOnce(this.#name(sourceOf(this.#fn)), 'info', `${id}: ${what}`);
  }
}
