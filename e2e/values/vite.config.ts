import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page that tries the values: keepsake from its source, the libraries from this folder's own packages. */
export default defineConfig({
  root: here('.'),
  base: './',
  resolve: {
    alias: [
      { find: /^keepsake$/, replacement: here('../../src/index.ts') },
      { find: /^keepsake\/codecs$/, replacement: here('../../src/codecs/codecs.ts') },
    ],
  },
  worker: { format: 'es' },
  server: { fs: { allow: [here('../..')] } },
  build: {
    outDir: here('../../reports/values-page'),
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 20_000,
  },
});
