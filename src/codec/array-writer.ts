/** Arrays as nodes: packed runs of numbers, lists, and what has holes or named members. */
import { bytesOf } from '../bytes/bytes.ts';
import { namedMembers, presentIndices, rawOf } from '../values/values.ts';
import { assertPlain } from './assert-plain.ts';
import type { Encoding } from './encoding.ts';
import { nodes } from './skeleton-format.ts';

/** The narrowest run that holds all elements; 'mixed' if there is none, 'holes' if an element is missing. */
type Run = 'bytes' | 'ints' | 'floats' | 'mixed' | 'holes';

const isHole = (array: readonly unknown[], index: number): boolean => !Object.hasOwn(array, index);

/** The run of the numbers from the start on, and where they end. */
function scanNumbers(array: readonly unknown[]): { run: Run; end: number } {
  let all = 0;
  let areInts = true;
  let index = 0;
  for (; index < array.length; index++) {
    const value = array[index];
    if (typeof value !== 'number') break;
    if (!areInts) continue;
    // -0 | 0 is 0, so the sign needs a look of its own.
    areInts = (value | 0) === value && (value !== 0 || 1 / value > 0);
    all |= value;
  }
  return { run: !areInts ? 'floats' : all >>> 0 > 0xff ? 'ints' : 'bytes', end: index };
}

function scan(array: readonly unknown[]): Run {
  const { run, end } = scanNumbers(array);
  if (end === array.length) return end === 0 ? 'mixed' : run;
  for (let index = end; index < array.length; index++) {
    if (array[index] === undefined && isHole(array, index)) return 'holes';
  }
  return 'mixed';
}

const runs = { bytes: Uint8Array, ints: Int32Array, floats: Float64Array };

/** The elements' raw bytes, little-endian as every engine's typed arrays. */
function packed(run: 'bytes' | 'ints' | 'floats', numbers: readonly number[]): Uint8Array {
  const elements = new runs[run](numbers.length);
  for (let index = 0; index < numbers.length; index++) elements[index] = numbers[index] ?? 0;
  return bytesOf(elements);
}

function writeSparse(encoding: Encoding, array: readonly unknown[], names: readonly string[]): void {
  const { nodes: writer } = encoding;
  const indices = presentIndices(array);
  writer.byte(nodes.sparseArray);
  writer.count(array.length);
  writer.count(indices.length);
  let previous = -1;
  for (const index of indices) {
    writer.count(index - previous - 1);
    previous = index;
  }
  writer.count(names.length);
  for (const name of names) encoding.text(name);
  encoding.enter('sparse', array, [...indices.map(String), ...names]);
}

/** Writes an array node and enters it, unless the node already says all. */
export function writeArray(encoding: Encoding, array: readonly unknown[]): void {
  const run = scan(array);
  const presentCount = run === 'holes' ? presentIndices(array).length : array.length;
  const { names, hidden } = namedMembers(array, presentCount);
  if (names.length > 0 || hidden) assertPlain(encoding, array, names, hidden);
  if (rawOf(array)) encoding.refuse('a reactive proxy');
  if (run === 'holes' || names.length > 0) {
    writeSparse(encoding, array, names);
    return;
  }
  encoding.nodes.byte(run === 'mixed' ? nodes.array : nodes[run]);
  encoding.nodes.count(array.length);
  if (run === 'mixed') encoding.enter('array', array, array);
  // The scan found numbers only.
  else encoding.nodes.bytes(packed(run, array as readonly number[]));
}
