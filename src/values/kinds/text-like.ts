/** Kinds that one primitive says all of: boxed primitives, RegExp, URL, Temporal. */
import type { TemporalValue } from '../value-kind.ts';

/** The primitive inside `new Number(1)` and its like. */
export function unbox(boxed: object): boolean | number | bigint | string {
  const tag = Object.prototype.toString.call(boxed);
  if (tag === '[object Boolean]') return Boolean.prototype.valueOf.call(boxed);
  if (tag === '[object Number]') return Number.prototype.valueOf.call(boxed);
  if (tag === '[object String]') return String.prototype.valueOf.call(boxed);
  return BigInt.prototype.valueOf.call(boxed);
}

/** Source and flags; where the last match ended is no part of the value. */
export const regexpParts = (regexp: RegExp): { source: string; flags: string } => ({
  source: regexp.source,
  flags: regexp.flags,
});

/** Which of the two classes, and its text. */
export const urlParts = (url: URL | URLSearchParams): { name: 'URL' | 'URLSearchParams'; text: string } => ({
  name: 'href' in url ? 'URL' : 'URLSearchParams',
  text: String(url),
});

/** Class name without `Temporal.`, and the full text, which names the calendar if it is not the ISO one. */
export function temporalParts(value: TemporalValue): { name: string; text: string } {
  const name = Object.prototype.toString.call(value).slice('[object Temporal.'.length, -1);
  return { name, text: value.toString() };
}
