/** Arrays from nodes: packed runs of numbers. */
import type { ByteReader } from './byte-reader.ts';

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
