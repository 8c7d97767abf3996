/** Codecs for arrays of several dimensions: ndarray, stdlib, ml-matrix, mathjs, and plain { data, shape }. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, hasMethods, inheritedClasses, refuse } from './structure.ts';

type Numbers = ArrayLike<number> & object;

/** What a codec is given in place of a typed array where a mode is set. */
interface Reshapable {
  reshape(...shape: readonly number[]): unknown;
}

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

/** The array under its shape; where it is no mapped one, as it is. */
const shaped = (data: Partial<Reshapable>, shape: readonly number[]): unknown =>
  data.reshape?.(...shape) ?? data;

/** Whether elements lie one behind the other, the last dimension first. */
function isInOrder({ shape, stride, offset }: Strided): boolean {
  let step = 1;
  const strides = shape.map(() => 0);
  for (let at = shape.length - 1; at >= 0; at--) {
    strides[at] = step;
    step *= shape[at] ?? 1;
  }
  return offset === 0 && strides.every((each, at) => each === stride[at]);
}

interface Strided {
  readonly data: Numbers;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** ndarray: `ndarray(ndarray)`. With a mode, an array whose elements lie in order becomes a MappedArray of its shape. */
export const ndarray = (
  make: (data: never, shape: number[], stride: number[], offset: number) => object,
): Codec<Strided, Strided> => ({
  name: 'ndarray',
  is: (value) =>
    has(value, 'data', 'shape', 'stride', 'offset') && hasMethods(value, 'pick', 'transpose', 'lo'),
  encode: ({ data, shape, stride, offset }) => ({ data, shape: [...shape], stride: [...stride], offset }),
  decode: ({ data, shape, stride, offset }) =>
    make(data as never, [...shape], [...stride], offset) as Strided, // make() is the library's own
  mapped: (plain: Strided) =>
    isInOrder(plain) ? shaped(plain.data as Partial<Reshapable>, plain.shape) : plain,
});

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array[];
}

interface FlatMatrix {
  readonly data: Float64Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** ml-matrix: `mlMatrix(Matrix)`. With a mode, a MappedArray of its shape. */
export const mlMatrix = (Matrix: AnyClass<Matrix>): Codec<Matrix, FlatMatrix> => ({
  name: 'ml-matrix',
  // Views over a matrix, and matrices of a special kind, have a class more.
  is: (value) =>
    has(value, 'klass', 'data', 'rows', 'columns') &&
    value.klass === 'Matrix' &&
    !('klassType' in value) &&
    Array.isArray(value.data) &&
    inheritedClasses(value) === 1,
  encode({ rows, columns, data }) {
    const flat = new Float64Array(rows * columns);
    for (const [at, row] of data.entries()) flat.set(row, at * columns);
    return { data: flat, shape: [rows, columns] };
  },
  decode({ data, shape: [rows, columns] }) {
    const matrix = new Matrix(rows, columns);
    for (const [at, row] of matrix.data.entries()) row.set(data.subarray(at * columns, (at + 1) * columns));
    return matrix;
  },
  mapped: ({ data, shape }: FlatMatrix) => shaped(data as Partial<Reshapable>, shape),
});

interface MathValue {
  readonly type: string;
  toJSON(): { readonly mathjs: string };
}

/** Not in JSON: a zero with a sign, and numbers that are none. */
const encodeMath = (value: MathValue): object =>
  value.type === 'BigNumber' ? { mathjs: 'BigNumber', value: String(value.valueOf()) } : value.toJSON();

/** mathjs: `mathjs(math)`, the module or what create() returned. Matrices, units, fractions, expressions… */
export const mathjs = (math: object): Codec<MathValue, { readonly mathjs: string }> => ({
  name: 'mathjs',
  is: (value) =>
    has(value, 'type', 'toJSON') &&
    typeof value.type === 'string' &&
    !('uuid' in value) && // objects of three.js
    (`is${value.type}` in value || 'isMatrix' in value || 'isNode' in value),
  encode: (value) => encodeMath(value) as { mathjs: string }, // so does every toJSON() of mathjs
  decode: (json) =>
    Reflect.get(math, json.mathjs)?.fromJSON(json) ?? refuse(`mathjs has no ${json.mathjs} here`),
});

interface ComplexArray {
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  readonly length: number;
  readonly BYTES_PER_ELEMENT: number;
}

/** Complex numbers of stdlib: `complexArrays(Complex128Array, Complex64Array)`, either of them or both. */
export const complexArrays = (
  ...classes: readonly (AnyClass & { readonly BYTES_PER_ELEMENT: number })[]
): Codec<ComplexArray, Float64Array | Float32Array> => ({
  name: 'stdlib.complex',
  is: (value) => has(value, '_buffer', '_length', 'BYTES_PER_ELEMENT') && ArrayBuffer.isView(value._buffer),
  encode({ buffer, byteOffset, length, BYTES_PER_ELEMENT }) {
    const Parts = BYTES_PER_ELEMENT === 16 ? Float64Array : Float32Array;
    return new Parts(buffer, byteOffset, 2 * length);
  },
  decode(parts) {
    const Made = classes.find((each) => each.BYTES_PER_ELEMENT === 2 * parts.BYTES_PER_ELEMENT);
    return Made ? new Made(parts) : refuse('the class of this complex array was not given');
  },
});

interface StdlibArray {
  readonly data: object;
  readonly dtype: unknown;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly order: string;
}

/** Arrays of stdlib: `stdlibNdarray(ndarray)`. Complex elements want complexArrays() beside it. */
export const stdlibNdarray = (ndarray: AnyClass): Codec<StdlibArray, StdlibArray> => ({
  name: 'stdlib.ndarray',
  is: (value) => has(value, 'data', 'dtype', 'shape', 'strides', 'offset', 'order', 'flags', 'ndims'),
  encode: ({ data, dtype, shape, strides, offset, order }) => ({
    ...{ data, offset, order, dtype: String(dtype) },
    ...{ shape: [...shape], strides: [...strides] },
  }),
  decode: ({ data, dtype, shape, strides, offset, order }) =>
    new ndarray(dtype, data, shape, strides, offset, order),
});

/** Plain objects of a typed array and its shape: with a mode, the array is mapped under that shape. */
export const dataAndShape: Codec<{ readonly data: Numbers; readonly shape: readonly number[] }> = {
  name: 'data-and-shape',
  is: (value) =>
    has(value, 'data', 'shape') &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).length === 2 &&
    ArrayBuffer.isView(value.data) &&
    Array.isArray(value.shape) &&
    product(value.shape) === Reflect.get(value.data, 'length'),
  encode: ({ data, shape }) => ({ data, shape }),
  decode: (plain) => plain,
  mapped: ({ data, shape }) => ({ data: shaped(data, shape), shape }),
};
