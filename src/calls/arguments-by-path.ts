/** Arguments in parts, each with its path: what explain() compares, and what a notice names. */
import type { IgnoredPath } from '../keys/keys.ts';
import { type Codec, codecFor, fieldNames, kindOf, readField } from '../values/values.ts';

/** Enough to tell which option of a call differs; a record stays small. */
export const mostDigests = 48;
export const digestDigits = 16;
/** An object with more members is compared as a whole. */
const mostMembers = 24;

type Part = [path: string, value: unknown];

const pathTextOf = ([head, ...rest]: IgnoredPath): string =>
  [`arguments[${head}]`, ...rest.map((step) => `.${step}`)].join('');

function membersOf(
  [path, value]: Part,
  kinds: readonly string[],
  codecs: readonly Codec[] | undefined,
): Part[] {
  if (typeof value !== 'object' || value === null || !kinds.includes(kindOf(value))) return [];
  if (codecFor(value, codecs)) return [];
  const names = fieldNames(value);
  return names.length > mostMembers ? [] : names.map((name) => [`${path}.${name}`, readField(value, name)]);
}

/** An argument, or its members; instances are gone into wherever they are. */
function partsOf(part: Part, codecs: readonly Codec[] | undefined): Part[] {
  const members = membersOf(part, ['object', 'instance'], codecs);
  if (members.length === 0) return [part];
  return members.flatMap((member) => {
    const inside = membersOf(member, ['instance'], codecs);
    return inside.length > 0 ? inside : [member];
  });
}

/** The arguments that count, but for AbortSignals. */
export function argumentsByPath(
  args: readonly unknown[],
  ignored: readonly IgnoredPath[] = [],
  codecs?: readonly Codec[],
): Part[] {
  const left = new Set(ignored.map(pathTextOf));
  return args
    .flatMap((arg, at) => partsOf([`arguments[${at}]`, arg], codecs))
    .filter(([path, value]) => !left.has(path) && kindOf(value) !== 'abort-signal');
}
