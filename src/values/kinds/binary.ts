/** Typed arrays, DataView and ArrayBuffer. */
import type { TypedArray } from '../value-kind.ts';

/** Every typed array, in an order that stored forms rely on: append only. */
export const typedArrayNames = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

export type TypedArrayName = (typeof typedArrayNames)[number];

/** What is needed of a typed-array class. */
export interface TypedArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): TypedArray;
}

/** The class of that name, where this engine has it (Float16Array is the youngest). */
export function typedArrayClass(name: TypedArrayName): TypedArrayClass | undefined {
  return Reflect.get(globalThis, name);
}

const nameGetter = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

/** 'Float32Array' and so on, from the internal slot. */
export function typedArrayName(array: TypedArray): TypedArrayName {
  return nameGetter?.call(array);
}

/** Whether a view's memory can change under the reader, in another thread. */
export function isOverSharedMemory(view: object): boolean {
  // Only called for views.
  const buffer = (view as ArrayBufferView).buffer;
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
}

/** Whether a buffer's memory was transferred away; its content is gone. */
export function isDetached(buffer: ArrayBufferLike): boolean {
  return Reflect.get(buffer, 'detached') === true;
}

/** The limit up to which a resizable buffer can grow; `undefined` for an ordinary one. */
export function maxByteLengthOf(buffer: ArrayBuffer): number | undefined {
  return Reflect.get(buffer, 'resizable') === true ? Reflect.get(buffer, 'maxByteLength') : undefined;
}
