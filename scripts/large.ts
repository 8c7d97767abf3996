/**
 * Results of some GiB in real browsers: stored, hit and sliced, with times and peak memory of the page's process.
 * `npm run large -- --browser chromium,firefox`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, firefox, type Page } from 'playwright';
import { createServer } from 'vite';
import { watchMemory } from '../bench/resident-memory.ts';
import type { Outcome } from '../e2e/pages/large.ts';
import { type BrowserName, getBrowser } from './browsers.ts';

const GIB = 2 ** 30;
const results: Record<string, readonly number[]> = {
  '1.9 GiB': [1.9 * GIB - ((1.9 * GIB) % 8)],
  '3 GiB of two arrays': [1.5 * GIB, 1.5 * GIB],
  '2 GiB less 64 KiB': [2 * GIB - 65_536],
  '2.5 GiB': [2.5 * GIB],
};

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium,firefox' },
    results: { type: 'string', default: Object.keys(results).join() },
  },
});

const types = { chromium, firefox };
const configFile = fileURLToPath(new URL('../e2e/pages/vite.config.ts', import.meta.url));
const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183) + 3;
const home = `http://localhost:${port}/e2e/pages/large.html`;

async function visit(page: Page, name: string, sizes: readonly number[]): Promise<void> {
  await page.goto(home);
  await page.waitForFunction(() => 'large' in window);
  const open = ([memory, given]: readonly [string, readonly number[]]): void => {
    window.result = window.large.open(memory, given);
  };
  await page.evaluate(open, [name, sizes] as const);
}

async function measure(browser: BrowserName): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'keepsake-large-'));
  const context = await types[browser].launchPersistentContext(profile, getBrowser(browser));
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  const step = async (what: string, work: () => Promise<Outcome>): Promise<void> => {
    const memory = watchMemory();
    const { ms, how } = await work();
    const peakMib = Math.round((memory.peakGrowthBytes() ?? Number.NaN) / 2 ** 20);
    console.log(`${browser}: ${what}: ${ms} ms, ${peakMib} MiB more at the peak: ${how}`);
  };
  for (const name of values.results.split(',')) {
    const sizes = results[name] ?? [];
    await visit(page, name, sizes);
    await step(`${name}, first call`, () => page.evaluate(() => window.result.whole()));
    await visit(page, name, sizes);
    await step(`${name}, again`, () => page.evaluate(() => window.result.whole()));
    await visit(page, name, sizes);
    await step(`${name}, a slice`, () => page.evaluate(() => window.result.slice()));
    await page.evaluate(() => window.result.close().then(() => window.large.clearOrigin()));
  }
  await context.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

const server = await createServer({ configFile, logLevel: 'error', server: { port, strictPort: true } });
await server.listen();
try {
  for (const name of values.browser.split(',')) await measure(name as BrowserName); // a wrong name says so
} finally {
  await server.close();
}
