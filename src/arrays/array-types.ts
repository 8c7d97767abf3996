/** Types of mapped arrays and their elements. */
import type { TypedArray } from '../values/values.ts';

/** As numpy.memmap: read-only, stored on flush (`w+` is `r+`: a stored result is never truncated), copy-on-write. */
export type MmapMode = 'r' | 'r+' | 'w+' | 'c';

export type { TypedArray };

/** What one element of the array is. */
export type ElementOf<A extends TypedArray> = A extends BigInt64Array | BigUint64Array ? bigint : number;

/** What is needed of a typed-array class. */
export interface ArrayClass<A extends TypedArray = TypedArray> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): A;
  from(values: ArrayLike<unknown>): A;
}
