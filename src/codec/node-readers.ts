/** How nodes become values again: the mirror image of the node writers. What is rare has its readers in a part that is fetched with the first of it. */
import { typedArrayClass, typedArrayNames } from '../values/values.ts';
import { allocate, readPacked } from './array-reader.ts';
import { damaged } from './byte-reader.ts';
import type { Decoding } from './decoding.ts';
import { dtypeOf, elementBytes } from './dtype.ts';
import { nodes } from './skeleton-format.ts';

/** What a page may never meet. */
export type RareNode =
  | 'sparseArray'
  | 'boxed'
  | 'regexp'
  | 'file'
  | 'imageData'
  | 'error'
  | 'domException'
  | 'url'
  | 'temporal'
  | 'custom'
  | 'extended';

export type NodeReader = (decoding: Decoding) => unknown;

function readInt({ nodes: reader }: Decoding): number {
  const zigzag = reader.count();
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

function readBigint(decoding: Decoding): bigint {
  const digits = decoding.text();
  if (!/^[0-9a-f]+$/.test(digits)) throw damaged('a bigint has other characters than digits');
  return BigInt(`0x${digits}`);
}

export function readNames(decoding: Decoding): string[] {
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

export function readTypedArray(decoding: Decoding, mayBeMapped: boolean): unknown {
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

export const registering =
  (reader: NodeReader): NodeReader =>
  (decoding) =>
    decoding.register(reader(decoding));

const readersByNode: Record<Exclude<keyof typeof nodes, RareNode>, NodeReader> = {
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
  date: registering((decoding) => new Date(decoding.nodes.float())),
  typedArray: registering((decoding) => readTypedArray(decoding, true)),
  dataView: registering(readDataView),
  arrayBuffer: registering((decoding) => decoding.buffers.memory(decoding.nodes.count())),
  blob: registering((decoding) => decoding.buffers.blob(decoding.nodes.count(), decoding.text())),
};

/** Readers by tag byte. */
export const byTag = (
  readers: Partial<Record<keyof typeof nodes, NodeReader>>,
): ReadonlyArray<NodeReader | undefined> =>
  // Object.entries forgets that the names are those of nodes.
  Object.entries(nodes)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => readers[name as keyof typeof nodes]);

/** Of all but what is rare. */
export const nodeReaders = byTag(readersByNode);
