import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { partsOf } from './vite.parts.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Leaves `new Worker(new URL('keepsake/storage-worker.js', import.meta.url))` in the output. The worker is a file of its
 * own, so that strict content policies can allow it, and its URL is right in both readings: as a path it is the file
 * beside this one, which browsers, webpack and Parcel take; as a name it is an entry of this package, which Vite finds
 * from where it keeps its copies of dependencies, too.
 */
const workerAsEntry: Plugin = {
  name: 'worker-as-entry',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/blobs/client.ts')) return undefined;
    // Within one line: the map of lines stays right.
    return {
      code: code.replace("'./worker/main.ts'", "/* @vite-ignore */ 'keepsake/storage-worker.js'"),
      map: null,
    };
  },
  renderChunk(code) {
    return { code: code.replace(/\/\*\s*@vite-ignore\s*\*\/\s*/g, ''), map: null };
  },
};

const codecs = ['arrow', 'codecs', 'd3', 'dates', 'graph', 'ndarray', 'numbers', 'tensor', 'three', 'web'];
const entries = {
  index: { index: here('src/index.ts') },
  // For tools that make one script of a worker, and for service workers, which may not import().
  single: { single: here('src/single.ts') },
  worker: { 'keepsake/storage-worker': here('src/blobs/worker/main.ts') },
  codecs: Object.fromEntries(codecs.map((name) => [`codecs/${name}`, here(`src/codecs/${name}.ts`)])),
  inspector: { inspector: here('src/inspector/inspector.ts') },
  // What has the library, and a framework, for types only or as a peer.
  beside: {
    testing: here('src/testing-kit/testing-kit.ts'),
    warm: here('src/warm/warm.ts'),
    react: here('src/frameworks/react.ts'),
    vue: here('src/frameworks/vue.ts'),
    svelte: here('src/frameworks/svelte.ts'),
  },
};

/**
 * `--mode size`, `--mode codecs-size` and `--mode inspector-size` bundle and minify everything, to weigh it. The page's modules leave their
 * packages to the user's bundler; the worker (`--mode worker`) and the inspector (`--mode inspector`) carry their own. Codecs (`--mode codecs`) import nothing.
 */
export default defineConfig(async ({ mode }): Promise<UserConfig> => {
  const isSize = mode.endsWith('size');
  const isWorker = mode === 'worker';
  const isBeside = mode === 'beside';
  const isSingle = mode === 'single';
  const isCodecs = mode.startsWith('codecs');
  const isInspector = mode.startsWith('inspector');
  const one = isWorker
    ? 'worker'
    : isCodecs
      ? 'codecs'
      : isInspector
        ? 'inspector'
        : isSingle
          ? 'single'
          : 'index';
  const entry = isBeside ? entries.beside : entries[one];
  // The inspector looks at the memories of the page's own library.
  const external = isInspector
    ? ['keepsake']
    : isWorker || isSize
      ? []
      : ['idb', 'hash-wasm', 'react', 'vue', /^svelte/];
  const partOf = entry === entries.index ? await partsOf(here('src/index.ts'), external) : undefined;
  return {
    base: './',
    publicDir: false,
    plugins: [workerAsEntry],
    build: {
      outDir: isSize ? 'reports/size' : 'dist',
      emptyOutDir: entry === entries.index,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        external,
        ...(partOf && { preserveEntrySignatures: 'allow-extension' as const }),
        // Codecs share what looks at objects. The storage worker's URL is beside each part, as it is beside the entry.
        output: {
          codeSplitting: partOf
            ? { groups: [{ debugName: 'parts', name: partOf }], includeDependenciesRecursively: false }
            : isCodecs || isBeside,
          chunkFileNames: isCodecs ? 'codecs/[name].js' : partOf ? 'part-[name].js' : '[name].js',
          minify: isSize || isInspector,
        },
      },
    },
  };
});
