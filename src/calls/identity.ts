/** What identifies a function's code: the best that is known of it, and that name of the method itself. */
import { AmbiguousFunctionError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { KeyHasher, Token } from '../keys/keys.ts';
import type { AnyFunction, FunctionOptions } from '../options/options.ts';
import type { Codec } from '../values/values.ts';
import { tokenOf, tokenReady } from './tokens.ts';

export type IdentityKind = 'plugin' | 'version' | 'source';

/** The code identity before it is hashed. */
export interface CodeIdentity {
  readonly kind: IdentityKind;
  /** Label for listing and clearing. */
  readonly id: string;
  /** Whether another page load can be told that it means the same code. */
  readonly isPersistent: boolean;
  /** What is hashed into the function key. */
  readonly parts: readonly unknown[];
  /** Helpers and values that the function uses; hashed into the function key too. */
  readonly depends: readonly unknown[];
}

const nativeCode = /\{\s*\[native code\]\s*\}\s*$/;
/** A bound function: its source names nothing. */
const boundCode = /^function\s*\(\)\s*\{\s*\[native code\]\s*\}\s*$/;

/** Functions without a name of their own are told apart by their place in this realm. */
let unnamed = 0;

function sourceOf(fn: AnyFunction): string {
  const source = Function.prototype.toString.call(fn);
  return nativeCode.test(source) ? '' : source;
}

/**
 * The identity of a function: the plugin's fingerprint, else a version given by hand, else the source text.
 * @throws TypeError for a native or bound function without id and version: there is nothing to tell it by.
 */
export function identify(
  fn: AnyFunction,
  options: Omit<FunctionOptions, 'codecs'>,
  facts: FunctionFacts | undefined,
): CodeIdentity {
  const { version, trustVersion = false, depends = [] } = options;
  const id = options.id ?? facts?.id;
  const source = sourceOf(fn);
  if (facts) {
    const isPartial = facts.flags?.includes('partial') ?? false;
    const parts = ['plugin', facts.fingerprint, version];
    const isPersistent = !isPartial || version !== undefined;
    return { kind: 'plugin', id: id ?? facts.id, isPersistent, parts, depends };
  }
  if (source === '' && (id === undefined || version === undefined)) {
    throw new TypeError(
      `${fn.name || 'The function'} is native or bound, so its code cannot be told from another's: give "id" and "version"`,
    );
  }
  if (id === undefined) {
    unnamed += 1;
    const parts = ['source', `unnamed ${unnamed}`, source, version];
    return { kind: 'source', id: fn.name || 'anonymous', isPersistent: false, parts, depends };
  }
  if (version !== undefined) {
    const parts = ['version', id, version, trustVersion ? '' : source];
    return { kind: 'version', id, isPersistent: true, parts, depends };
  }
  return { kind: 'source', id, isPersistent: true, parts: ['source', id, source], depends };
}

/** A helper counts by its source; a cached one by its code identity, as anywhere. */
function helperToken(value: object): Token | undefined {
  const token = tokenOf(value);
  if (token !== undefined || typeof value !== 'function') return token;
  const source = Function.prototype.toString.call(value);
  if (boundCode.test(source)) throw new TypeError('a bound function has no source to tell it by');
  return `source ${source}`;
}

/**
 * Digest of the identity: the key space of the function's entries.
 * @throws UnhashableArgumentError for what `depends` holds, with its path: `depends[0].onEnd`.
 */
export async function functionKeyOf(
  { parts, depends }: CodeIdentity,
  hasher: KeyHasher,
  codecs: readonly Codec[] | undefined,
): Promise<string> {
  await Promise.all(depends.map((value) => tokenReady(value)));
  const used =
    depends.length > 0 ? await hasher.digest(depends, { codecs, root: 'depends', tokenOf: helperToken }) : '';
  return hasher.digest([...parts, used], { root: 'identity' });
}

interface Claim {
  readonly fn: WeakRef<AnyFunction>;
  isAmbiguous: boolean;
}

/** Functions of this realm by memory and identity: two of one identity may be closures over different values. */
const claims = new Map<string, Claim>();

/**
 * Claims an identity for a function. Once two functions have claimed one, it is nobody's for the realm's life; a function
 * that is gone counts too: whether it was collected already must not decide what its successor is answered.
 */
export function claimIdentity(claimed: string, id: string, fn: AnyFunction): void {
  const claim = claims.get(claimed);
  if (!claim) claims.set(claimed, { fn: new WeakRef(fn), isAmbiguous: false });
  if (!claim || claim.isAmbiguous || claim.fn.deref() === fn) return;
  claim.isAmbiguous = true;
  console.error(`[keepsake] ${new AmbiguousFunctionError(id).message}`);
}

/** The error that says why results under this identity are not kept, if so. */
export const ambiguityOf = (claimed: string, id: string): AmbiguousFunctionError | undefined =>
  claims.get(claimed)?.isAmbiguous ? new AmbiguousFunctionError(id) : undefined;
