/** How what is not plain data is written to the canonical stream: instances of classes, errors, Blobs, and the like. */
import {
  addedMembers,
  blobParts,
  classOfObject,
  describe,
  errorParts,
  fieldNames,
  hasBrand,
  hiddenState,
  imageParts,
  knownLibrary,
  regexpParts,
  temporalParts,
  unbox,
  unwrapped,
  urlParts,
  visitAs,
} from '../values/values.ts';
import { ClassTokens } from './class-tokens.ts';
import { tags } from './key-format.ts';
import type { RareWriters, Walk } from './walk.ts';
import { enterFields, enterMembers, isSorted, writers, writeTexts, writeTypedArray } from './writers.ts';

/** Refuses a value; whoever made it may be known. */
const refuse = (walk: Walk, what: string, value: object): never => walk.refuse(what, knownLibrary(value));

/** Identity of the written classes of an object, as a digest; refused where they do not say all. */
function classToken(walk: Walk, value: object): string {
  walk.context.classes ??= new ClassTokens();
  return walk.context.classes.of(value, walk);
}

function writeInstance(walk: Walk, value: object): void {
  const plain = unwrapped(value);
  if (plain) walk.write(plain);
  else writeFields(walk, value);
}

function writeFields(walk: Walk, value: object): void {
  const names = fieldNames(value);
  const token = classToken(walk, value);
  const hidden = hiddenState(value, names);
  if (hidden !== undefined) refuse(walk, `${describe(value)}, ${hidden},`, value);
  writeTexts(walk, tags.instance, [token]);
  walk.enter('fields', value, isSorted(names) ? names : names.sort());
}

/** Content of a built-in kind under a written class. */
function writeSubclass(walk: Walk, value: object): void {
  const { baseKind = 'opaque', isWritten = false } = classOfObject(value) ?? {};
  if (!isWritten || baseKind === 'opaque' || !hasBrand(baseKind, value)) refuse(walk, describe(value), value);
  writeTexts(walk, tags.subclass, [classToken(walk, value)]);
  const added = addedMembers(baseKind, value);
  if (added.length > 0) {
    walk.stream.tag(tags.added);
    enterMembers(walk, value, added);
  }
  visitAs<Walk, void>(baseKind, writers, walk, value);
}

function writeError(walk: Walk, error: Error): void {
  const { base, className, name, message, hidden, fields, others } = errorParts(error);
  const token = classOfObject(error)?.isWritten ? classToken(walk, error) : '';
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

/** The writers by kind. */
export const rareWriters: RareWriters = {
  boxed: (walk, value) => {
    walk.stream.tag(tags.boxed);
    walk.write(unbox(value));
  },
  regexp: (walk, value) => {
    const { source, flags, lastIndex } = regexpParts(value);
    writeTexts(walk, tags.regexp, [source, flags]);
    walk.stream.number(lastIndex);
  },
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
  instance: writeInstance,
  function: (walk, value) => walk.refuse(describe(value)),
  opaque: (walk, value) => {
    if (typeof value !== 'object' || value === null) return walk.refuse(describe(value));
    const plain = unwrapped(value);
    if (plain) walk.write(plain);
    else writeSubclass(walk, value);
  },
};
