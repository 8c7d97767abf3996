/** Values that are less usual, each with the codec that knows its kind: what a first look would miss. */

import * as tf from '@tensorflow/tfjs-core';
import * as arrow from 'apache-arrow';
import BigNumber from 'bignumber.js';
import { hierarchy } from 'd3-hierarchy';
import Decimal from 'decimal.js';
import Graph, { DirectedGraph, MultiUndirectedGraph } from 'graphology';
import * as codecs from 'keepsake/codecs';
import * as luxon from 'luxon';
import * as math from 'mathjs';
import { Matrix } from 'ml-matrix';
import moment from 'moment';
import ndarray from 'ndarray';
import { Temporal } from 'temporal-polyfill';
import type { Sample } from './sample.ts';

const variant = (what: string, codec, sample): Sample => ({
  package: 'variants-old',
  what,
  line: what,
  codecs: () => [codec],
  ...sample,
});

const nested = (last: number) => {
  const list = new arrow.List(new arrow.Field('item', new arrow.Utf8(), true));
  const row = new arrow.Struct([
    new arrow.Field('a', new arrow.Float64(), true),
    new arrow.Field('b', list, true),
  ]);
  const rows = arrow.vectorFromArray([{ a: 1, b: ['x'] }, { a: last, b: [] }, null], row);
  const words = arrow.vectorFromArray(
    ['a', 'b', 'a'],
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
  );
  const lists = arrow.vectorFromArray(
    [[1, 2], null, [last]],
    new arrow.List(new arrow.Field('item', new arrow.Float64(), true)),
  );
  const times = arrow.vectorFromArray([new Date(0), null, new Date(last)], new arrow.TimestampMillisecond());
  const flags = arrow.vectorFromArray([true, null, false]);
  return new arrow.Table({ rows, words, lists, times, flags });
};

const noRows = (name: string) =>
  new arrow.Table(new arrow.Schema([new arrow.Field(name, new arrow.Int32(), true, new Map([['k', 'v']]))]));
const plain = (value) =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)));

export const variants: readonly Sample[] = [
  variant('arrow: structs, lists, dictionaries, times, nulls', codecs.arrow(arrow), {
    make: () => nested(2),
    other: () => nested(3),
    tell: (table) => [
      plain(table.toArray()),
      table.schema.fields.map(String),
      table.getChild('words').type.toString(),
    ],
  }),
  variant('arrow: no rows, metadata', codecs.arrow(arrow), {
    make: () => noRows('a'),
    other: () => noRows('b'),
    tell: (table) => [
      table.numRows,
      table.schema.fields.map((field) => [String(field), [...field.metadata]]),
    ],
  }),
  variant('decimals: Infinity, -0, 1e5000, settings', codecs.decimal(Decimal), {
    make: () => ['Infinity', '-0', '1e5000', '-123.456e-30'].map((each) => new Decimal(each)),
    other: () => ['Infinity', '0', '1e5000', '-123.456e-30'].map((each) => new Decimal(each)),
    tell: (values) => values.map((each) => [each.valueOf(), each.constructor.rounding]),
  }),
  variant('bignumbers: NaN, large', codecs.bigNumber(BigNumber), {
    make: () => ['NaN', '1e+400', '0.1'].map((each) => new BigNumber(each)),
    other: () => ['NaN', '1e+401', '0.1'].map((each) => new BigNumber(each)),
    tell: (values) => values.map((each) => each.valueOf()),
  }),
  variant('graphology: classes, self loops, attributes of every kind', codecs.graphology(Graph), {
    make: () => {
      const graph = new DirectedGraph();
      graph.mergeEdge('a', 'a', { at: new Date(0), data: new Float32Array(3) });
      return [graph, new MultiUndirectedGraph()];
    },
    other: () => {
      const graph = new DirectedGraph();
      graph.mergeEdge('a', 'a', { at: new Date(1), data: new Float32Array(3) });
      return [graph, new MultiUndirectedGraph()];
    },
    tell: ([graph, other]) => [
      graph instanceof DirectedGraph,
      other instanceof MultiUndirectedGraph,
      graph.mapEdges((_, attributes) => [attributes.at.getTime(), attributes.data.length]),
      graph.selfLoopCount,
    ],
  }),
  variant('hierarchy inside of a map, twice', codecs.hierarchies(hierarchy), {
    make: () => {
      const root = hierarchy({ children: [{ v: 1 }] });
      return new Map([
        ['a', root],
        ['b', root],
      ]);
    },
    other: () => {
      const root = hierarchy({ children: [{ v: 2 }] });
      return new Map([
        ['a', root],
        ['b', root],
      ]);
    },
    tell: (map) => [
      map.get('a') === map.get('b'),
      map
        .get('a')
        .leaves()
        .map((leaf) => leaf.data.v),
    ],
  }),
  variant('luxon: week settings, numbering, calendars', codecs.luxon(luxon), {
    make: () =>
      luxon.DateTime.fromMillis(1e12, {
        zone: 'utc',
        locale: 'fa',
        numberingSystem: 'arab',
        outputCalendar: 'persian',
      }),
    other: () =>
      luxon.DateTime.fromMillis(1e12, {
        zone: 'utc',
        locale: 'fa',
        numberingSystem: 'latn',
        outputCalendar: 'persian',
      }),
    tell: (time) => [
      time.toLocaleString(luxon.DateTime.DATE_FULL),
      time.numberingSystem,
      time.outputCalendar,
      time.toISO(),
    ],
  }),
  variant('luxon: durations with a matrix of their own', codecs.luxon(luxon), {
    make: () =>
      luxon.Duration.fromObject(
        { days: 2.5 },
        {
          matrix: {
            ...luxon.Duration.fromMillis(0).matrix,
            days: { hours: 10, minutes: 600, seconds: 36000, milliseconds: 36000000 },
          },
        },
      ),
    other: () => luxon.Duration.fromObject({ days: 2.5 }),
    tell: (span) => [span.as('hours'), span.toISO()],
  }),
  variant('moment: locales, invalid dates', codecs.moment(moment), {
    make: () => [moment(1e12).locale('de'), moment.invalid(), moment.duration(5, 'months').locale('de')],
    other: () => [moment(1e12).locale('en'), moment.invalid(), moment.duration(5, 'months').locale('de')],
    tell: ([time, invalid, span]) => [time.format('dddd'), time.locale(), invalid.isValid(), span.humanize()],
  }),
  variant('temporal: calendars, negative durations, times', codecs.temporal(Temporal), {
    make: () => [
      Temporal.PlainMonthDay.from({ monthCode: 'M02', day: 30, calendar: 'chinese' }),
      Temporal.Duration.from({ hours: -1, minutes: -90 }),
      Temporal.PlainTime.from('12:00:00.000000001'),
    ],
    other: () => [
      Temporal.PlainMonthDay.from({ monthCode: 'M02', day: 29, calendar: 'chinese' }),
      Temporal.Duration.from({ hours: -1, minutes: -90 }),
      Temporal.PlainTime.from('12:00:00.000000001'),
    ],
    tell: ([day, span, time]) => [day.toString(), day.calendarId, span.minutes, span.hours, time.nanosecond],
  }),
  variant('mathjs: matrices of complex numbers, of bignumbers, of text, chains', codecs.mathjs(math), {
    make: () => [
      math.matrix([math.complex(1, 2), math.bignumber('1e-30')]),
      math.matrix(['a', 'b']),
      math.sparse([[1, 0]], 'number'),
      math.range(0, 5),
      math.unit('5 km/h'),
    ],
    other: () => [
      math.matrix([math.complex(1, 3), math.bignumber('1e-30')]),
      math.matrix(['a', 'b']),
      math.sparse([[1, 0]], 'number'),
      math.range(0, 5),
      math.unit('5 km/h'),
    ],
    tell: (values) => [
      values.map(String),
      values[0].get([1]).toString(),
      values[2].datatype(),
      values[4].toNumber('m/s'),
    ],
  }),
  variant('ml-matrix: no rows, special numbers', codecs.mlMatrix(Matrix), {
    make: () => [new Matrix(0, 3), new Matrix([[Number.NaN, -0]])],
    other: () => [new Matrix(0, 2), new Matrix([[Number.NaN, -0]])],
    tell: (values) => values.map((each) => [each.rows, each.columns, each.to2DArray()]),
  }),
  variant('ndarray: views, no dimensions', codecs.ndarray(ndarray), {
    make: () => {
      const whole = ndarray(
        Float32Array.from({ length: 12 }, (_, at) => at),
        [3, 4],
      );
      return [
        whole.pick(1, null),
        whole.lo(1, 1).hi(2, 2),
        whole.step(-1, 2),
        ndarray(new Float64Array([5]), []),
      ];
    },
    other: () => {
      const whole = ndarray(
        Float32Array.from({ length: 12 }, (_, at) => at),
        [3, 4],
      );
      return [
        whole.pick(2, null),
        whole.lo(1, 1).hi(2, 2),
        whole.step(-1, 2),
        ndarray(new Float64Array([5]), []),
      ];
    },
    tell: ([row, part, steps, scalar]) => [
      [row.get(0), row.get(3), row.shape[0]],
      [part.get(0, 0), part.get(1, 1), part.offset],
      [steps.get(0, 0), steps.get(2, 1)],
      scalar.get(),
      scalar.dimension,
    ],
  }),
  variant('tfjs: scalars, booleans, no elements', codecs.tensorflow(tf), {
    make: () => [tf.scalar(3), tf.tensor1d([true, false], 'bool'), tf.zeros([0, 3])],
    other: () => [tf.scalar(4), tf.tensor1d([true, false], 'bool'), tf.zeros([0, 3])],
    tell: (values) => values.map((each) => [each.shape, each.dtype, [...each.dataSync()]]),
  }),
];
