/**
 * The closed list of kinds of value. What a kind says of its objects is all there is to them: members that someone
 * added to a Map, a Date or a typed array are no part of the value, as in structured clone. Subclasses of these,
 * which are made to carry more, are refused without a codec; so are objects with private fields, in keys.
 *
 * Adding a line here fails to compile until keys and codec handle it.
 */

/** A value of the Temporal proposal; its text form says all of it. */
export interface TemporalValue {
  toString(): string;
}

/** What a visitor gets for each kind. */
export interface ValueByKind {
  undefined: undefined;
  null: null;
  boolean: boolean;
  number: number;
  bigint: bigint;
  string: string;
  /** `new Number(1)` and its like. */
  boxed: object;
  date: Date;
  regexp: RegExp;
  /** Plain objects, with or without a prototype, of any realm. */
  object: Record<string, unknown>;
  /** Dense or with holes, perhaps with named properties too. */
  array: readonly unknown[];
  map: ReadonlyMap<unknown, unknown>;
  set: ReadonlySet<unknown>;
  'typed-array': TypedArray;
  'array-buffer': ArrayBuffer;
  'data-view': DataView;
  /** Blob and File. */
  blob: Blob;
  'image-data': ImageData;
  /** Error, its built-in subclasses and classes that extend them. */
  error: Error;
  'dom-exception': DOMException;
  /** URL and URLSearchParams. */
  url: URL | URLSearchParams;
  temporal: TemporalValue;
  'abort-signal': AbortSignal;
  /** Objects of classes that extend nothing built in. */
  instance: Record<string, unknown>;
  function: (...args: never[]) => unknown;
  /** Whatever has no value of its own: symbols, promises, nodes, streams, shared memory… */
  opaque: unknown;
}

export type ValueKind = keyof ValueByKind;

/** One function per kind. */
export type ValueVisitor<Context, Result> = {
  readonly [Kind in ValueKind]: (context: Context, value: ValueByKind[Kind]) => Result;
};

/** The youngest of them: `never` where the library that types are checked with does not have it. */
export type Float16 = typeof globalThis extends { Float16Array: { prototype: infer A } } ? A : never;

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float16
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;
