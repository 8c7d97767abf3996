/** What hashes in place of an argument that is not to be walked: cached functions, shelved results. */

interface Token {
  readonly text: () => string;
  readonly ready: Promise<void> | undefined;
}

const tokens = new WeakMap<object, Token>();
const opening = new Set<Promise<void>>();

/** Gives an object a content token of its own; calls wait until none is in the making. */
export function setToken(value: object, text: () => string, opened?: Promise<void>): void {
  // What fails to open says why when its token is asked for.
  const ready = opened?.catch(() => undefined);
  tokens.set(value, { text, ready });
  if (!ready) return;
  opening.add(ready);
  void ready.then(() => opening.delete(ready));
}

/** Resolves when every token can be asked for; undefined where it can be now. */
export const tokensReady = (): Promise<unknown> | undefined =>
  opening.size > 0 ? Promise.all(opening) : undefined;

/** Resolves when the token of this value, if it has one, can be asked for. */
export const tokenReady = (value: unknown): Promise<void> | undefined =>
  typeof value === 'function' || (typeof value === 'object' && value !== null)
    ? tokens.get(value)?.ready
    : undefined;

/** The token of an argument, if it has one. */
export const tokenOf = (value: object): string | undefined => tokens.get(value)?.text();
