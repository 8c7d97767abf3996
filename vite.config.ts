import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { demoData } from './scripts/demo-data.ts';
import { keepsake } from './src/plugin/vite.ts';

/** The policy the built demo runs under. WebAssembly is allowed for the faster digests; keepsake also works without it. */
const demoPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  // The scene with two tabs has them in frames.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  // Lit makes its templates, which are constants, by a policy of this name.
  'trusted-types default lit-html',
].join('; ');

/** Writes the policy into the built page only: in development Vite itself adds styles inline. */
const contentSecurityPolicy = (): Plugin => ({
  name: 'keepsake-demo-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: demoPolicy },
      injectTo: 'head-prepend',
    },
  ],
});

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// `npm start` opens the page; Vite asks this variable in which browser, and nobody watches one in CI.
if (process.env.CI) process.env.BROWSER ??= 'none';

/** The demo: `vite` serves it, `vite build` writes it to demo-dist/ as a static site for any path. */
const demo = (): UserConfig => ({
  base: './',
  plugins: [keepsake(), demoData(), contentSecurityPolicy()],
  // The demo imports `keepsake` by name, as a user's page does.
  resolve: {
    alias: [
      { find: /^keepsake$/, replacement: here('src/index.ts') },
      { find: /^keepsake\/inspector$/, replacement: here('src/inspector/inspector.ts') },
      { find: /^keepsake\/warm$/, replacement: here('src/warm/warm.ts') },
    ],
  },
  worker: { format: 'es' },
  // Packages that are found late may have the development server reload the page that asked for them. Other pages of this
  // folder belong to tests, and to tools that are not installed here.
  optimizeDeps: {
    include: ['idb', 'hash-wasm', 'umap-js', 'lit', 'lit/directive.js', '@tanstack/virtual-core'],
    entries: ['index.html', 'tab.html'],
  },
  server: { port: 5173, strictPort: true },
  preview: { port: 5173, strictPort: true },
  build: {
    outDir: 'demo-dist',
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: { input: ['index.html', 'tab.html'].map(here) },
  },
});

export default defineConfig(() => demo());
