/** Members that someone added to an object whose kind says the rest of it: the width of a typed array, a field of a Map. */
import type { ValueKind } from '../value-kind.ts';

/** What engines give objects of a kind as their own. */
const engineNames: Partial<Record<ValueKind, RegExp>> = {
  regexp: /^lastIndex$/,
  boxed: /^(?:length|\d+)$/,
  array: /^(?:length|\d+)$/,
  'typed-array': /^\d+$/,
  'image-data': /^data$/,
  'dom-exception': /^(?:stack|code|fileName|lineNumber|columnNumber|line|column|sourceURL)$/,
};

/** Kinds whose members are their content: nothing is added to these. */
const open: ReadonlySet<ValueKind> = new Set<ValueKind>([
  'object',
  'array',
  'error',
  'instance',
  'function',
  'opaque',
  'abort-signal',
]);

/** Listing the names of a typed array takes as long as it has elements: of longer ones only these are looked for. */
const usualNames =
  'width height depth channels shape strides stride offset dims dtype size rows cols columns names name data meta metadata info bbox nodata sampleRate units label id'.split(
    ' ',
  );

function namesOf(kind: ValueKind, value: object, listedElements: number): string[] {
  if (kind === 'typed-array' && Reflect.get(value, 'length') > listedElements) {
    return usualNames.filter((name) => Object.hasOwn(value, name));
  }
  return Object.getOwnPropertyNames(value);
}

const nothing: readonly PropertyKey[] = [];

/** Classes of the platform, which Node and jsdom write in script: their symbols are the engine's. */
const platform: ReadonlySet<ValueKind> = new Set<ValueKind>(['blob', 'image-data', 'dom-exception', 'url']);

/** Names and symbols of what was added to an object of that kind. @param listedElements Of longer typed arrays, the usual names. */
export function addedMembers(kind: ValueKind, value: object, listedElements = 64): readonly PropertyKey[] {
  if (open.has(kind)) return nothing;
  const names = namesOf(kind, value, listedElements);
  const symbols = platform.has(kind) ? [] : Object.getOwnPropertySymbols(value);
  if (names.length === 0 && symbols.length === 0) return nothing;
  const usual = engineNames[kind];
  return [...names.filter((name) => !usual?.test(name)), ...symbols];
}
