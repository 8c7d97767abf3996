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

/** Source, flags, and where the next match begins to look. */
export const regexpParts = (regexp: RegExp): { source: string; flags: string; lastIndex: number } => ({
  source: regexp.source,
  flags: regexp.flags,
  lastIndex: regexp.lastIndex,
});

/** Which of the two classes, and its text. */
export const urlParts = (url: URL | URLSearchParams): { name: 'URL' | 'URLSearchParams'; text: string } => ({
  name: 'href' in url ? 'URL' : 'URLSearchParams',
  text: String(url),
});

/** The fields of a Temporal.Duration, in the order of its constructor. Its text has one second for 1,000 milliseconds. */
const durationFields =
  'years months weeks days hours minutes seconds milliseconds microseconds nanoseconds'.split(' ');

/** Class name without `Temporal.`, and a text that says all: the full one, which names the calendar if it is not the ISO one, or fields. */
export function temporalParts(value: TemporalValue): { name: string; text: string } {
  const name = Object.prototype.toString.call(value).slice('[object Temporal.'.length, -1);
  const text =
    name === 'Duration' ? durationFields.map((field) => Reflect.get(value, field)).join() : value.toString();
  return { name, text };
}
