/** How the nodes of rare values become values again: classes of the platform, codecs, streams, arrays with holes, frozen objects. */
import { damaged } from './byte-reader.ts';
import { type Decoding, pending } from './decoding.ts';
import { makeError } from './error-classes.ts';
import {
  byTag,
  type NodeReader,
  type RareNode,
  readNames,
  readTypedArray,
  registering,
} from './node-readers.ts';
import { nodes, STREAM } from './skeleton-format.ts';
import { readSparse } from './sparse-reader.ts';
import { streamCodec } from './stream-form.ts';

/** A class that this engine or thread may lack. */
function globalClass(name: string, holder: unknown = globalThis): new (...args: unknown[]) => object {
  const found: unknown = Reflect.get(Object(holder), name);
  if (typeof found !== 'function') throw damaged(`${name} does not exist here`);
  // The callers name classes only.
  return found as new (
    ...args: unknown[]
  ) => object;
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
  const codec =
    name === STREAM
      ? streamCodec((bytes, skeletonBytes) => decoding.chunk(bytes, skeletonBytes))
      : decoding.codecNamed(name);
  if (codec === undefined) throw damaged(`there is no codec named "${name}"`);
  decoding.register(pending);
  decoding.enter({ kind: 'custom', target: decoding, end: 1, codec });
  return pending;
}

const readersByNode: Record<RareNode, NodeReader> = {
  sparseArray: (decoding) => readSparse(decoding, readNames),
  boxed: registering((decoding) => Object(decoding.primitive())),
  regexp: registering((decoding) => {
    const regexp = new RegExp(decoding.text(), decoding.text());
    regexp.lastIndex = decoding.nodes.count();
    return regexp;
  }),
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

/** By tag byte. */
export const readers = byTag(readersByNode);
