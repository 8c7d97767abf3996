import Complex64Array from '@stdlib/array-complex64';
import Complex128Array from '@stdlib/array-complex128';
import * as tf from '@tensorflow/tfjs-core';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as arrowNow from 'apache-arrow';
import * as arrowOld from 'apache-arrow-old';
import { table as aqTable } from 'arquero';
import { mat4, vec3 } from 'gl-matrix';
import * as codecs from 'keepsake/codecs';
import * as math from 'mathjs';
import * as mathOld from 'mathjs-old';
import { Matrix } from 'ml-matrix';
import { Matrix as MatrixOld } from 'ml-matrix-old';
import { PCA } from 'ml-pca';
import ndarray from 'ndarray';
import * as ort from 'onnxruntime-common';
import * as ortOld from 'onnxruntime-common-old';
import type { Sample } from './sample.ts';

await setBackend('cpu');

const listOf = (vector) => [...vector].map((each) => (typeof each === 'bigint' ? String(each) : each));

const tables = (name: string, arrow, given = arrow): Sample => {
  const make = (last: string) => {
    const table = arrow.tableFromArrays({
      id: Int32Array.from([1, 2, 3]),
      value: Float64Array.from([0.5, -0, Number.NaN]),
      name: ['a', null, last],
      big: BigInt64Array.from([1n, 2n, 3n]),
    });
    return { table, vector: table.getChild('name'), slice: table.slice(1, 3) };
  };
  return {
    package: name,
    what: 'Table, Vector',
    make: () => make('c'),
    other: () => make('d'),
    tell: ({ table, vector, slice }) => [
      [
        table.numRows,
        table.schema.fields.map((field) => `${field.name}: ${field.type}`),
        given !== arrow || table instanceof arrow.Table,
      ],
      table.schema.fields.map((field) => listOf(table.getChild(field.name))),
      [listOf(vector), slice.numRows, listOf(slice.getChild('id')), table.get(2)?.toJSON().name],
    ],
    codecs: () => [codecs.arrow(given)],
    equal: () => {
      const { table, ...rest } = make('c');
      return { ...rest, table: table.slice(0, 1).concat(table.slice(1)) };
    },
    isForeign: given !== arrow,
    line: 'arrow({ tableFromIPC, tableToIPC, Table })',
    entry: 'arrow',
  };
};

const matrices = (name: string, Made): Sample => ({
  package: name,
  what: 'Matrix',
  make: () =>
    new Made([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  other: () =>
    new Made([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  tell: (value) => [
    value.to2DArray(),
    value.rows,
    value.mmul(value.transpose()).to2DArray(),
    value instanceof Made,
  ],
  codecs: () => [codecs.mlMatrix(Made)],
  line: 'mlMatrix(Matrix)',
  entry: 'ndarray',
});

const maths = (name: string, library): Sample => {
  const make = (last: number) => [
    library.matrix([
      [1, 2],
      [3, last],
    ]),
    library.sparse([
      [0, 1],
      [last, 0],
    ]),
    library.complex(1, last),
    library.unit(last, 'cm'),
    library.fraction(1, last),
    library.bignumber('0.1').plus(last),
    library.parse(`x + ${last}`),
  ];
  return {
    package: name,
    what: 'Matrix, Unit, Complex, Fraction, expressions…',
    make: () => make(4),
    other: () => make(5),
    tell: (values) => [
      values.map((each) => library.typeOf(each)),
      values.map((each) => library.format(each)),
      library.format(library.multiply(values[0], values[1])),
      values[6].evaluate({ x: 1 }),
    ],
    codecs: () => [codecs.mathjs(library)],
    line: 'mathjs(math)',
    entry: 'ndarray',
  };
};

const tensors = (name: string, library): Sample => ({
  package: name,
  what: 'Tensor',
  make: () => [
    new library.Tensor('float32', Float32Array.from([1, 2, 3, 4]), [2, 2]),
    new library.Tensor('string', ['a', 'b'], [2]),
    new library.Tensor('int64', BigInt64Array.from([1n]), [1]),
  ],
  other: () => [
    new library.Tensor('float32', Float32Array.from([1, 2, 3, 4]), [4, 1]),
    new library.Tensor('string', ['a', 'b'], [2]),
    new library.Tensor('int64', BigInt64Array.from([1n]), [1]),
  ],
  tell: (values) =>
    values.map((each) => [each.type, [...each.dims], listOf(each.data), each instanceof library.Tensor]),
  codecs: () => [codecs.onnx(library)],
  line: 'onnx({ Tensor })',
  entry: 'tensor',
});

export const arrays: readonly Sample[] = [
  tables('apache-arrow', arrowNow),
  tables('apache-arrow-old', arrowOld),
  tables('apache-arrow of another copy-old', arrowOld, arrowNow),
  {
    package: 'arquero',
    what: 'ColumnTable',
    make: () =>
      aqTable([
        ['a', [1, 2, 3]],
        ['b', Float64Array.from([1, 2, 3])],
        ['c', ['x', null, 'z']],
      ]),
    other: () =>
      aqTable([
        ['a', [1, 2, 3]],
        ['b', Float64Array.from([1, 2, 4])],
        ['c', ['x', null, 'z']],
      ]),
    tell: (value) => [
      value.numRows(),
      value.columnNames(),
      value.objects(),
      value.filter((row) => row.a > 1).numRows(),
    ],
    codecs: () => [codecs.arquero(aqTable)],
    line: 'arquero(table)',
    entry: 'arrow',
  },
  {
    package: '@tensorflow/tfjs-core',
    what: 'Tensor',
    make: () => ({
      list: [tf.tensor1d([1, 2, 3])],
      grid: tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'),
      text: tf.tensor(['a', 'b']),
      complex: tf.complex([1, 2], [3, 4]),
    }),
    other: () => ({
      list: [tf.tensor1d([100, 200, 300])],
      grid: tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'),
      text: tf.tensor(['a', 'b']),
      complex: tf.complex([1, 2], [3, 4]),
    }),
    tell: ({ list: [first], grid, text, complex }) => [
      [...first.dataSync()],
      tf.sum(first).dataSync()[0],
      [...grid.dataSync()],
      grid.shape,
      grid.dtype,
      text.dataSync(),
      [...complex.dataSync()],
      complex.dtype,
      first instanceof tf.Tensor,
    ],
    codecs: () => [codecs.tensorflow(tf)],
    line: 'tensorflow(tf)',
    entry: 'tensor',
  },
  tensors('onnxruntime-common', ort),
  tensors('onnxruntime-common-old', ortOld),
  {
    package: 'ndarray',
    what: 'ndarray',
    make: () => [
      ndarray(new Float64Array([1, 2, 3, 4, 5, 6]), [2, 3]),
      ndarray(new Uint8Array([1, 2, 3, 4]), [2, 2]).transpose(1, 0),
      ndarray([1, 'a'], [2]),
    ],
    other: () => [
      ndarray(new Float64Array([1, 2, 3, 4, 5, 6]), [3, 2]),
      ndarray(new Uint8Array([1, 2, 3, 4]), [2, 2]),
      ndarray([1, 'a'], [2]),
    ],
    tell: (values) =>
      values.map((each) => [
        each.dtype,
        [...each.shape],
        [...each.stride],
        each.shape.length === 2 ? each.get(1, 0) : each.get(1),
        each.size,
      ]),
    codecs: () => [codecs.ndarray(ndarray)],
    line: 'ndarray(ndarray)',
    entry: 'ndarray',
  },
  {
    package: '@stdlib/array-complex128',
    what: 'Complex128Array, Complex64Array',
    make: () => [new Complex128Array([1, 2]), new Complex64Array([1, 2, 3, 4])],
    other: () => [new Complex128Array([3, 4]), new Complex64Array([1, 2, 3, 4])],
    tell: (values) =>
      values.map((each) => [each.length, each.get(0).re, each.get(0).im, each.BYTES_PER_ELEMENT]),
    codecs: () => [codecs.complexArrays(Complex128Array, Complex64Array)],
    line: 'complexArrays(Complex128Array, Complex64Array)',
    entry: 'ndarray',
  },
  matrices('ml-matrix', Matrix),
  matrices('ml-matrix-old', MatrixOld),
  maths('mathjs', math),
  maths('mathjs-old', mathOld),
  {
    package: 'gl-matrix',
    what: 'mat4, vec3',
    make: () => [mat4.create(), vec3.fromValues(1, 2, 3)],
    other: () => [mat4.create(), vec3.fromValues(1, 2, 4)],
    tell: (values) => values.map((each) => [...each]),
  },
  {
    package: 'ml-pca',
    what: 'PCA model',
    make: () =>
      new PCA([
        [1, 2],
        [2, 4],
        [3, 7],
      ]),
    other: () =>
      new PCA([
        [1, 2],
        [2, 4],
        [3, 8],
      ]),
    tell: (value) => value.predict([[1, 1]]).to2DArray(),
  },
];
