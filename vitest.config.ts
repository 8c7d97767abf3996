import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserInstanceOption, BrowserProviderOption } from 'vitest/node';
import { type BrowserName, browserTypes, findBrowser, hasWebKitGtk } from './scripts/browsers.ts';
import { compileSvelte } from './scripts/compile-svelte.ts';
import { lowerDecorators } from './scripts/lower-decorators.ts';
import { fileSystemFeatures, webkitgtk } from './scripts/webkitgtk.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One persistent profile per engine: in an off-the-record context OPFS is another, slower implementation. */
function instance(browser: BrowserName) {
  const launchOptions = findBrowser(browser);
  if (!launchOptions) return [];
  return [
    {
      browser,
      provider: playwright({ launchOptions, persistentContext: here(`.profiles/vitest-${browser}`) }),
    },
  ];
}

const engines = (process.env.KEEPSAKE_ENGINES ?? 'chromium').split(',');

interface BrowserProject {
  readonly name: string;
  /** All instances of a project have one kind of it. */
  readonly provider: BrowserProviderOption;
  readonly instances: BrowserInstanceOption[];
}

const driven: BrowserProject = {
  name: 'browser',
  provider: playwright(),
  instances: engines.filter((name): name is BrowserName => name in browserTypes).flatMap(instance),
};

/** WebKitGTK twice: with its file system, which is off by default, and as it comes. */
const webKitGtk: BrowserProject = {
  name: 'browser-webkitgtk',
  provider: webkitgtk({ features: [] }),
  instances: [
    { browser: 'webkit', name: 'webkitgtk', provider: webkitgtk({ features: fileSystemFeatures }) },
    { browser: 'webkit', name: 'webkitgtk without files', provider: webkitgtk({ features: [] }) },
  ],
};

const hasWebKit = engines.includes('webkitgtk') && hasWebKitGtk();
const browsers = [driven, ...(hasWebKit ? [webKitGtk] : [])].filter(({ instances }) => instances.length > 0);

/** Another Vite than the installed one, for the tests of the build plugin: see scripts/scenarios.ts. */
const otherVite = process.env.KEEPSAKE_VITE;

export default defineConfig({
  resolve: { alias: { keepsake: here('src/index.ts'), ...(otherVite && { vite: otherVite }) } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['{src,scripts,demo,bench}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/fixtures/**'],
          testTimeout: 120_000,
        },
      },
      ...browsers.map(({ name, ...browser }) => ({
        extends: true as const,
        plugins: [lowerDecorators(/decorators(?:\.browser\.test)?\.ts$/), compileSvelte()],
        optimizeDeps: {
          include: [
            'idb',
            'hash-wasm',
            'hash-wasm/dist/sha256.umd.min.js',
            'fast-check',
            'd3',
            'graphology',
            'immutable',
            'luxon',
            'mobx',
            'react',
            'react-dom/client',
            'svelte',
            'svelte/internal/client',
            'svelte/internal/disclose-version',
            'svelte/internal/flags/legacy',
            'svelte/reactivity',
            'temporal-polyfill',
            'three',
            'vue',
            'zod',
          ],
        },
        test: {
          name,
          include: ['src/**/*.browser.test.ts'],
          globalSetup: [here('src/testing/elsewhere/setup.ts')],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A window of a busy machine takes its time.
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            connectTimeout: 180_000,
            ...browser,
          },
        },
      })),
    ],
  },
});
