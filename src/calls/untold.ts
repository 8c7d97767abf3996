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

/** First name of a path: `captures.config.log` → `config`, `this["odd name"]` → `odd name`. */
const firstName = /^\w+(?:\.([\p{ID_Continue}$]+)|\["((?:[^"\\]|\\.)*)"\])/u;

const trusted = 'give a "version" with "trustVersion: true", which then stands for all code';

/** What takes the part at a path out of the key. */
function cureOf(path: string): string {
  const [, plain, odd] = firstName.exec(path) ?? [];
  const name = plain ?? odd;
  if (path === 'key()') return 'return what tells the calls apart';
  if (path.includes('#'))
    return `if it makes no difference, "// keepsake-ignore FP002" at its declaration leaves it out; or ${trusted}`;
  if (path === 'captures')
    return 'return a plain object of names and values, such as "captures: () => ({ k })"';
  if (path.startsWith('depends')) return `list what tells it instead, or ${trusted}`;
  if (path.startsWith('this.constructor')) return trusted;
  if (path === 'this') return 'say which of its fields count: "captures() { return { field: this.field } }"';
  const place = path.startsWith('this') ? `this.${name}` : name;
  return `if it makes no difference, leave it out with "ignore: ['${place}']"; or ${trusted}`;
}

/** A cure takes stack, too: a call without an end fails with what it met first. */
function cureOrRethrow(path: string, error: unknown): string {
  try {
    return cureOf(path);
  } catch {
    throw error;
  }
}

/** Any failure of making a part of the key, as the reason why the call is not kept. */
export function untold(error: unknown, path: string): Untold {
  if (error instanceof Untold) return error;
  const known = error instanceof UnhashableArgumentError ? error : undefined;
  const at = known?.path ?? path;
  const reason = new UnhashableArgumentError(
    at,
    known?.what ?? `reading it threw "${error}"`,
    cureOrRethrow(at, error),
  );
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
