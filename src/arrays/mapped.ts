/** The type of a result whose typed arrays are mapped. */
import type { TypedArray } from './array-types.ts';
import type { MappedArray } from './mapped-array.ts';

// biome-ignore lint/suspicious/noExplicitAny: the constraint of "any function"; unknown would refuse most
type AnyCallable = (...args: any[]) => unknown;

/** Values that a mode leaves as they are. */
type Unmapped =
  | AnyCallable
  | ArrayBuffer
  | DataView
  | Date
  | RegExp
  | Error
  | Blob
  | ImageData
  | URL
  | URLSearchParams;

/** Whether T is `any`, which is assignable both ways to everything. */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** T with a MappedArray in place of every typed array, through objects, arrays, tuples, Maps and Sets. */
export type Mapped<T> =
  IsAny<T> extends true
    ? T
    : T extends TypedArray
      ? MappedArray<T>
      : T extends Unmapped
        ? T
        : T extends Map<infer Key, infer Value>
          ? Map<Mapped<Key>, Mapped<Value>>
          : T extends Set<infer Member>
            ? Set<Mapped<Member>>
            : T extends object
              ? { [Name in keyof T]: Mapped<T[Name]> }
              : T;
