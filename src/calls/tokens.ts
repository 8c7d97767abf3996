/** What hashes in place of an argument that is not to be walked: cached functions, shelved results, mapped arrays. */
import { tokenOfMapped } from '../arrays/arrays.ts';
import type { Token } from '../keys/keys.ts';

interface KnownToken {
  readonly text: () => string;
  readonly ready: Promise<void> | undefined;
}

const tokens = new WeakMap<object, KnownToken>();
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

/** The token of an argument, if it has one; a mapped array that can change has none, and says so. */
export const tokenOf = (value: object): Token | undefined =>
  tokens.get(value)?.text() ?? tokenOfMapped(value);
