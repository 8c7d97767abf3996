/** A package whose sources are taken into a program as if they were its own, and functions that use them. */
export interface PackageProgram {
  /** Packages that are copied: name to the folder of its sources, the entry, and where it is installed if not by its name. */
  readonly packages: Readonly<Record<string, readonly [from: string, entry: string, source?: string]>>;
  /** Names and bodies of functions of `x`. */
  readonly functions: Readonly<Record<string, string>>;
  readonly imports: string;
}

const d3 = (...names: string[]): PackageProgram['packages'] =>
  Object.fromEntries(names.map((name) => [`d3-${name}`, ['dist', `dist/d3-${name}.mjs`] as const]));

const internmap = { internmap: ['src', 'src/index.js'] } as const;
const list = '[5, 3, x, 8, 1, 9, 2, x * 2, 7]';

/** Fifteen and more packages in the forms that packages are written in: classes, closures, tables, prototypes. */
export const programs: Readonly<Record<string, PackageProgram>> = {
  'd3-array': {
    packages: { ...d3('array'), ...internmap },
    imports: "import * as a from 'd3-array';",
    functions: {
      bins: `a.bin()(${list}).map((b) => [b.x0, b.x1, ...b])`,
      quantiles: `[a.mean(${list}), a.median(${list}), a.quantile(${list}, 0.3), a.deviation(${list})]`,
      groups: `[...a.rollup(${list}, (v) => v.length, (d) => d % 3)].map(String)`,
      ticks: 'a.ticks(0, x * 10, 7)',
      fsums: `[a.fsum(${list}), a.cumsum(${list}), a.bisect(${list}, 4)].map(String)`,
    },
  },
  'd3-color': {
    packages: d3('color'),
    imports: "import * as c from 'd3-color';",
    functions: {
      mixed: 'String(c.hsl(x * 20, 0.5, 0.4).brighter(0.5).rgb())',
      labs: 'String(c.lab(c.rgb(x * 9, 50, 90)).darker())',
      named:
        "[c.color('steelblue').formatHex(), c.color('rgba(1,2,3,0.5)').opacity, c.cubehelix('tomato').h]",
    },
  },
  'd3-interpolate': {
    packages: d3('interpolate', 'color'),
    imports: "import * as i from 'd3-interpolate';",
    functions: {
      rgb: "i.interpolateRgb('red', 'blue')(x / 10)",
      values: 'i.interpolate({ a: [1, 2], b: "3px" }, { a: [x, 9], b: "9px" })(0.5)',
      zoom: 'i.interpolateZoom([1, 2, 3], [x, 5, 9])(0.25)',
      transforms: 'i.piecewise(i.interpolateHsl, ["red", "green", "blue"])(x / 9)',
    },
  },
  'd3-force': {
    packages: d3('force', 'quadtree', 'dispatch', 'timer'),
    imports: "import * as f from 'd3-force';",
    functions: {
      layout:
        '(() => { const nodes = [{}, {}, {}, {}].map((_, index) => ({ index })); f.forceSimulation(nodes).force("charge", f.forceManyBody().strength(-x)).force("link", f.forceLink([{ source: 0, target: 1 }, { source: 1, target: 2 }])).force("center", f.forceCenter()).stop().tick(5); return nodes.map((n) => [n.x, n.y]) })()',
      collide:
        '(() => { const nodes = [{ x: 0, y: 0 }, { x: 1, y: x }]; f.forceSimulation(nodes).force("c", f.forceCollide(x)).force("x", f.forceX(3)).stop().tick(3); return nodes.map((n) => [n.x, n.y]) })()',
    },
  },
  'd3-format': {
    packages: d3('format'),
    imports: "import * as f from 'd3-format';",
    functions: {
      many: "['.2f', '$,.2f', '.3s', '+.1%', '#x', '08d', '.2e', '(,.0f'].map((s) => f.format(s)(x * 1234))",
      prefix: "f.formatPrefix(',.0', 1e-3)(x / 100)",
      precision: '[f.precisionFixed(x / 100), f.precisionRound(0.01, x), f.precisionPrefix(1e5, x * 1e6)]',
    },
  },
  'd3-geo': {
    packages: { ...d3('geo', 'array'), ...internmap },
    imports: "import * as g from 'd3-geo';",
    functions: {
      mercator: 'g.geoMercator().rotate([x, 2])([x * 3, 20])',
      area: 'g.geoArea({ type: "Polygon", coordinates: [[[0, 0], [0, x], [x, x], [x, 0], [0, 0]]] })',
      path: 'g.geoPath(g.geoOrthographic())({ type: "LineString", coordinates: [[0, 0], [x * 5, 30], [60, x]] })',
      circle: 'g.geoCircle().radius(x * 3).precision(30)().coordinates[0].slice(0, 3)',
      distance:
        '[g.geoDistance([0, 0], [x, 9]), g.geoLength({ type: "LineString", coordinates: [[0, 0], [x, 9]] })]',
    },
  },
  'd3-hierarchy': {
    packages: d3('hierarchy'),
    imports: "import * as h from 'd3-hierarchy';",
    functions: {
      pack: '(() => { const r = h.hierarchy({ children: [{ v: x }, { v: 2 }, { children: [{ v: 3 }] }] }).sum((d) => d.v ?? 0); return h.pack().size([9, 9])(r).leaves().map((n) => [n.x, n.y, n.r]) })()',
      tree: '(() => { const r = h.hierarchy({ children: [{ children: [{}, {}] }, {}] }); return h.tree().size([x, 9])(r).descendants().map((n) => [n.x, n.y]) })()',
      treemap:
        '(() => { const r = h.hierarchy({ children: [{ v: x }, { v: 2 }, { v: 5 }] }).sum((d) => d.v ?? 0); return h.treemap().size([9, 9])(r).leaves().map((n) => [n.x0, n.y1]) })()',
    },
  },
  'd3-shape': {
    packages: d3('shape', 'path'),
    imports: "import * as s from 'd3-shape';",
    functions: {
      lines: 's.line().curve(s.curveCatmullRom.alpha(0.3))([[0, x], [1, 5], [2, 3], [4, x]])',
      basis: 's.area().curve(s.curveMonotoneX)([[0, x], [1, 5], [2, 3]])',
      arcs: 's.arc()({ innerRadius: 1, outerRadius: x, startAngle: 0, endAngle: x / 4, padAngle: 0.1 })',
      pies: 's.pie()([1, x, 3]).map((p) => [p.startAngle, p.endAngle])',
      stacks:
        "s.stack().keys(['a', 'b']).offset(s.stackOffsetExpand)([{ a: x, b: 2 }, { a: 1, b: x }]).map(String)",
      symbols: 's.symbol(s.symbolStar, x * 20)()',
    },
  },
  'd3-scale': {
    packages: {
      ...d3('scale', 'array', 'interpolate', 'format', 'time', 'time-format', 'color'),
      ...internmap,
    },
    imports: "import * as s from 'd3-scale';",
    functions: {
      linear: 's.scaleLinear().domain([0, x]).range([1, 5]).nice()(2)',
      log: 's.scaleLog().domain([1, 1000]).ticks(5).concat(s.scaleLog()(x))',
      band: "s.scaleBand().domain(['a', 'b', 'c']).range([0, x * 10]).padding(0.1)('b')",
      quantize: 's.scaleQuantize().domain([0, 9]).range(["a", "b", "c"])(x)',
      pow: 's.scalePow().exponent(0.7).domain([0, 9])(x)',
    },
  },
  'd3-time': {
    packages: { ...d3('time', 'time-format', 'array'), ...internmap },
    imports: "import * as f from 'd3-time-format'; import * as t from 'd3-time';",
    functions: {
      formats: "f.utcFormat('%Y-%m-%d %H:%M %j %U %a %b')(new Date(x * 1e11))",
      parses: "String(+f.utcParse('%d %B %Y')(`${x} March 2020`))",
      weeks: 't.utcWeek.range(new Date(0), new Date(x * 1e9)).map(Number)',
      counts:
        '[t.utcDay.count(new Date(0), new Date(x * 1e10)), t.utcMonth.offset(new Date(0), x).getTime()]',
    },
  },
  'd3-quadtree': {
    packages: d3('quadtree', 'polygon'),
    imports: "import * as q from 'd3-quadtree'; import * as p from 'd3-polygon';",
    functions: {
      finds: 'q.quadtree([[1, 2], [3, x], [5, 5], [x, x]]).find(4, x)',
      removes: 'q.quadtree([[1, 2], [3, x]]).remove([9, 9]).size()',
      hulls: 'p.polygonHull([[0, 0], [1, x], [5, 5], [2, 2], [x, 0]])',
      areas: 'p.polygonArea([[0, 0], [1, x], [5, 5]])',
    },
  },
  'd3-delaunay': {
    packages: { ...d3('delaunay'), delaunator: ['', 'index.js'], 'robust-predicates': ['', 'index.js'] },
    imports: "import { Delaunay } from 'd3-delaunay';",
    functions: {
      cells: 'Delaunay.from([[0, 0], [1, x], [5, 5], [x, 1], [2, 3]]).voronoi([0, 0, 9, 9]).render()',
      triangles: '[...Delaunay.from([[0, 0], [1, x], [5, 5], [x, 1]]).triangles]',
      near: 'Delaunay.from([[0, 0], [1, x], [5, 5], [x, 1]]).find(3, 3)',
    },
  },
  'd3-contour': {
    packages: { ...d3('contour', 'array'), ...internmap },
    imports: "import * as c from 'd3-contour';",
    functions: {
      rings:
        'c.contours().size([3, 3]).thresholds([1, 2])([0, 1, 2, x, 3, 1, 0, 2, x]).map((r) => r.coordinates)',
    },
  },
  'd3-chord': {
    packages: { ...d3('chord', 'path') },
    imports: "import * as c from 'd3-chord';",
    functions: {
      chords: 'c.chord().padAngle(0.1)([[1, x], [3, 4]]).map((d) => [d.source, d.target])',
      ribbons:
        'c.ribbon().radius(x)({ source: { startAngle: 0, endAngle: 1 }, target: { startAngle: 2, endAngle: 3 } })',
    },
  },
  'd3-random': {
    packages: d3('random'),
    imports: "import * as r from 'd3-random';",
    functions: {
      normal:
        '(() => { const n = r.randomNormal.source(r.randomLcg(x / 9))(2, 3); return [n(), n(), n()] })()',
      others:
        '[r.randomBeta.source(r.randomLcg(x / 9))(2, 3)(), r.randomPoisson.source(r.randomLcg(0.4))(x)()]',
    },
  },
  'ml-matrix': {
    packages: {
      'ml-matrix': ['src', 'src/index.js'],
      'is-any-array': ['lib', 'lib/index.js', 'ml-matrix/node_modules/is-any-array'],
    },
    imports: "import * as m from 'ml-matrix';",
    functions: {
      products: 'new m.Matrix([[1, x], [3, 4]]).mmul(new m.Matrix([[x, 2], [1, 5]])).to2DArray()',
      sums: 'new m.Matrix([[1, x], [3, 4]]).add(2).mul(3).sqrt().to2DArray()',
      solved: 'm.solve(new m.Matrix([[2, x], [1, 5]]), new m.Matrix([[1], [2]])).to2DArray()',
      inverses: 'm.inverse(new m.Matrix([[x, 2], [1, 5]])).to2DArray()',
      evd: 'new m.EigenvalueDecomposition(new m.Matrix([[2, x], [x, 5]])).realEigenvalues',
      svd: 'new m.SingularValueDecomposition(new m.Matrix([[2, x], [1, 5], [3, 3]])).diagonal',
      views: 'new m.Matrix([[1, x, 3], [4, 5, 6]]).transpose().subMatrix(0, 1, 0, 1).to2DArray()',
    },
  },
  three: {
    packages: { three: ['src', 'src/math/Vector3.js'] },
    imports:
      "import { Vector3 } from 'three'; import { Quaternion } from 'three/src/math/Quaternion.js'; import { Matrix4 } from 'three/src/math/Matrix4.js'; import { Euler } from 'three/src/math/Euler.js'; import { Color } from 'three/src/math/Color.js'; import { Box3 } from 'three/src/math/Box3.js';",
    functions: {
      vectors: 'new Vector3(1, x, 3).cross(new Vector3(x, 2, 1)).normalize().toArray()',
      rotated:
        'new Vector3(1, x, 3).applyQuaternion(new Quaternion().setFromEuler(new Euler(x, 1, 2))).toArray()',
      matrices: 'new Matrix4().makeRotationX(x).multiply(new Matrix4().makeTranslation(1, x, 2)).toArray()',
      colors: 'new Color().setHSL(x / 20, 0.5, 0.4).getHex()',
      boxes:
        'new Box3(new Vector3(0, 0, 0), new Vector3(x, 2, 3)).expandByScalar(2).getSize(new Vector3()).toArray()',
    },
  },
  'pure-rand': {
    packages: { 'pure-rand': ['lib', 'lib/esm/generator/xoroshiro128plus.js'] },
    imports: "import { xoroshiro128plus } from 'pure-rand';",
    functions: {
      numbers: '(() => { const g = xoroshiro128plus(x); return [g.next(), g.next(), g.next()] })()',
    },
  },
  ohash: {
    packages: {
      'ohash/crypto': ['', 'index.mjs', 'ohash/dist/crypto/js'],
      ohash: ['dist', 'dist/index.mjs'],
    },
    imports: "import { hash, serialize } from 'ohash';",
    functions: {
      hashes: 'hash({ a: [x, new Date(5)], b: new Map([[1, x]]) })',
      texts: 'serialize({ z: x, a: new Set([1, x]), n: null })',
    },
  },
  flatted: {
    packages: { flatted: ['esm', 'esm/index.js'] },
    imports: "import { parse, stringify } from 'flatted';",
    functions: { texts: 'stringify({ a: [x, { b: x }] })', back: 'parse(stringify([{ a: x }, x]))' },
  },
  'umap-js': {
    packages: {
      'umap-js': ['src', 'src/index.ts'],
      'ml-levenberg-marquardt': ['src', 'src/index.js'],
    },
    imports: "import { UMAP } from 'umap-js';",
    functions: {
      layout:
        '(() => { let s = x; const random = () => (s = (s * 16807) % 2147483647) / 2147483647; return new UMAP({ random, nNeighbors: 3, nEpochs: 5 }).fit([[1, 2], [2, x], [3, 1], [5, 5], [9, 2], [4, 4]]) })()',
    },
  },
};
