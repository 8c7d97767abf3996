/** Element types of stored buffers, by their names in safetensors. */
import type { TypedArrayName } from '../values/values.ts';

export type Dtype = 'F64' | 'F32' | 'F16' | 'I64' | 'U64' | 'I32' | 'U32' | 'I16' | 'U16' | 'I8' | 'U8';

const dtypeByName = {
  Int8Array: 'I8',
  Uint8Array: 'U8',
  Uint8ClampedArray: 'U8',
  Int16Array: 'I16',
  Uint16Array: 'U16',
  Int32Array: 'I32',
  Uint32Array: 'U32',
  Float16Array: 'F16',
  Float32Array: 'F32',
  Float64Array: 'F64',
  BigInt64Array: 'I64',
  BigUint64Array: 'U64',
} satisfies Record<TypedArrayName, Dtype>;

export const dtypeOf = (name: TypedArrayName): Dtype => dtypeByName[name];

/** Bytes of one element: the number in the name is its bits. */
export const elementBytes = (dtype: Dtype): number => Number(dtype.slice(1)) / 8;

export const isDtype = (text: unknown): text is Dtype =>
  // Object.values forgets that the values are dtypes; the guard compares with any text.
  typeof text === 'string' && (Object.values(dtypeByName) as string[]).includes(text);
