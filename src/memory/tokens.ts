/** What hashes in place of an argument that is not to be walked: cached functions, shelved results. */

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

/** The token of an argument, if it has one. */
export const tokenOf = (value: object): string | undefined => tokens.get(value)?.();
