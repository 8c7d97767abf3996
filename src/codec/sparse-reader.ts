/** Arrays with holes or named members, from nodes. */
import { damaged } from './byte-reader.ts';
import type { Decoding } from './decoding.ts';

const longestArray = 2 ** 32 - 1;
/** An array this much longer than its element count is made sparse inside the engine too. */
const sparseFrom = 1024;

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
