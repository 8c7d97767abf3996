/**
 * How each kind of value is written to the canonical stream. A new kind does not compile until it has a writer. What is not
 * plain data has its writers in a part that is fetched with the first of it.
 */
import { bytesOf } from '../bytes/bytes.ts';
import {
  fieldNames,
  type HiddenMembers,
  hiddenMembers,
  isDetached,
  kindOf,
  mapItems,
  maxByteLengthOf,
  setItems,
  type TypedArray,
  typedArrayName,
  typedArrayNames,
  type ValueByKind,
  type ValueVisitor,
} from '../values/values.ts';
import { tags } from './key-format.ts';
import type { RareKind, Walk } from './walk.ts';

export function writeTexts(walk: Walk, tag: number, texts: readonly string[]): void {
  walk.stream.tag(tag);
  for (const text of texts) walk.stream.text(text);
}

function writeBytes(walk: Walk, tag: number, source: ArrayBuffer | ArrayBufferView): void {
  if (isDetached(ArrayBuffer.isView(source) ? source.buffer : source)) {
    walk.refuse('memory that was transferred away');
  }
  const bytes = bytesOf(source);
  walk.stream.tag(tag);
  walk.stream.count(bytes.length);
  walk.stream.bytes(bytes);
}

export function writeTypedArray(walk: Walk, array: TypedArray): void {
  walk.stream.tag(tags.typedArray);
  writeBytes(walk, typedArrayNames.indexOf(typedArrayName(array)), array);
}

const noNames: readonly string[] = [];

/** Leaves a value to the part that knows its kind. Where that has still to come, the stream is of no use. */
const rare =
  <Kind extends RareKind>(kind: Kind) =>
  (walk: Walk, value: ValueByKind[Kind]): void => {
    const { rareWriters } = walk.context;
    if (rareWriters) rareWriters[kind](walk, value);
    else walk.context.noteMissing();
  };

/** The token of what is not to be walked; whatever has none is left to the part that knows its kind. */
const token =
  <Kind extends RareKind>(kind: Kind) =>
  (walk: Walk, value: ValueByKind[Kind]): void => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    const known = isObject ? walk.context.tokenOf(value) : undefined;
    if (known === undefined) rare(kind)(walk, value);
    else if (typeof known === 'string') writeTexts(walk, tags.token, [known]);
    else walk.refuse(known.refusal);
  };

export const isSorted = (names: readonly string[]): boolean => {
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return false;
  }
  return true;
};

/** Says which members are not enumerable, before all of them are written. */
export function writeHidden(walk: Walk, hidden: HiddenMembers | undefined): readonly string[] {
  if (hidden === undefined) return noNames;
  if (hidden.symbol) walk.refuse('a member with a symbol for its name');
  walk.stream.tag(tags.hidden);
  walk.stream.count(hidden.names.length);
  for (const name of [...hidden.names].sort()) walk.stream.text(name);
  return hidden.names;
}

/** @param names A fresh list, which is sorted in place. */
export function enterFields(
  walk: Walk,
  value: object,
  names: string[],
  hidden: HiddenMembers | undefined,
): void {
  if (hidden) names.push(...writeHidden(walk, hidden));
  // Sorted by code units, which no locale changes.
  walk.enter('fields', value, isSorted(names) ? names : names.sort());
}

/** Members of any object, by their keys. */
export function enterMembers(walk: Walk, value: object, keys: readonly PropertyKey[]): void {
  const names = keys.filter((key) => typeof key === 'string');
  const symbol = keys.find((key) => typeof key === 'symbol');
  const isEnumerable = (name: string): boolean => Object.prototype.propertyIsEnumerable.call(value, name);
  const hidden = names.filter((name) => !isEnumerable(name));
  const isHiding = symbol !== undefined || hidden.length > 0;
  enterFields(walk, value, names.filter(isEnumerable), isHiding ? { names: hidden, symbol } : undefined);
}

const rankOfType = ['undefined', 'object', 'boolean', 'number', 'bigint', 'string'];

/** A total order of the primitives of a Set, which has neither -0 nor two NaN. */
function comparePrimitives(a: unknown, b: unknown): number {
  if (typeof a !== typeof b) return rankOfType.indexOf(typeof a) - rankOfType.indexOf(typeof b);
  if (typeof a === 'number' && Number.isNaN(a)) return 1;
  if (typeof b === 'number' && Number.isNaN(b)) return -1;
  // Both are of one type with an order.
  return (a as number) < (b as number) ? -1 : 1;
}

const isPrimitive = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');

function writeSet(walk: Walk, set: ReadonlySet<unknown>): void {
  const members = setItems(set).filter((member) => kindOf(member) !== 'abort-signal');
  if (members.every(isPrimitive)) {
    walk.stream.tag(tags.setOfPrimitives);
    walk.stream.count(members.length);
    for (const member of members.sort(comparePrimitives)) walk.write(member);
  } else if (walk.context.isTangled) {
    walk.stream.tag(tags.set);
    walk.stream.count(members.length);
    walk.enter('list', set, members);
  } else walk.enter('set', set, members);
}

/** The writers by kind. */
export const writers: ValueVisitor<Walk, void> = {
  undefined: (walk) => walk.stream.tag(tags.undefined),
  null: (walk) => walk.stream.tag(tags.null),
  boolean: (walk, value) => walk.stream.tag(value ? tags.true : tags.false),
  number: (walk, value) => walk.stream.number(value),
  string: (walk, value) => walk.stream.text(value),
  bigint: (walk, value) => writeTexts(walk, tags.bigint, [value.toString(16)]),
  boxed: rare('boxed'),
  date: (walk, value) => {
    walk.stream.tag(tags.date);
    walk.stream.number(Date.prototype.getTime.call(value));
  },
  regexp: rare('regexp'),
  object: (walk, value) => {
    walk.stream.tag(tags.object);
    const names = fieldNames(value);
    enterFields(walk, value, names, hiddenMembers(value, names));
  },
  array: (walk, value) => {
    walk.stream.tag(tags.array);
    walk.stream.count(value.length);
    walk.enter('array', value, value);
  },
  map: (walk, value) => {
    walk.stream.tag(tags.map);
    walk.stream.count(value.size);
    walk.enter('map', value, mapItems(value));
  },
  set: writeSet,
  'typed-array': writeTypedArray,
  'array-buffer': (walk, value) => {
    const limit = maxByteLengthOf(value);
    if (limit !== undefined) {
      walk.stream.tag(tags.resizableArrayBuffer);
      walk.stream.count(limit);
    }
    writeBytes(walk, tags.arrayBuffer, value);
  },
  'data-view': (walk, value) => writeBytes(walk, tags.dataView, value),
  blob: rare('blob'),
  'image-data': rare('image-data'),
  error: rare('error'),
  'dom-exception': rare('dom-exception'),
  url: rare('url'),
  temporal: rare('temporal'),
  // A signal says when to stop, not what to compute.
  'abort-signal': (walk) => walk.stream.tag(tags.undefined),
  instance: token('instance'),
  function: token('function'),
  opaque: token('opaque'),
};
