import { multiPolygon, point } from '@turf/helpers';
import { ObjectId } from 'bson';
import { Buffer } from 'buffer/';
import * as Comlink from 'comlink';
import Delaunator from 'delaunator';
import earcut from 'earcut';
import { strToU8, zlibSync } from 'fflate';
import FFT from 'fft.js';
import Flatbush from 'flatbush';
import Fuse from 'fuse.js';
import { latLngToCell } from 'h3-js';
import { parquetMetadata } from 'hyparquet';
import { produce } from 'immer';
import { Map as ImmutableMap, Record as ImmutableRecord, List } from 'immutable';
import KDBush from 'kdbush';
import { type Codec, defineCodec } from 'keepsake';
import {
  audioBuffer,
  cryptoKey,
  formData,
  geometry,
  headers,
  imageBitmap,
  quad,
  response,
} from 'keepsake/codecs';
import { groupBy } from 'lodash-es';
import lunr from 'lunr';
import MiniSearch from 'minisearch';
import { BiMap, Queue } from 'mnemonist';
import { observable } from 'mobx';
import { pack, unpack } from 'msgpackr';
import Papa from 'papaparse';
import protobuf from 'protobufjs';
import RBush from 'rbush';
import { of } from 'rxjs';
import seedrandom from 'seedrandom';
import { linearRegression } from 'simple-statistics';
import { default as sortedBtree } from 'sorted-btree';

const BTree = sortedBtree.default ?? sortedBtree;

import Supercluster from 'supercluster';
import { feature } from 'topojson-client';
import { UMAP } from 'umap-js';
import { reactive, ref } from 'vue';
import * as Y from 'yjs';
import { z } from 'zod';
import type { Sample } from './sample.ts';

const flatbush = defineCodec({
  name: 'flatbush',
  is: (value): value is Flatbush => value instanceof Flatbush,
  encode: (index) => index.data,
  decode: (data) => Flatbush.from(data),
});

const kdbush = defineCodec({
  name: 'kdbush',
  is: (value): value is KDBush => value instanceof KDBush,
  encode: (index) => index.data,
  decode: (data) => KDBush.from(data),
});

const fill = (index, far: number) => {
  index.add(0, 0, 1, 1);
  index.add(far, far, far + 1, far + 1);
  index.finish();
  return index;
};

const docOf = (text: string) => {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return doc;
};

const Message = new protobuf.Type('M').add(new protobuf.Field('x', 1, 'int32'));
new protobuf.Root().add(Message);

export const data: readonly Sample[] = [
  {
    package: 'flatbush',
    what: 'Flatbush',
    make: () => fill(new Flatbush(2), 5),
    other: () => fill(new Flatbush(2), 9),
    tell: (index) => [index.search(4, 4, 7, 7), index.numItems],
    codecs: () => [flatbush],
    line: "{ name: 'flatbush', is, encode: (index) => index.data, decode: Flatbush.from }",
  },
  {
    package: 'kdbush',
    what: 'KDBush',
    make: () => fill(new KDBush(2), 5),
    other: () => fill(new KDBush(2), 9),
    tell: (index) => [index.range(4, 4, 7, 7), index.numItems],
    codecs: () => [kdbush],
    line: "{ name: 'kdbush', is, encode: (index) => index.data, decode: KDBush.from }",
  },
  {
    package: 'rbush',
    what: 'RBush',
    make: () => new RBush().insert({ minX: 0, minY: 0, maxX: 1, maxY: 1 }),
    other: () => new RBush().insert({ minX: 5, minY: 0, maxX: 6, maxY: 1 }),
    tell: (tree) => tree.all().map((item) => item.minX),
  },
  {
    package: 'supercluster',
    what: 'Supercluster',
    make: () => new Supercluster().load([point([0, 0]), point([0.001, 0])]),
    other: () => new Supercluster().load([point([0, 0]), point([40, 0])]),
    tell: (index) => index.getClusters([-180, -85, 180, 85], 2).length,
  },
  {
    package: 'delaunator',
    what: 'Delaunator',
    make: () => new Delaunator([0, 0, 1, 0, 0, 1]),
    other: () => new Delaunator([0, 0, 1, 0, 1, 1, 0, 1]),
    tell: (value) => [[...value.triangles], [...value.coords]],
  },
  {
    package: 'earcut',
    what: 'triangles',
    make: () => earcut([0, 0, 1, 0, 1, 1, 0, 1]),
    other: () => earcut([0, 0, 1, 0, 1, 1]),
    tell: (value) => value,
  },
  {
    package: 'h3-js',
    what: 'cells',
    make: () => latLngToCell(1, 2, 5),
    other: () => latLngToCell(3, 4, 5),
    tell: (value) => value,
  },
  {
    package: '@turf/helpers',
    what: 'GeoJSON',
    make: () =>
      multiPolygon([
        [
          [
            [0, 0],
            [1, 0],
            [0, 1],
            [0, 0],
          ],
        ],
      ]),
    other: () =>
      multiPolygon([
        [
          [
            [0, 0],
            [2, 0],
            [0, 1],
            [0, 0],
          ],
        ],
      ]),
    tell: (value) => value,
  },
  {
    package: 'topojson-client',
    what: 'GeoJSON',
    make: () =>
      feature({ type: 'Topology', objects: { a: { type: 'Point', coordinates: [1, 2] } }, arcs: [] }, 'a'),
    other: () =>
      feature({ type: 'Topology', objects: { a: { type: 'Point', coordinates: [1, 3] } }, arcs: [] }, 'a'),
    tell: (value) => value,
  },
  {
    package: 'bson',
    what: 'ObjectId',
    make: () => new ObjectId('0123456789abcdef01234567'),
    other: () => new ObjectId('0123456789abcdef01234568'),
    tell: (value) => value.toHexString(),
  },
  {
    package: 'buffer',
    what: 'Buffer',
    make: () => Buffer.from('a'),
    other: () => Buffer.from('b'),
    tell: (value) => value.toString('utf8'),
  },
  {
    package: 'comlink',
    what: 'proxy',
    make: () => Comlink.wrap(new MessageChannel().port1),
    other: () => Comlink.wrap(new MessageChannel().port2),
    tell: (value) => typeof value,
  },
  {
    package: 'fft.js',
    what: 'FFT',
    make: () => new FFT(4),
    other: () => new FFT(8),
    tell: (value) => [value.size, value.createComplexArray().length],
  },
  {
    package: 'fflate',
    what: 'Uint8Array',
    make: () => zlibSync(strToU8('a')),
    other: () => zlibSync(strToU8('b')),
    tell: (value) => [...value],
  },
  {
    package: 'fuse.js',
    what: 'Fuse',
    make: () => new Fuse(['a', 'b']),
    other: () => new Fuse(['a', 'c']),
    tell: (value) => value.search('b').length,
  },
  {
    package: 'hyparquet',
    what: 'functions',
    make: () => parquetMetadata,
    other: () => (x) => x,
    tell: (value) => typeof value,
  },
  {
    package: 'immer',
    what: 'frozen objects',
    make: () =>
      produce({ a: { b: 1 } }, (draft) => {
        draft.a.b = 2;
      }),
    other: () =>
      produce({ a: { b: 1 } }, (draft) => {
        draft.a.b = 3;
      }),
    tell: (value) => value,
  },
  {
    package: 'immutable',
    what: 'Map, List, Record',
    make: () => [ImmutableMap({ a: 1 }), List([1, 2]), new (ImmutableRecord({ x: 1 }, 'P'))()],
    other: () => [ImmutableMap({ a: 1 }), List([1, 2]), new (ImmutableRecord({ x: 2 }, 'P'))()],
    tell: (values) => values.map((each) => each.toJS()),
  },
  {
    package: 'lodash-es',
    what: 'plain objects',
    make: () => groupBy([1, 2, 3], (each) => each % 2),
    other: () => groupBy([1, 2, 4], (each) => each % 2),
    tell: (value) => value,
  },
  {
    package: 'lunr',
    what: 'Index',
    make: () =>
      lunr(function () {
        this.field('t');
        this.add({ id: 1, t: 'cat' });
      }),
    other: () =>
      lunr(function () {
        this.field('t');
        this.add({ id: 1, t: 'dog' });
      }),
    tell: (index) => index.search('cat').length,
  },
  {
    package: 'minisearch',
    what: 'MiniSearch',
    make: () => {
      const index = new MiniSearch({ fields: ['t'] });
      index.add({ id: 1, t: 'cat' });
      return index;
    },
    other: () => {
      const index = new MiniSearch({ fields: ['t'] });
      index.add({ id: 1, t: 'dog' });
      return index;
    },
    tell: (index) => index.search('cat').length,
  },
  {
    package: 'mnemonist',
    what: 'Queue, BiMap',
    make: () => [Queue.from([1, 2]), BiMap.from({ a: 1 })],
    other: () => [Queue.from([1, 3]), BiMap.from({ a: 1 })],
    tell: ([queue, map]) => [queue.toArray(), [...map]],
  },
  {
    package: 'sorted-btree',
    what: 'BTree',
    make: () => new BTree([[1, 'a']]),
    other: () => new BTree([[1, 'b']]),
    tell: (tree) => [...tree.entries()],
  },
  {
    package: 'mobx',
    what: 'observable',
    make: () =>
      observable({
        a: 1,
        get twice() {
          return 2 * this.a;
        },
      }),
    other: () =>
      observable({
        a: 2,
        get twice() {
          return 2 * this.a;
        },
      }),
    tell: (value) => [value.a, value.twice],
  },
  {
    package: 'vue',
    what: 'reactive(), ref()',
    make: () => ({ plain: reactive({ a: [1] }), map: reactive(new Map([['a', 1]])) }),
    other: () => ({ plain: reactive({ a: [1] }), map: reactive(new Map([['a', 2]])) }),
    tell: ({ plain, map }) => [plain.a[0], map.get('a')],
  },
  { package: 'vue', what: 'ref()', make: () => ref(1), other: () => ref(2), tell: (value) => value.value },
  {
    package: 'msgpackr',
    what: 'unpacked data',
    make: () => unpack(pack({ a: [1, new Date(0)] })),
    other: () => unpack(pack({ a: [2, new Date(0)] })),
    tell: (value) => [value.a[0], value.a[1].getTime()],
  },
  {
    package: 'papaparse',
    what: 'rows',
    make: () => Papa.parse('a,b\n1,2', { header: true }),
    other: () => Papa.parse('a,b\n1,3', { header: true }),
    tell: (value) => value.data,
  },
  {
    package: 'protobufjs',
    what: 'message',
    make: () => Message.create({ x: 1 }),
    other: () => Message.create({ x: 2 }),
    tell: (value) => value.x,
  },
  {
    package: 'rxjs',
    what: 'Observable',
    make: () => of(1),
    other: () => of(2),
    tell: (value) => {
      let last = 0;
      value.subscribe((each) => {
        last = each;
      });
      return last;
    },
  },
  {
    package: 'seedrandom',
    what: 'generator',
    make: () => seedrandom('a'),
    other: () => seedrandom('b'),
    tell: (value) => value(),
  },
  {
    package: 'simple-statistics',
    what: 'plain objects',
    make: () =>
      linearRegression([
        [0, 0],
        [1, 1],
      ]),
    other: () =>
      linearRegression([
        [0, 0],
        [1, 2],
      ]),
    tell: (value) => value,
  },
  {
    package: 'umap-js',
    what: 'UMAP',
    make: () => new UMAP({ nNeighbors: 2 }),
    other: () => new UMAP({ nNeighbors: 3 }),
    tell: (value) => value.nNeighbors,
  },
  {
    package: 'yjs',
    what: 'Doc',
    make: () => docOf('a'),
    other: () => docOf('b'),
    tell: (doc) => doc.getText('t').toString(),
  },
  {
    package: 'zod',
    what: 'parsed data, schema error',
    make: () => [z.object({ a: z.number() }).parse({ a: 1 }), z.number().safeParse('x').error],
    other: () => [z.object({ a: z.number() }).parse({ a: 2 }), z.number().safeParse('x').error],
    tell: ([parsed, error]) => [parsed, error.issues?.length, error instanceof z.ZodError],
  },
];

const key = (extractable: boolean) =>
  crypto.subtle.importKey('raw', new Uint8Array(16).fill(extractable ? 1 : 2), 'AES-GCM', extractable, [
    'encrypt',
  ]);
const web = (what: string, one: Codec, line: string, sample): Sample => ({
  package: 'the web platform',
  what,
  line,
  entry: 'web',
  codecs: () => [one],
  ...sample,
});

export const platform: readonly Sample[] = [
  web('Headers', headers, 'headers', {
    make: () => new Headers({ a: '1' }),
    other: () => new Headers({ a: '2' }),
    tell: (value) => [[...value], value instanceof Headers],
  }),
  web('FormData', formData, 'formData', {
    make: () => {
      const form = new FormData();
      form.append('a', '1');
      form.append('f', new File(['x'], 'f.txt'));
      return form;
    },
    other: () => {
      const form = new FormData();
      form.append('a', '1');
      form.append('f', new File(['y'], 'f.txt'));
      return form;
    },
    tell: async (form) => [
      form.get('a'),
      await form.get('f').text(),
      form.get('f').name,
      form instanceof FormData,
    ],
  }),
  web('Response', response, 'response', {
    make: () => new Response('{"a":1}', { status: 201, headers: { 'content-type': 'application/json' } }),
    other: () => new Response('{"a":2}', { status: 201, headers: { 'content-type': 'application/json' } }),
    tell: async (value) => [
      value.status,
      value.headers.get('content-type'),
      await value.json(),
      value instanceof Response,
    ],
  }),
  web('ImageBitmap', imageBitmap, 'imageBitmap', {
    make: () => createImageBitmap(new ImageData(new Uint8ClampedArray([255, 0, 0, 255, 9, 8, 7, 128]), 2, 1)),
    other: () =>
      createImageBitmap(new ImageData(new Uint8ClampedArray([0, 255, 0, 255, 9, 8, 7, 128]), 2, 1)),
    tell: (bitmap) => {
      const context = new OffscreenCanvas(2, 1).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return [[...context.getImageData(0, 0, 2, 1).data], bitmap instanceof ImageBitmap];
    },
  }),
  web('AudioBuffer', audioBuffer, 'audioBuffer', {
    make: () => {
      const buffer = new AudioBuffer({ length: 4, numberOfChannels: 2, sampleRate: 8000 });
      buffer.getChannelData(1).set([0, 0.5, 1]);
      return buffer;
    },
    other: () => {
      const buffer = new AudioBuffer({ length: 4, numberOfChannels: 2, sampleRate: 8000 });
      buffer.getChannelData(1).set([0, 0.25, 1]);
      return buffer;
    },
    tell: (buffer) => [
      [...buffer.getChannelData(1)],
      buffer.sampleRate,
      buffer.numberOfChannels,
      buffer instanceof AudioBuffer,
    ],
  }),
  web('DOMMatrix, DOMRect, DOMPoint', geometry, 'geometry', {
    make: () => [
      new DOMMatrix([1, 2, 3, 4, 5, 6]),
      new DOMMatrix().rotate(1, 2, 3),
      new DOMRect(1, 2, 3, 4),
      new DOMPointReadOnly(1, 2, 3, 4),
    ],
    other: () => [
      new DOMMatrix([1, 2, 3, 4, 5, 7]),
      new DOMMatrix().rotate(1, 2, 3),
      new DOMRect(1, 2, 3, 4),
      new DOMPointReadOnly(1, 2, 3, 4),
    ],
    tell: ([flat, solid, rect, point]) => [
      [...flat.toFloat64Array()],
      flat.is2D,
      [...solid.toFloat64Array()],
      solid.is2D,
      rect.right,
      point.w,
      rect instanceof DOMRect,
      point instanceof DOMPoint,
    ],
  }),
  web('DOMQuad', quad, 'quad, geometry', {
    codecs: () => [quad, geometry],
    make: () => DOMQuad.fromRect({ x: 1, y: 2, width: 3, height: 4 }),
    other: () => DOMQuad.fromRect({ x: 1, y: 2, width: 3, height: 5 }),
    tell: (quad) => [quad.p3.x, quad.p3.y, quad instanceof DOMQuad],
  }),
  web('CryptoKey, extractable', cryptoKey, 'cryptoKey', {
    make: () => key(true),
    other: () => crypto.subtle.importKey('raw', new Uint8Array(16).fill(7), 'AES-GCM', true, ['encrypt']),
    tell: async (value) => [
      [...new Uint8Array(await crypto.subtle.exportKey('raw', value))],
      value.algorithm.name,
      value.usages,
      value instanceof CryptoKey,
    ],
  }),
  web('CryptoKey, not extractable', cryptoKey, 'cryptoKey', {
    make: () => key(false),
    other: () => key(false),
    tell: (value) => [value.type, value.extractable],
  }),
];
