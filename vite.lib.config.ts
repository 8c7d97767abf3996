import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Leaves `new Worker(new URL('./storage-worker.js', import.meta.url))` in the output, the form that every bundler knows:
 * the worker is an entry of its own, so that strict content policies can allow it.
 */
const workerAsEntry: Plugin = {
  name: 'worker-as-entry',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/blobs/client.ts')) return undefined;
    return code.replace("'./worker/main.ts'", "/* @vite-ignore */ './storage-worker.js'");
  },
  renderChunk(code) {
    return code.replace(/\/\*\s*@vite-ignore\s*\*\/\s*/g, '');
  },
};

/** The page's modules leave their packages to the user's bundler; the worker (`--mode worker`) carries its own. */
export default defineConfig(({ mode }) => {
  const isWorker = mode === 'worker';
  const entry = isWorker
    ? { 'storage-worker': here('src/blobs/worker/main.ts') }
    : { index: here('src/index.ts') };
  return {
    base: './',
    publicDir: false,
    plugins: [workerAsEntry],
    build: {
      outDir: 'dist',
      emptyOutDir: !isWorker,
      target: 'es2022',
      minify: false,
      sourcemap: true,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external: isWorker ? [] : ['idb', 'hash-wasm'] },
    },
  };
});
