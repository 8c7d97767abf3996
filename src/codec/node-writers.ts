/** How each kind of value becomes a node. A new kind does not compile until it has a writer. */
import {
  blobParts,
  classOfObject,
  describe,
  errorParts,
  fieldNames,
  hiddenMembers,
  imageParts,
  isDetached,
  mapItems,
  maxByteLengthOf,
  rawOf,
  regexpParts,
  setItems,
  type TypedArray,
  temporalParts,
  typedArrayName,
  typedArrayNames,
  unbox,
  urlParts,
  type ValueVisitor,
} from '../values/values.ts';
import { writeArray } from './array-writer.ts';
import { assertPlain } from './assert-plain.ts';
import type { Encoding } from './encoding.ts';
import { longestShape, nodes, reservedBytesLimit } from './skeleton-format.ts';

function writeNumber({ nodes: writer }: Encoding, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    writer.byte(nodes.int);
    // Zigzag: small magnitudes of either sign take few bytes.
    writer.count(value >= 0 ? value * 2 : -value * 2 - 1);
  } else {
    writer.byte(nodes.float);
    writer.float(value);
  }
}

function writeTexts(encoding: Encoding, node: number, texts: readonly string[]): void {
  encoding.nodes.byte(node);
  for (const text of texts) encoding.text(text);
}

/** Begins the node around an object: members that were added to it, and how open it is to changes. */
export function writeExtension(
  encoding: Encoding,
  value: object,
  { added, integrity }: { readonly added: readonly PropertyKey[]; readonly integrity: number },
): void {
  const names = added.filter((key) => typeof key === 'string');
  const isHidden = (name: string): boolean => !Object.prototype.propertyIsEnumerable.call(value, name);
  const symbol = added.find((key) => typeof key === 'symbol');
  assertPlain(encoding, value, names, { names: names.filter(isHidden), symbol });
  encoding.nodes.byte(nodes.extended);
  encoding.nodes.byte(integrity);
  writeNames(encoding, names);
  encoding.enter('fields', value, names);
}

function writeObject(encoding: Encoding, value: object): void {
  const { nodes: writer } = encoding;
  const names = fieldNames(value);
  assertPlain(encoding, value, names, hiddenMembers(value, names));
  if (rawOf(value)) encoding.refuse('a reactive proxy');
  const hasPrototype = Object.getPrototypeOf(value) !== null;
  const shape = names.length > longestShape ? undefined : encoding.shapes.numberOf(names, hasPrototype);
  if (shape && !shape.isNew) {
    writer.byte(nodes.shape);
    writer.count(shape.number);
  } else {
    writer.byte(shape ? nodes.newShape : nodes.dictionary);
    writer.byte(hasPrototype ? 1 : 0);
    writeNames(encoding, names);
  }
  encoding.enter('fields', value, names);
}

function writeNames(encoding: Encoding, names: readonly string[]): void {
  encoding.nodes.count(names.length);
  for (const name of names) encoding.text(name);
}

function writeError(encoding: Encoding, error: Error): void {
  const { base, name, message, stack, hidden, fields, others } = errorParts(error);
  if (classOfObject(error)?.isWritten) encoding.refuse(describe(error));
  assertPlain(encoding, error, fields, others);
  writeTexts(encoding, nodes.error, [base, name, message]);
  encoding.nodes.byte(stack === undefined ? 0 : 1);
  if (stack !== undefined) encoding.text(stack);
  const names = [...hidden, ...fields];
  encoding.nodes.count(hidden.length);
  writeNames(encoding, names);
  encoding.enter('fields', error, names);
}

/** The memory under a view that can be stored: not shared, not transferred away. */
function memoryOf(encoding: Encoding, view: ArrayBufferView): ArrayBuffer {
  const { buffer } = view;
  if (isDetached(buffer)) encoding.refuse('memory that was transferred away');
  // kindOf refused views over shared memory.
  return buffer as ArrayBuffer;
}

function writeTypedArray(encoding: Encoding, array: TypedArray, isOfImage = false): void {
  const { nodes: writer, buffers } = encoding;
  const name = typedArrayName(array);
  const { byteOffset: start, byteLength, length } = array;
  // An image wants the memory itself, whatever else its pixels are used for.
  const reach = { start, byteLength, type: isOfImage ? undefined : name };
  const index = buffers.add(memoryOf(encoding, array), reach, () => encoding.path());
  writer.byte(nodes.typedArray);
  writer.byte(typedArrayNames.indexOf(name));
  writer.count(index);
  writer.count(start);
  writer.count(length);
}

function writeDataView(encoding: Encoding, view: DataView): void {
  const { nodes: writer, buffers } = encoding;
  const { byteOffset: start, byteLength } = view;
  const reach = { start, byteLength, type: undefined };
  const index = buffers.add(memoryOf(encoding, view), reach, () => encoding.path());
  writer.byte(nodes.dataView);
  writer.count(index);
  writer.count(start);
  writer.count(byteLength);
}

function writeArrayBuffer(encoding: Encoding, buffer: ArrayBuffer): void {
  if (isDetached(buffer)) encoding.refuse('memory that was transferred away');
  const reach = { start: 0, byteLength: buffer.byteLength, type: undefined };
  const index = encoding.buffers.add(buffer, reach, () => encoding.path());
  const limit = maxByteLengthOf(buffer);
  if (limit !== undefined) {
    if (limit > reservedBytesLimit) encoding.refuse('a resizable buffer of more than 4 GiB');
    encoding.buffers.keepResizable(index, limit);
  }
  encoding.nodes.byte(nodes.arrayBuffer);
  encoding.nodes.count(index);
}

function writeBlob(encoding: Encoding, blob: Blob): void {
  const { type, file } = blobParts(blob);
  const index = encoding.buffers.addBlob(blob, encoding.path());
  encoding.nodes.byte(file ? nodes.file : nodes.blob);
  encoding.nodes.count(index);
  encoding.text(type);
  if (!file) return;
  encoding.text(file.name);
  encoding.nodes.float(file.lastModified);
}

function writeBigint(encoding: Encoding, value: bigint): void {
  const digits = (value < 0n ? -value : value).toString(16);
  writeTexts(encoding, value < 0n ? nodes.negativeBigint : nodes.bigint, [digits]);
}

const refuse = (encoding: Encoding, value: unknown): void => encoding.refuse(describe(value));

/** The writers by kind. */
export const nodeWriters: ValueVisitor<Encoding, void> = {
  undefined: ({ nodes: writer }) => writer.byte(nodes.undefined),
  null: ({ nodes: writer }) => writer.byte(nodes.null),
  boolean: ({ nodes: writer }, value) => writer.byte(value ? nodes.true : nodes.false),
  number: writeNumber,
  bigint: writeBigint,
  string: (encoding, value) => writeTexts(encoding, nodes.text, [value]),
  boxed: (encoding, value) => {
    encoding.nodes.byte(nodes.boxed);
    encoding.write(unbox(value));
  },
  date: ({ nodes: writer }, value) => {
    writer.byte(nodes.date);
    writer.float(Date.prototype.getTime.call(value));
  },
  regexp: (encoding, value) => {
    const { source, flags, lastIndex } = regexpParts(value);
    writeTexts(encoding, nodes.regexp, [source, flags]);
    encoding.nodes.count(lastIndex);
  },
  object: writeObject,
  array: writeArray,
  map: (encoding, value) => {
    encoding.nodes.byte(nodes.map);
    encoding.nodes.count(value.size);
    encoding.enter('map', value, mapItems(value));
  },
  set: (encoding, value) => {
    encoding.nodes.byte(nodes.set);
    encoding.nodes.count(value.size);
    encoding.enter('set', value, setItems(value));
  },
  'typed-array': (encoding, value) => writeTypedArray(encoding, value),
  'array-buffer': writeArrayBuffer,
  'data-view': writeDataView,
  blob: writeBlob,
  'image-data': (encoding, value) => {
    const { width, height, colorSpace, pixelFormat, data } = imageParts(value);
    writeTexts(encoding, nodes.imageData, [colorSpace, pixelFormat]);
    encoding.nodes.count(width);
    encoding.nodes.count(height);
    writeTypedArray(encoding, data, true);
  },
  error: writeError,
  'dom-exception': (encoding, value) => writeTexts(encoding, nodes.domException, [value.name, value.message]),
  url: (encoding, value) => {
    const { name, text } = urlParts(value);
    writeTexts(encoding, nodes.url, [name, text]);
  },
  temporal: (encoding, value) => {
    const { name, text } = temporalParts(value);
    writeTexts(encoding, nodes.temporal, [name, text]);
  },
  'abort-signal': refuse,
  instance: refuse,
  function: refuse,
  opaque: refuse,
};
