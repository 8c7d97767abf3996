import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { type BrowserName, findBrowser } from './scripts/browsers.ts';
import { lowerDecorators } from './scripts/lower-decorators.ts';

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

const engines = (process.env.KEEPSAKE_ENGINES ?? 'chromium').split(',') as BrowserName[];

export default defineConfig({
  resolve: { alias: { keepsake: here('src/index.ts') } },
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
      {
        extends: true,
        plugins: [lowerDecorators(/decorators\.browser\.test\.ts$/)],
        optimizeDeps: { include: ['idb', 'hash-wasm', 'fast-check'] },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright(),
            instances: engines.flatMap(instance),
          },
        },
      },
    ],
  },
});
