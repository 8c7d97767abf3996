/** Serves the pages that specs drive: without the build plugin, and under a content policy where a spec asks for one. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { blocksOf } from '../../scripts/docs.ts';
import { pagesPort, policies, policyCookie } from '../support/home.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A cookie names the policy: it goes with documents, scripts and workers alike, and each is held to what it gets. */
const policyByCookie: Plugin = {
  name: 'policy-by-cookie',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const [, name = ''] = new RegExp(`${policyCookie}=([\\w-]+)`).exec(request.headers.cookie ?? '') ?? [];
      const policy = policies[name];
      if (policy) response.setHeader('Content-Security-Policy', policy);
      next();
    });
  },
};

/** The README's first program, as it stands there. */
const firstExample: Plugin = {
  name: 'first-example',
  resolveId: (source) => (source === '/first-example.ts' ? source : undefined),
  load(id) {
    if (id !== '/first-example.ts') return undefined;
    return blocksOf(readFileSync(here('../../README.md'), 'utf8'), 'ts')[0]?.code;
  },
};

export default defineConfig({
  root: here('../..'),
  cacheDir: here('../../node_modules/.vite-pages'),
  plugins: [policyByCookie, firstExample],
  resolve: { alias: [{ find: /^keepsake$/, replacement: here('../../src/index.ts') }] },
  // Found later, a package would reload the page under the spec.
  optimizeDeps: { include: ['idb', 'hash-wasm'], entries: ['e2e/pages/*.html'] },
  // A sandboxed frame is of another origin than its own scripts.
  server: { port: pagesPort, strictPort: true, hmr: false, watch: null, cors: true },
});
