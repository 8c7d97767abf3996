/** Parts of a call's key that cannot be told for certain: the call computes, and nothing is served or kept. */
import { UnhashableArgumentError } from '../errors/errors.ts';

/** Thrown while a key is made, and never to a caller. */
export class Untold extends Error {
  readonly reason: UnhashableArgumentError;

  constructor(reason: UnhashableArgumentError) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Any failure of making a part of the key, as the reason why the call is not kept; `cureOf` says what helps, by path. */
export function untold(
  error: unknown,
  path: string,
  cureOf: (path: string, error: unknown) => string,
): Untold {
  if (error instanceof Untold) return error;
  const known = error instanceof UnhashableArgumentError ? error : undefined;
  const at = known?.path ?? path;
  const what = known?.what ?? `reading it threw "${error}"`;
  const reason = new UnhashableArgumentError(at, what, cureOf(at, error));
  reason.cause = error;
  return new Untold(reason);
}

const noticed = new Set<string>();

/** Says something once in this realm. */
export function noticeOnce(about: string, level: 'info' | 'warn' | 'error', text: string): void {
  if (noticed.has(about)) return;
  noticed.add(about);
  console[level](`[keepsake] ${text}`);
}
