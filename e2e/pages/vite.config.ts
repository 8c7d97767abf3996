/** Serves the pages that specs drive: without the build plugin, and under a content policy where a spec asks for one. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { blocksOf, runnableExamples } from '../../scripts/docs.ts';
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

const EXAMPLES = '/examples.ts';
const exampleFile = /^\/example\/(.*)\.ts$/;

/** Every example of README and docs/ that is a whole program: a module each, and one that names them all. */
const examples: Plugin = {
  name: 'examples',
  resolveId: (source) => (source === EXAMPLES || exampleFile.test(source) ? source : undefined),
  load(id) {
    const all = runnableExamples();
    const [, name] = exampleFile.exec(id) ?? [];
    if (name) return `${all.get(name)}\nexport {};\n`;
    if (id !== EXAMPLES) return undefined;
    const entries = [...all.keys()].map(
      (each) => `${JSON.stringify(each)}: () => import('/example/${each}.ts')`,
    );
    return `export const examples = { ${entries.join(', ')} };`;
  },
};

export default defineConfig({
  root: here('../..'),
  cacheDir: here('../../node_modules/.vite-pages'),
  plugins: [policyByCookie, firstExample, examples],
  resolve: {
    alias: [
      { find: /^keepsake$/, replacement: here('../../src/index.ts') },
      { find: /^keepsake\/(react|vue|svelte)$/, replacement: here('../../src/frameworks/$1.ts') },
      { find: 'keepsake/inspector', replacement: here('../../src/inspector/inspector.ts') },
      { find: 'keepsake/testing', replacement: here('../../src/testing-kit/testing-kit.ts') },
    ],
  },
  // Found later, a package would reload the page under the spec.
  optimizeDeps: {
    include: ['idb', 'hash-wasm', 'react', 'vue', '@tanstack/virtual-core', 'lit', 'lit/directive.js'],
    entries: ['e2e/pages/*.html'],
  },
  // A sandboxed frame is of another origin than its own scripts.
  server: { port: pagesPort, strictPort: true, hmr: false, watch: null, cors: true },
});
