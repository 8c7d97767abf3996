/** How each node becomes a value again: the mirror image of the node writers. */
import { codecNamed, typedArrayClass, typedArrayNames } from '../values/values.ts';
import { allocate, readPacked, readSparse } from './array-reader.ts';
import { damaged } from './byte-reader.ts';
import { type Decoding, pending } from './decoding.ts';
import { dtypeOf, elementBytes } from './dtype.ts';
import { makeError } from './error-classes.ts';
import { nodes } from './skeleton-format.ts';

type NodeReader = (decoding: Decoding) => unknown;

/** A class that this engine or thread may lack. */
function globalClass(name: string, holder: unknown = globalThis): new (...args: unknown[]) => object {
  const found: unknown = Reflect.get(Object(holder), name);
  if (typeof found !== 'function') throw damaged(`${name} does not exist here`);
  // The callers name classes only.
  return found as new (
    ...args: unknown[]
  ) => object;
}

function readInt({ nodes: reader }: Decoding): number {
  const zigzag = reader.count();
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

function readBigint(decoding: Decoding): bigint {
  const digits = decoding.text();
  if (!/^[0-9a-f]+$/.test(digits)) throw damaged('a bigint has other characters than digits');
  return BigInt(`0x${digits}`);
}

function readNames(decoding: Decoding): string[] {
  const names: string[] = [];
  for (let left = decoding.nodes.countOf(1); left > 0; left--) names.push(decoding.name());
  return names;
}

function enterObject(decoding: Decoding, names: readonly string[], hasPrototype: boolean): object {
  const target = decoding.register<object>(hasPrototype ? {} : Object.create(null));
  decoding.enter({ kind: 'fields', target, names, end: names.length });
  return target;
}

function readNewObject(decoding: Decoding, isShared: boolean): object {
  const hasPrototype = decoding.nodes.byte() === 1;
  const names = readNames(decoding);
  if (isShared) decoding.shapes.push({ names, hasPrototype });
  return enterObject(decoding, names, hasPrototype);
}

function readShapedObject(decoding: Decoding): object {
  const shape = decoding.shapes[decoding.nodes.count()];
  if (shape === undefined) throw damaged('a shape is missing');
  return enterObject(decoding, shape.names, shape.hasPrototype);
}

function readArray(decoding: Decoding): unknown[] {
  const count = decoding.nodes.countOf(1);
  const target = decoding.register(decoding.reserve(count) ? allocate<unknown>(count) : []);
  decoding.enter({ kind: 'array', target, end: count });
  return target;
}

function readTypedArray(decoding: Decoding, mayBeMapped: boolean): unknown {
  const { nodes: reader, buffers, source } = decoding;
  const type = typedArrayNames[reader.byte()];
  if (type === undefined) throw damaged('unknown typed array');
  const position = reader.count();
  const start = reader.count();
  const length = reader.count();
  const isMapped = mayBeMapped && !decoding.isInCustom && source.typedArray !== undefined;
  const leaf = isMapped ? buffers.leaf(position, type, start, length) : undefined;
  if (leaf && source.typedArray) return source.typedArray(leaf);
  const found = typedArrayClass(type);
  if (found === undefined) throw damaged(`${type} does not exist here`);
  const bytesEach = elementBytes(dtypeOf(type));
  const { memory, byteOffset } = buffers.range(position, start, length * bytesEach);
  if (byteOffset % bytesEach !== 0) throw damaged('a view is not aligned');
  return new found(memory, byteOffset, length);
}

function readDataView({ nodes: reader, buffers }: Decoding): DataView {
  const position = reader.count();
  const start = reader.count();
  const byteLength = reader.count();
  const { memory, byteOffset } = buffers.range(position, start, byteLength);
  return new DataView(memory, byteOffset, byteLength);
}

function readFile(decoding: Decoding): object {
  const position = decoding.nodes.count();
  const type = decoding.text();
  const name = decoding.text();
  const lastModified = decoding.nodes.float();
  const blob = decoding.buffers.blob(position, type);
  return new (globalClass('File'))([blob], name, { type, lastModified });
}

function readImageData(decoding: Decoding): object {
  const colorSpace = decoding.text();
  const pixelFormat = decoding.text();
  const width = decoding.nodes.count();
  const height = decoding.nodes.count();
  if (decoding.nodes.byte() !== nodes.typedArray) throw damaged('an image has no pixels');
  const pixels = readTypedArray(decoding, false);
  return new (globalClass('ImageData'))(pixels, width, height, { colorSpace, pixelFormat });
}

function readError(decoding: Decoding): object {
  const text = {
    base: decoding.text(),
    name: decoding.text(),
    message: decoding.text(),
  };
  const stack = decoding.nodes.byte() === 1 ? decoding.text() : undefined;
  const hiddenCount = decoding.nodes.count();
  const names = readNames(decoding);
  const target = makeError({ ...text, stack });
  if (target === undefined) throw damaged('unknown class of error');
  decoding.register(target);
  decoding.enter({ kind: 'error', target, names, end: names.length, hiddenCount });
  return target;
}

function readUrl(decoding: Decoding): object {
  const name = decoding.text();
  if (name !== 'URL' && name !== 'URLSearchParams') throw damaged('unknown class of URL');
  return new (globalClass(name))(decoding.text());
}

const temporalName = /^(?:Instant|Duration|ZonedDateTime|Plain(?:Date|Time|DateTime|YearMonth|MonthDay))$/;

function readTemporal(decoding: Decoding): unknown {
  const name = decoding.text();
  const text = decoding.text();
  if (!temporalName.test(name)) throw damaged('unknown class of Temporal');
  const found = globalClass(name, Reflect.get(globalThis, 'Temporal'));
  if (name === 'Duration') return new found(...text.split(',').map(Number));
  return Reflect.apply(Reflect.get(found, 'from'), found, [text]);
}

function readCustom(decoding: Decoding): typeof pending {
  const name = decoding.text();
  const codec = codecNamed(name, decoding.codecs);
  if (codec === undefined) throw damaged(`there is no codec named "${name}"`);
  decoding.register(pending);
  decoding.enter({ kind: 'custom', target: decoding, end: 1, codec });
  return pending;
}

const registering =
  (reader: NodeReader): NodeReader =>
  (decoding) =>
    decoding.register(reader(decoding));

const readersByNode: Record<keyof typeof nodes, NodeReader> = {
  undefined: () => undefined,
  null: () => null,
  false: () => false,
  true: () => true,
  int: readInt,
  float: (decoding) => decoding.nodes.float(),
  bigint: readBigint,
  negativeBigint: (decoding) => -readBigint(decoding),
  text: (decoding) => decoding.text(),
  ref: (decoding) => decoding.registered(decoding.nodes.count()),
  newShape: (decoding) => readNewObject(decoding, true),
  shape: readShapedObject,
  dictionary: (decoding) => readNewObject(decoding, false),
  array: readArray,
  floats: (decoding) => decoding.register(readPacked(decoding.nodes, 'floats')),
  ints: (decoding) => decoding.register(readPacked(decoding.nodes, 'ints')),
  bytes: (decoding) => decoding.register(readPacked(decoding.nodes, 'bytes')),
  sparseArray: (decoding) => readSparse(decoding, readNames),
  map: (decoding) => {
    const target = decoding.register(new Map());
    decoding.enter({ kind: 'map', target, end: 2 * decoding.nodes.countOf(2) });
    return target;
  },
  set: (decoding) => {
    const target = decoding.register(new Set());
    decoding.enter({ kind: 'set', target, end: decoding.nodes.countOf(1) });
    return target;
  },
  boxed: registering((decoding) => Object(decoding.primitive())),
  date: registering((decoding) => new Date(decoding.nodes.float())),
  regexp: registering((decoding) => {
    const regexp = new RegExp(decoding.text(), decoding.text());
    regexp.lastIndex = decoding.nodes.count();
    return regexp;
  }),
  typedArray: registering((decoding) => readTypedArray(decoding, true)),
  dataView: registering(readDataView),
  arrayBuffer: registering((decoding) => decoding.buffers.memory(decoding.nodes.count())),
  blob: registering((decoding) => decoding.buffers.blob(decoding.nodes.count(), decoding.text())),
  file: registering(readFile),
  imageData: registering(readImageData),
  error: readError,
  domException: registering((decoding) => {
    const name = decoding.text();
    return new (globalClass('DOMException'))(decoding.text(), name);
  }),
  url: registering(readUrl),
  temporal: registering(readTemporal),
  custom: readCustom,
  extended: (decoding) => {
    const integrity = decoding.nodes.byte();
    const names = readNames(decoding);
    decoding.enter({ kind: 'extended', target: decoding, names, end: names.length + 1, integrity });
    return pending;
  },
};

/** Readers by tag byte. */
export const nodeReaders: readonly NodeReader[] = Object.entries(nodes)
  .sort(([, a], [, b]) => a - b)
  // Object.entries forgets that the names are those of nodes.
  .map(([name]) => readersByNode[name as keyof typeof nodes]);
