/** What hashes in place of an argument that is not to be walked: cached functions, shelved results, mapped arrays. */
import { tokenOfMapped } from '../arrays/arrays.ts';
import type { Token } from '../keys/keys.ts';

const tokens = new WeakMap<object, () => string>();

/** Gives an object a content token of its own. */
export function setToken(value: object, token: () => string): void {
  tokens.set(value, token);
}

const opening = new Set<Promise<void>>();

/** Tokens of some cached functions take hashing first; calls wait until none is under way. */
export function awaitToken(open: Promise<void>): void {
  const done = open.finally(() => opening.delete(done));
  opening.add(done);
}

export const tokensReady = (): Promise<unknown> | undefined =>
  opening.size > 0 ? Promise.allSettled(opening) : undefined;

/** The token of an argument, if it has one; a mapped array that can change has none, and says so. */
export const tokenOf = (value: object): Token | undefined => tokens.get(value)?.() ?? tokenOfMapped(value);
