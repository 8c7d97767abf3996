/** What a call depends on beside its code and its arguments: captured values and its receiver. */
import { UnhashableArgumentError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { IgnoredPath, KeyHasher } from '../keys/keys.ts';
import type { AnyFunction, FunctionOptions } from '../options/options.ts';
import { factsOf, hasCaptures } from './call-needs.ts';
import type { Evaluation } from './claims.ts';
import { CodeBook, type CodeRules } from './code-digest.ts';
import { cureOrRethrow } from './cures.ts';
import { type ReceiverRules, receiverDigest } from './receiver.ts';
import { stateByPath, stateDigest } from './state.ts';
import { tokenReady } from './tokens.ts';
import { type Untold, untold } from './untold.ts';

/** What is known of a function. */
export interface Known {
  readonly fn: AnyFunction;
  readonly options: FunctionOptions;
  readonly facts: FunctionFacts | undefined;
  readonly isMethod: boolean;
  readonly readsReceiver: boolean;
  /** Captured values that do not count. */
  readonly ignored: readonly IgnoredPath[] | undefined;
  readonly evaluation: Evaluation | undefined;
  /** Two functions or classes of one source were met. */
  onAmbiguous(): void;
}

const told = (error: unknown, path: string): Untold => untold(error, path, cureOrRethrow);

type Digest = string | Promise<string>;
type Values = Readonly<Record<string, unknown>>;

const joined = (parts: Digest[]): Digest =>
  parts.every((part) => typeof part === 'string')
    ? parts.join(' ')
    : Promise.all(parts).then((all) => all.join(' '));

/** What is being hashed as the outer `this` of arrow functions. */
const outers = new Set<unknown>();

export class CallContext {
  readonly #hasCaptures: boolean;
  readonly #known: Known;
  readonly #facts: FunctionFacts | undefined;
  /** undefined: the function uses no receiver. */
  readonly #receiver: ReceiverRules | undefined;
  #isInToken = false;

  constructor(known: Known) {
    const { options, facts } = known;
    this.#known = known;
    this.#facts = factsOf(options, facts);
    this.#hasCaptures = hasCaptures(options, facts);
    this.#receiver = known.readsReceiver ? receiverRules({ ...known, facts: this.#facts }) : undefined;
  }

  /**
   * Digest of the helpers and values that the function uses by its `depends`; '' where there are none.
   * @throws Untold for what they hold, with its path: `depends[0].onEnd`.
   */
  async dependsDigest(hasher: KeyHasher, isTrusting = false): Promise<string> {
    const { depends = [] } = this.#known.options;
    if (depends.length === 0) return '';
    await Promise.all(depends.map((value) => tokenReady(value)));
    try {
      return await new CodeBook({ ...this.#rules(hasher, false), isTrusting }).digest(depends, 'depends');
    } catch (error) {
      throw told(error, 'depends');
    }
  }

  /** How functions and classes among the values count. */
  #rules(hasher: KeyHasher, isStrict: boolean): CodeRules {
    const { options, evaluation, onAmbiguous } = this.#known;
    return { hasher, codecs: options.codecs, isStrict, evaluation, onAmbiguous };
  }

  /** Digest of all of it; undefined where there is nothing. @throws Untold */
  digest(self: unknown, hasher: KeyHasher): Digest | undefined {
    const captured = this.#hasCaptures ? this.#capturesDigest(self, hasher) : '';
    const state = this.#stateDigest(hasher);
    const receiver = this.#receiver && self !== undefined ? this.#receiverDigest(self, hasher) : '';
    const parts = state === '' ? [captured, receiver] : [captured, receiver, state];
    const all = joined(parts);
    if (typeof all === 'string') return all.trim() === '' ? undefined : all;
    return all.catch((error: unknown) => Promise.reject(told(error, 'captures')));
  }

  /** Digest of what the function captured, where it is itself an argument or captured. */
  tokenDigest(hasher: KeyHasher): Digest {
    // It may capture what it is a part of.
    if (this.#isInToken || !this.#hasCaptures) return '';
    this.#isInToken = true;
    try {
      return this.#capturesDigest(undefined, hasher);
    } finally {
      this.#isInToken = false;
    }
  }

  /** Digest of the modules' state that the function reaches, as it is now; '' where there is none. */
  #stateDigest(hasher: KeyHasher): Digest {
    const keys = this.#facts?.state ?? [];
    if (keys.length === 0) return '';
    try {
      return stateDigest(keys, { hasher, codecs: this.#known.options.codecs });
    } catch (error) {
      throw told(error, 'state');
    }
  }

  /** Makers of digests by path, for explain(). */
  digestsByPath(self: unknown, hasher: KeyHasher): [string, () => Digest][] {
    const digests = Object.entries(this.#captures(self)).map(([name, value]): [string, () => Digest] => [
      `captures.${name}`,
      () => this.#valuesDigest({ [name]: value }, hasher, this.#known.options.captures !== undefined),
    ]);
    if (this.#receiver && self !== undefined)
      digests.push(['this', () => this.#receiverDigest(self, hasher)]);
    const { codecs } = this.#known.options;
    return [...digests, ...stateByPath(this.#facts?.state ?? [], { hasher, codecs })];
  }

  #book(hasher: KeyHasher): CodeBook {
    return new CodeBook(this.#rules(hasher, true));
  }

  #captures(self: unknown): Values {
    const byHand = this.#byHand(self);
    return { ...this.#byPlugin(self, byHand), ...byHand };
  }

  #capturesDigest(self: unknown, hasher: KeyHasher): Digest {
    try {
      const byHand = this.#byHand(self);
      const byPlugin = this.#byPlugin(self, byHand);
      const digest = (values: Values): Digest => this.#valuesDigest(values, hasher, byHand !== undefined);
      try {
        return digest({ ...byPlugin, ...byHand });
      } catch (error) {
        if (!byHand) throw error;
        // The caller has said what counts: of the rest, what can be told.
        return digest({ ...Object.fromEntries(Object.entries(byPlugin).filter(isTold(digest))), ...byHand });
      }
    } catch (error) {
      throw told(error, 'captures');
    }
  }

  /** An arrow function's outer `this` counts as a receiver does; what it calls by it would read it otherwise. */
  #valuesDigest({ this: outer, ...values }: Values, hasher: KeyHasher, isDeclared: boolean): Digest {
    const { ignored } = this.#known;
    const own = this.#book(hasher).digest(values, 'captures', ignored);
    // Cached functions of one object each capture it, so that it is being hashed already.
    if (outer === undefined || outers.has(outer)) return own;
    outers.add(outer);
    try {
      const rules = receiverRules({ ...this.#known, facts: this.#facts, isMethod: true });
      const receiver = receiverDigest(outer, this.#book(hasher), { ...rules, isDeclared, isOuter: true });
      return joined([own, receiver]);
    } finally {
      outers.delete(outer);
    }
  }

  #byHand(self: unknown): Values | undefined {
    const { captures } = this.#known.options;
    return captures && checkCaptures(captures.call(self));
  }

  /** What the plugin has found, but for names that the caller has a word on. */
  #byPlugin(self: unknown, byHand: Values | undefined): Values {
    const { captures, thisProps = [] } = this.#facts ?? {};
    const fields = thisProps
      .filter((name) => !byHand || !(name in byHand))
      .map((name) => [`this.${name}`, Reflect.get(Object(self), name)]);
    return { ...Object.fromEntries(fields), ...captures?.call(self) };
  }

  #receiverDigest(self: unknown, hasher: KeyHasher): Digest {
    const rules = this.#receiver;
    if (!rules) return '';
    try {
      return receiverDigest(self, this.#book(hasher), rules);
    } catch (error) {
      if (this.#known.options.trustVersion) return '';
      throw told(error, 'this');
    }
  }
}

function receiverRules({ fn, options, facts, isMethod, ignored }: Known): ReceiverRules {
  const isWhole = facts !== undefined && !facts.flags?.includes('partial');
  const fields = (ignored ?? []).flatMap(([name]) =>
    String(name).startsWith('this.') ? [String(name).slice(5)] : [],
  );
  return {
    method: fn,
    isDeclared: Boolean(options.captures || (isWhole && (isMethod || facts.thisProps))),
    isOuter: false,
    coversClass: isWhole && isMethod,
    ignored: new Set(fields),
  };
}

const isTold =
  (digest: (values: Values) => Digest) =>
  ([name, value]: [string, unknown]): boolean => {
    try {
      void digest({ [name]: value }); // a Blob that cannot be read fails the whole digest
      return true;
    } catch {
      return false;
    }
  };

/** A plain object of names and values says all that it holds; nothing else does. */
function checkCaptures(captured: unknown): Values {
  const prototype: unknown = Object(captured) === captured && Object.getPrototypeOf(captured);
  const isPlain = prototype === null || prototype === Object.prototype;
  if (!isPlain || Reflect.ownKeys(Object(captured)).length !== Object.keys(Object(captured)).length)
    throw new UnhashableArgumentError('captures', 'captures() returned something else than a plain object');
  return captured as Values; // a plain object with enumerable names only
}
