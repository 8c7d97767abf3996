/** What identifies a function's code: the best that is known of it, and that name of the method itself. */
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { KeyHasher } from '../keys/keys.ts';
import type { AnyFunction, FunctionOptions } from '../options/options.ts';
import { sourceOf } from './function-source.ts';

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

/** Functions without a name of their own are told apart by their place in this realm. */
let unnamed = 0;

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
  if (id !== undefined && version !== undefined && trustVersion) {
    return { kind: 'version', id, isPersistent: true, parts: ['version', id, version, ''], depends };
  }
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
    return { kind: 'version', id, isPersistent: true, parts: ['version', id, version, source], depends };
  }
  return { kind: 'source', id, isPersistent: true, parts: ['source', id, source], depends };
}

/** Digest of the identity, the key space of the function's entries; `used` is the digest of its helpers. */
export const keyOfParts = (
  parts: readonly unknown[],
  hasher: KeyHasher,
  used = '',
): string | Promise<string> => hasher.digest([...parts, used], { root: 'identity' });
