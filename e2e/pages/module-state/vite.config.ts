/** A page whose functions read state of modules, built with the plugin. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { keepsake } from '../../../src/plugin/vite.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [keepsake({ root: here('.'), cacheDir: false, manifest: false })],
  resolve: { alias: [{ find: /^keepsake$/, replacement: here('../../../src/index.ts') }] },
  build: { target: 'es2022' },
  logLevel: 'error',
});
