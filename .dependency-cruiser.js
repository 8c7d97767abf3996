// Rooms from bottom to top: a room may use its own files and the doors of lower layers.
const layers = [
  ['chunks'],
  ['errors', 'bytes', 'deferred', 'events', 'fingerprint', 'digest', 'warm-protocol'],
  ['values', 'pack-format'],
  ['keys', 'codec', 'catalog', 'blobs', 'locks'],
  ['arrays', 'eviction'],
  ['options'],
  ['store'],
  ['mapped', 'upkeep', 'portable'],
  ['packs', 'remote'],
  ['calls', 'elsewhere'],
  ['memory'],
  ['inspector', 'codecs', 'testing-kit', 'frameworks', 'warm'],
];

const inside = (rooms) => `^src/(${rooms.join('|')})/`;

const downwardOnly = layers.flatMap((rooms, level) =>
  rooms.map((room) => ({
    name: `${room}-imports-only-lower-layers`,
    severity: 'error',
    from: { path: inside([room]), pathNot: '\\.test\\.ts$' },
    to: { path: inside(layers.slice(level).flat()), pathNot: inside([room]) },
  })),
);

const only = (name, from, to) => ({ name, severity: 'error', from, to });
const test = '\\.test\\.ts$';

export default {
  forbidden: [
    ...downwardOnly,
    // What is fetched later knows what it was fetched by.
    only('no-cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } }),
    only(
      'layer-0-imports-nothing-in-src',
      {
        path: inside(['chunks', 'errors', 'bytes', 'deferred', 'fingerprint', 'warm-protocol']),
        pathNot: test,
      },
      { path: '^src/', pathNot: inside(['chunks', 'errors', 'bytes', 'deferred', 'fingerprint']) },
    ),
    only(
      'enter-a-room-by-its-door',
      // These put failing files below the storage worker, and look at what it leaves.
      {
        path: '^src/([^/]+)/',
        pathNot: [
          test,
          // Programs that are built by the plugin, run, and asked for their keys.
          '^src/testing/(forms|real-packages)/',
          '^src/testing/(soak/audit|faults/faulty-files|faults/faulty-storage|blob-stores/port-storage)\\.ts$',
        ],
      },
      { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/([^/]+)/\\1\\.ts$'] },
    ),
    only(
      'index-enters-by-memory-arrays-and-doors',
      { path: '^src/index\\.ts$' },
      { path: '^src/[^/]+/', pathNot: ['^src/([^/]+)/\\1\\.ts$', '^src/(memory|arrays)/'] },
    ),
    only(
      'worker-knows-only-its-protocol',
      { path: '^src/blobs/worker/', pathNot: test },
      {
        path: '^src/',
        pathNot: [
          '^src/blobs/worker/',
          '^src/blobs/(protocol|folders|read-range|segment-files|segment-record)\\.ts$',
          '^src/(errors|bytes|deferred|digest)/',
        ],
      },
    ),
    // A dedicated worker stores in its own thread: in-thread.ts loads the same operations there, dynamically.
    only(
      'nobody-imports-the-worker',
      { path: '^src/', pathNot: ['^src/blobs/worker/', '^src/blobs/in-thread\\.ts$', test, '^src/testing/'] },
      { path: '^src/blobs/worker/', dependencyTypesNot: ['type-only'] },
    ),
    only(
      'idb-only-in-catalog',
      { path: '^src/', pathNot: ['^src/catalog/', test] },
      { path: 'node_modules/idb/' },
    ),
    only(
      'hash-wasm-only-in-digest',
      { path: '^src/', pathNot: ['^src/digest/', test] },
      { path: 'node_modules/hash-wasm/' },
    ),
    only(
      'plugin-stays-in-node',
      { path: '^src/plugin/' },
      { path: '^src/', pathNot: '^src/(plugin|fingerprint|errors|pack-format|warm-protocol)/' },
    ),
    only(
      'nobody-imports-the-plugin',
      { path: '^src/', pathNot: '^src/(plugin|testing)/' },
      { path: '^src/plugin/' },
    ),
    only(
      'testing-is-for-tests',
      { path: '^(src|demo)/', pathNot: [test, '^src/testing/'] },
      { path: '^src/testing/' },
    ),
    only(
      'demo-uses-public-entries',
      { path: '^demo/' },
      { path: '^src/', pathNot: '^src/(index|inspector/inspector|plugin/index)\\.ts$' },
    ),
    only('e2e-knows-no-source', { path: '^e2e/', pathNot: '^e2e/pages/' }, { path: '^(src|demo)/' }),
    // Its packages are installed when it is run.
    only(
      'no-unresolved',
      { pathNot: '^e2e/values/' },
      { couldNotResolve: true, pathNot: ['^virtual:', '\\?', '^keepsake$', '^keepsake/(inspector|warm)$'] },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/fixtures/', '^e2e/consumers/(tools|types|testing)/', '\\?'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default'] },
  },
};
