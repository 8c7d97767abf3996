/** Arrays from nodes: packed runs of numbers, and what has holes or named members. */
import { type ByteReader, damaged } from './byte-reader.ts';
import type { Decoding } from './decoding.ts';

const longestArray = 2 ** 32 - 1;
/** An array this much longer than its element count is made sparse inside the engine too. */
const sparseFrom = 1024;

const runs = { bytes: Uint8Array, ints: Int32Array, floats: Float64Array };

/** V8 makes an array of a given length a hash table from here on; one that grows stays a list. */
const longestPreallocated = 2 ** 25;

/** An array to be filled from the start. */
export const allocate = <T>(count: number): T[] => (count > longestPreallocated ? [] : new Array<T>(count));

/** Fewer floats are read one by one: an ArrayBuffer costs more. */
const FEW = 64;

/** A list of numbers that is kept as raw bytes. */
export function readPacked(reader: ByteReader, run: keyof typeof runs): number[] {
  const bytesEach = runs[run].BYTES_PER_ELEMENT;
  const count = reader.countOf(bytesEach);
  const array: number[] = allocate(count);
  if (run === 'floats' && count < FEW) {
    for (let index = 0; index < count; index++) array[index] = reader.float();
    return array;
  }
  // A copy, since the bytes need not be aligned.
  const numbers = new runs[run](reader.bytes(count * bytesEach).slice().buffer);
  for (let index = 0; index < count; index++) array[index] = numbers[index] ?? 0;
  return array;
}

/** An array of that length without elements, in memory that depends on `elementCount` only. */
function emptyArray(length: number, elementCount: number): unknown[] {
  const array: unknown[] = [];
  // Engines reserve memory for a length that grows from 0, but not for one that shrinks from the far end.
  if (length > elementCount * 2 + sparseFrom) array[longestArray - 1] = undefined;
  array.length = length;
  if (length === longestArray) delete array[longestArray - 1];
  return array;
}

/** An array with holes or named members. */
export function readSparse(decoding: Decoding, readNames: (decoding: Decoding) => string[]): unknown[] {
  const { nodes: reader } = decoding;
  const length = reader.count();
  const names: string[] = [];
  let index = -1;
  for (let left = reader.countOf(1); left > 0; left--) {
    index += reader.count() + 1;
    names.push(String(index));
  }
  if (length > longestArray || index >= length) throw damaged('an array exceeds its length');
  const target = decoding.register(emptyArray(length, names.length));
  for (const name of readNames(decoding)) {
    if (name === 'length' || /^\d+$/.test(name)) throw damaged('a named member of an array has no name');
    names.push(name);
  }
  decoding.enter({ kind: 'sparse', target, names, end: names.length });
  return target;
}
