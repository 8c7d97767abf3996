import { defineConfig } from '@playwright/test';
import { home, labPage, port } from './e2e/support/home.ts';

/**
 * Specs open persistent profiles themselves (e2e/support/profile.ts): no browser is shared, nothing off the record, and
 * two files of them run at once.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['json', { outputFile: 'reports/e2e.json' }]],
  webServer: [
    {
      command: `npm run --silent demo -- --port ${port}`,
      url: home,
      reuseExistingServer: process.env.CI === undefined,
      env: { BROWSER: 'none' },
    },
    {
      command: 'vite -c e2e/pages/vite.config.ts',
      url: labPage,
      reuseExistingServer: process.env.CI === undefined,
      env: { BROWSER: 'none' },
    },
  ],
});
