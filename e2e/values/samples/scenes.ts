import { Graph as DagreGraph } from '@dagrejs/graphlib';
import { Vec3 } from 'cannon-es';
import chroma from 'chroma-js';
import cytoscape from 'cytoscape';
import { group, InternMap, InternSet, rollup, union } from 'd3-array';
import { hsl, rgb } from 'd3-color';
import { contours } from 'd3-contour';
import { Delaunay } from 'd3-delaunay';
import { csvParse } from 'd3-dsv';
import { hierarchy, stratify, tree } from 'd3-hierarchy';
import { quadtree } from 'd3-quadtree';
import Graph from 'graphology';
import GraphOld from 'graphology-old';
import * as codecs from 'keepsake/codecs';
import Konva from 'konva';
import createNgraph from 'ngraph.graph';
import * as THREE from 'three';
import * as THREE_OLD from 'three-old';
import type { Sample } from './sample.ts';

const graphs = (name: string, Made, Given = Made): Sample => {
  const make = (node: string) => {
    const graph = new Made({ type: 'mixed', multi: true });
    graph.addNode(node, { x: 1, tags: new Set(['t']) });
    graph.addNode('z');
    graph.addEdge(node, 'z', { weight: 2 });
    graph.addUndirectedEdgeWithKey('e', node, 'z');
    graph.setAttribute('name', 'lab');
    return graph;
  };
  return {
    package: name,
    what: 'Graph',
    make: () => make('a'),
    other: () => make('b'),
    tell: (graph) => [
      graph.nodes(),
      graph.order,
      graph.size,
      graph.type,
      graph.multi,
      graph.getAttributes(),
      graph.mapEdges((edge, attributes, source, target) => [edge === 'e', attributes, source, target]),
      Made !== Given || graph instanceof Made,
    ],
    codecs: () => [codecs.graphology(Given)],
    isForeign: Given !== Made,
    line: 'graphology(Graph)',
    entry: 'graph',
  };
};

const scenes = (name: string, library, given = library): Sample => {
  const make = (x: number) => {
    const geometry = new library.BoxGeometry(x, 1, 1);
    geometry.computeBoundingSphere();
    const points = new library.BufferGeometry();
    points.setAttribute('position', new library.Float32BufferAttribute([0, 0, 0, x, 1, 1], 3));
    points.setIndex([0, 1]);
    return {
      geometry,
      points,
      math: [
        new library.Vector3(x, 4, 0),
        new library.Quaternion(0, 0, 0, 1),
        new library.Euler(1, 2, x, 'ZYX'),
        new library.Color(0.1, 0.2, 0.3),
        new library.Matrix4().makeRotationX(x),
      ],
      box: new library.Box3(new library.Vector3(0, 0, 0), new library.Vector3(x, 1, 1)),
      texture: new library.DataTexture(new Uint8Array([1, 2, 3, x]), 1, 1),
    };
  };
  return {
    package: name,
    what: 'geometries, math, data textures',
    make: () => make(3),
    other: () => make(5),
    tell: ({ geometry, points, math, box, texture }) => [
      [
        geometry.type,
        geometry.parameters.width,
        [...geometry.attributes.position.array],
        [...geometry.index.array],
        geometry.groups.length,
        given !== library || geometry instanceof library.BoxGeometry,
      ],
      [
        points.getAttribute('position').getX(1),
        given !== library || points.getAttribute('position') instanceof library.Float32BufferAttribute,
        points.index.count,
        points.clone().index.count,
      ],
      [
        math.map((each) => each.toArray()),
        math[0].length(),
        math[3].getHexString(),
        box.getSize(new library.Vector3()).x,
        given !== library || box instanceof library.Box3,
      ],
      [texture.image.width, [...texture.image.data], texture.format, texture.isDataTexture],
    ],
    codecs: () => [codecs.three(given)],
    equal: () => {
      const value = make(3);
      value.points.computeBoundingBox();
      return value;
    },
    isForeign: given !== library,
    line: 'three(THREE)',
    entry: 'three',
  };
};

const tree2 = (leaf: string) => {
  const root = hierarchy({
    name: 'root',
    children: [{ name: 'a' }, { name: leaf, children: [{ name: 'c' }] }],
  });
  root.count();
  return tree().size([10, 10])(root);
};

export const scenes3d: readonly Sample[] = [
  graphs('graphology', Graph),
  graphs('graphology-old', GraphOld),
  graphs('graphology of another copy-old', GraphOld, Graph),
  {
    package: '@dagrejs/graphlib',
    what: 'Graph',
    make: () => new DagreGraph().setNode('a', 1),
    other: () => new DagreGraph().setNode('b', 1),
    tell: (graph) => [graph.nodes(), graph.node(graph.nodes()[0])],
  },
  {
    package: 'ngraph.graph',
    what: 'graph',
    make: () => {
      const graph = createNgraph();
      graph.addLink(1, 2);
      return graph;
    },
    other: () => {
      const graph = createNgraph();
      graph.addLink(1, 3);
      return graph;
    },
    tell: (graph) => {
      const ids = [];
      graph.forEachNode((node) => {
        ids.push(node.id);
      });
      return ids;
    },
  },
  {
    package: 'cytoscape',
    what: 'Core',
    make: () => cytoscape({ headless: true, elements: [{ data: { id: 'a' } }] }),
    other: () => cytoscape({ headless: true, elements: [{ data: { id: 'b' } }] }),
    tell: (core) => core.nodes().map((node) => node.id()),
  },
  scenes('three', THREE),
  scenes('three-old', THREE_OLD),
  scenes('three of another copy-old', THREE_OLD, THREE),
  {
    package: 'cannon-es',
    what: 'Vec3',
    make: () => new Vec3(1, 2, 3),
    other: () => new Vec3(1, 2, 4),
    tell: (value) => [value.x, value.y, value.z, value.length()],
  },
  {
    package: 'd3-array',
    what: 'InternMap, InternSet',
    make: () => ({
      map: rollup(
        [
          { d: new Date(0), v: 1 },
          { d: new Date(0), v: 2 },
        ],
        (rows) => rows.length,
        (row) => row.d,
      ),
      set: union([new Date(0)], [new Date(5)]),
      nested: group(['a', 'b'], (each) => each),
    }),
    other: () => ({
      map: rollup(
        [
          { d: new Date(1), v: 1 },
          { d: new Date(1), v: 2 },
        ],
        (rows) => rows.length,
        (row) => row.d,
      ),
      set: union([new Date(0)], [new Date(5)]),
      nested: group(['a', 'b'], (each) => each),
    }),
    tell: ({ map, set, nested }) => [
      map.get(new Date(0)) ?? 'none',
      set.has(new Date(5)),
      [...nested],
      map instanceof InternMap,
      set instanceof InternSet,
    ],
    codecs: () => [codecs.interned(InternMap, InternSet)],
    line: 'interned(InternMap, InternSet)',
    entry: 'd3',
  },
  {
    package: 'd3-hierarchy',
    what: 'Node',
    make: () => tree2('b'),
    other: () => tree2('x'),
    tell: (root) => [
      root
        .descendants()
        .map((node) => [
          node.data.name,
          node.depth,
          node.height,
          node.value,
          node.x,
          node.y,
          node.parent?.data.name,
        ]),
      root.find((node) => node.data.name === 'c').ancestors().length,
      root.copy().sum(() => 1).value,
      root.links().length,
    ],
    codecs: () => [codecs.hierarchies(hierarchy)],
    line: 'hierarchies(hierarchy)',
    entry: 'd3',
  },
  {
    package: 'd3-hierarchy',
    what: 'stratify()',
    make: () =>
      stratify()([
        { id: 'r', parentId: '' },
        { id: 'a', parentId: 'r' },
      ]),
    other: () =>
      stratify()([
        { id: 'r', parentId: '' },
        { id: 'b', parentId: 'r' },
      ]),
    tell: (root) => root.descendants().map((node) => node.id),
    codecs: () => [codecs.hierarchies(hierarchy)],
    line: 'hierarchies(hierarchy)',
    entry: 'd3',
  },
  {
    package: 'd3-color',
    what: 'Rgb, Hsl',
    make: () => [rgb('red'), hsl('red')],
    other: () => [rgb('blue'), hsl('red')],
    tell: (values) => values.map((each) => [String(each), each.brighter().formatHex()]),
  },
  {
    package: 'd3-contour',
    what: 'GeoJSON',
    make: () => contours().size([2, 2])([0, 1, 1, 0]),
    other: () => contours().size([2, 2])([0, 1, 1, 1]),
    tell: (value) => value,
  },
  {
    package: 'd3-delaunay',
    what: 'Delaunay',
    make: () =>
      Delaunay.from([
        [0, 0],
        [1, 0],
        [0, 1],
      ]),
    other: () =>
      Delaunay.from([
        [0, 0],
        [1, 0],
        [0, 2],
      ]),
    tell: (value) => [[...value.triangles], [...value.points], value.find(1, 0)],
  },
  {
    package: 'd3-dsv',
    what: 'rows',
    make: () => csvParse('a,b\n1,2'),
    other: () => csvParse('a,b\n1,3'),
    tell: (rows) => [rows.columns, rows.map((row) => ({ ...row }))],
  },
  {
    package: 'd3-quadtree',
    what: 'Quadtree',
    make: () =>
      quadtree([
        [0, 0],
        [1, 1],
      ]),
    other: () =>
      quadtree([
        [0, 0],
        [1, 2],
      ]),
    tell: (value) => [value.size(), value.find(1, 1)],
  },
  {
    package: 'chroma-js',
    what: 'Color',
    make: () => chroma('red'),
    other: () => chroma('blue'),
    tell: (value) => [value.hex(), value.brighten().hex()],
  },
  {
    package: 'konva',
    what: 'Node',
    make: () => new Konva.Rect({ width: 1 }),
    other: () => new Konva.Rect({ width: 2 }),
    tell: (value) => value.width(),
  },
];
