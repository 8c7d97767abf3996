/** What identifies a function's code: the best that is known of it, and that name of the method itself. */
import { AmbiguousFunctionError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { KeyHasher } from '../keys/keys.ts';
import type { AnyFunction, CacheOptions } from './options.ts';

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
}

const nativeCode = /\{\s*\[native code\]\s*\}\s*$/;

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
  options: CacheOptions,
  facts: FunctionFacts | undefined,
): CodeIdentity {
  const { version, trustVersion = false, depends = [] } = options;
  const id = options.id ?? facts?.id;
  const source = sourceOf(fn);
  if (facts) {
    const isPartial = facts.flags?.includes('partial') ?? false;
    const parts = ['plugin', facts.fingerprint, version, depends];
    return { kind: 'plugin', id: id ?? facts.id, isPersistent: !isPartial || version !== undefined, parts };
  }
  if (source === '' && (id === undefined || version === undefined)) {
    throw new TypeError(
      `${fn.name || 'The function'} is native or bound, so its code cannot be told from another's: give "id" and "version"`,
    );
  }
  if (id === undefined) {
    unnamed += 1;
    const parts = ['source', `unnamed ${unnamed}`, source, version, depends];
    return { kind: 'source', id: fn.name || 'anonymous', isPersistent: false, parts };
  }
  if (version !== undefined) {
    return {
      kind: 'version',
      id,
      isPersistent: true,
      parts: ['version', id, version, trustVersion ? '' : source, depends],
    };
  }
  return { kind: 'source', id, isPersistent: true, parts: ['source', id, source, depends] };
}

/** Digest of the identity: the key space of the function's entries. Helpers in `depends` count by their source. */
export async function functionKeyOf(identity: CodeIdentity, hasher: KeyHasher): Promise<string> {
  return hasher.digest(identity.parts, {
    root: 'depends',
    tokenOf: (value) =>
      typeof value === 'function' ? `source ${Function.prototype.toString.call(value)}` : undefined,
  });
}

interface Claim {
  readonly functions: WeakRef<AnyFunction>[];
  isAmbiguous: boolean;
}

/** Functions of this realm by memory and identity: two of one identity may be closures over different values. */
const claims = new Map<string, Claim>();

/** Claims an identity for a function. Once two functions have claimed one, it is nobody's for the realm's life. */
export function claimIdentity(claimed: string, id: string, fn: AnyFunction): void {
  const claim = claims.get(claimed) ?? { functions: [], isAmbiguous: false };
  claims.set(claimed, claim);
  const alive = claim.functions.map((ref) => ref.deref()).filter((each) => each !== undefined);
  if (alive.includes(fn)) return;
  claim.functions.push(new WeakRef(fn));
  if (alive.length === 0 || claim.isAmbiguous) return;
  claim.isAmbiguous = true;
  console.error(`[keepsake] ${new AmbiguousFunctionError(id).message}`);
}

/** The error that says why results under this identity are not kept, if so. */
export const ambiguityOf = (claimed: string, id: string): AmbiguousFunctionError | undefined =>
  claims.get(claimed)?.isAmbiguous ? new AmbiguousFunctionError(id) : undefined;
