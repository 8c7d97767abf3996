import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

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

/** `--mode size` bundles and minifies everything, to weigh it. The page's modules leave their packages to the user's bundler; the worker (`--mode worker`) carries its own. */
export default defineConfig(({ mode }) => {
  const isSize = mode === 'size';
  const isWorker = mode === 'worker';
  const index = { index: here('src/index.ts') };
  const worker = { 'keepsake/storage-worker': here('src/blobs/worker/main.ts') };
  const entry = isWorker ? worker : index;
  return {
    base: './',
    publicDir: false,
    plugins: [workerAsEntry],
    build: {
      outDir: isSize ? 'reports/size' : 'dist',
      emptyOutDir: !isWorker,
      target: 'es2022',
      sourcemap: !isSize,
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        external: isWorker || isSize ? [] : ['idb', 'hash-wasm'],
        // One file each: users' workers are built as one script.
        output: { codeSplitting: false, minify: isSize },
      },
    },
  };
});
