/** How each kind of value is written to the canonical stream. A new kind does not compile until it has a writer. */
import { bytesOf } from '../bytes/bytes.ts';
import {
  addedMembers,
  blobParts,
  classOfObject,
  describe,
  errorParts,
  fieldNames,
  type HiddenMembers,
  hasBrand,
  hiddenMembers,
  hiddenState,
  imageParts,
  isDetached,
  kindOf,
  mapItems,
  maxByteLengthOf,
  regexpParts,
  setItems,
  type TypedArray,
  temporalParts,
  typedArrayName,
  typedArrayNames,
  unbox,
  unwrapped,
  urlParts,
  type ValueVisitor,
  visitAs,
} from '../values/values.ts';
import { tags } from './key-format.ts';
import type { Walk } from './walk.ts';

function writeTexts(walk: Walk, tag: number, texts: readonly string[]): void {
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

function writeTypedArray(walk: Walk, array: TypedArray): void {
  walk.stream.tag(tags.typedArray);
  writeBytes(walk, typedArrayNames.indexOf(typedArrayName(array)), array);
}

const noNames: readonly string[] = [];

/** The token of a value that is not to be walked; false if it has none. */
function writeToken(walk: Walk, value: object): boolean {
  const token = walk.context.tokenOf(value);
  if (token === undefined) return false;
  if (typeof token !== 'string') walk.refuse(token.refusal);
  writeTexts(walk, tags.token, [token]);
  return true;
}

const isSorted = (names: readonly string[]): boolean => {
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
function enterFields(walk: Walk, value: object, names: string[], hidden: HiddenMembers | undefined): void {
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

function writeInstance(walk: Walk, value: object): void {
  if (writeToken(walk, value)) return;
  const plain = unwrapped(value);
  if (plain) walk.write(plain);
  else writeFields(walk, value);
}

function writeFields(walk: Walk, value: object): void {
  const names = fieldNames(value);
  const hidden = hiddenState(value, names);
  if (hidden !== undefined) walk.refuse(`${describe(value)}, ${hidden},`, value);
  writeTexts(walk, tags.instance, [walk.context.classToken(value, walk)]);
  walk.enter('fields', value, isSorted(names) ? names : names.sort());
}

/** Content of a built-in kind under a written class. */
function writeSubclass(walk: Walk, value: object): void {
  const { baseKind = 'opaque', isWritten = false } = classOfObject(value) ?? {};
  if (!isWritten || baseKind === 'opaque' || !hasBrand(baseKind, value)) walk.refuse(describe(value), value);
  writeTexts(walk, tags.subclass, [walk.context.classToken(value, walk)]);
  const added = addedMembers(baseKind, value);
  if (added.length > 0) {
    walk.stream.tag(tags.added);
    enterMembers(walk, value, added);
  }
  visitAs<Walk, void>(baseKind, writers, walk, value);
}

function writeError(walk: Walk, error: Error): void {
  const { base, className, name, message, hidden, fields, others } = errorParts(error);
  const token = classOfObject(error)?.isWritten ? walk.context.classToken(error, walk) : '';
  writeTexts(walk, tags.error, [base, token === '' ? className : token, name, message]);
  enterFields(walk, error, [...hidden, ...fields], others);
}

function writeBlob(walk: Walk, blob: Blob): void {
  const { type, sizeBytes, file } = blobParts(blob);
  const digest = walk.context.blobDigest(blob, walk.path());
  if (digest === undefined) return;
  writeTexts(walk, file ? tags.file : tags.blob, file ? [file.name, type, digest] : [type, digest]);
  walk.stream.count(sizeBytes);
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
  boxed: (walk, value) => {
    walk.stream.tag(tags.boxed);
    walk.write(unbox(value));
  },
  date: (walk, value) => {
    walk.stream.tag(tags.date);
    walk.stream.number(Date.prototype.getTime.call(value));
  },
  regexp: (walk, value) => {
    const { source, flags, lastIndex } = regexpParts(value);
    writeTexts(walk, tags.regexp, [source, flags]);
    walk.stream.number(lastIndex);
  },
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
  blob: writeBlob,
  'image-data': (walk, value) => {
    const { width, height, colorSpace, pixelFormat, data } = imageParts(value);
    writeTexts(walk, tags.imageData, [colorSpace, pixelFormat]);
    walk.stream.count(width);
    walk.stream.count(height);
    writeTypedArray(walk, data);
  },
  error: writeError,
  'dom-exception': (walk, value) => writeTexts(walk, tags.domException, [value.name, value.message]),
  url: (walk, value) => writeTexts(walk, tags.url, Object.values(urlParts(value))),
  temporal: (walk, value) => writeTexts(walk, tags.temporal, Object.values(temporalParts(value))),
  // A signal says when to stop, not what to compute.
  'abort-signal': (walk) => walk.stream.tag(tags.undefined),
  instance: writeInstance,
  function: (walk, value) => {
    if (!writeToken(walk, value)) walk.refuse(describe(value));
  },
  opaque: (walk, value) => {
    if (typeof value !== 'object' || value === null) return walk.refuse(describe(value));
    if (writeToken(walk, value)) return;
    const plain = unwrapped(value);
    if (plain) walk.write(plain);
    else writeSubclass(walk, value);
  },
};
