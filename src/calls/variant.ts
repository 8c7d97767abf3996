/** What of a call's arguments is not in its key, as far as it is data. */
import type { FunctionOptions } from '../options/options.ts';

/** Deep and wide enough for options and counters; what is larger is no counter. */
const MAX_DEPTH = 3;
const MAX_MEMBERS = 32;
const MAX_TEXT = 100;

function textOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_TEXT));
  if (typeof value === 'symbol' || typeof value === 'function') return '';
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth === MAX_DEPTH || ArrayBuffer.isView(value)) return '';
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return `{${members.map(([name, member]) => `${name}:${textOf(member, depth + 1)}`).join()}}`;
}

/** FNV-1a: short enough for the name of a lock. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

/**
 * Empty where the key has all that the arguments say. Functions and signals count for nothing: a call of a function to
 * itself that ever ends differs in data.
 */
export function variantOf({ ignore, key }: FunctionOptions, args: readonly unknown[]): string {
  if (!key && !ignore?.length) return '';
  try {
    return hashOf(textOf(args, 0));
  } catch {
    return ''; // a getter that throws
  }
}
