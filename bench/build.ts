/** Builds the library as it is shipped, and the bench's page on top of it, as a user's bundler would. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Inside the project, so that the library finds its packages.
const library = here('../reports/bench-build/library');
const pages = here('../reports/bench-build/pages');

/** The folder of the built page. */
export async function buildPages(): Promise<string> {
  for (const mode of ['production', 'worker']) {
    await build({
      configFile: here('../vite.lib.config.ts'),
      mode,
      logLevel: 'error',
      build: { outDir: library, emptyOutDir: mode === 'production' },
    });
  }
  await build({
    configFile: false,
    root: here('page'),
    logLevel: 'error',
    resolve: {
      alias: [
        { find: /^keepsake$/, replacement: `${library}/index.js` },
        { find: /^keepsake\/storage-worker\.js$/, replacement: `${library}/keepsake/storage-worker.js` },
      ],
    },
    worker: { format: 'es' },
    build: { outDir: pages, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4096 },
  });
  return pages;
}
