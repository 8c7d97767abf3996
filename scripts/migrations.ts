/**
 * Two caches as people write them by hand, and the same with keepsake, in a real Chromium: what the first load of a page
 * takes, which computes and stores, and what later ones do. `npm run migrations -- --nodes 2000000 --image-mib 22`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import type { Step } from '../e2e/pages/migrations.ts';
import { getBrowser } from './browsers.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '18000000' },
    'image-mib': { type: 'string', default: '22' },
    loads: { type: 'string', default: '3' },
  },
});
const scale = { nodes: Number(values.nodes), imageBytes: Number(values['image-mib']) * 2 ** 20 };
const configFile = fileURLToPath(new URL('../e2e/pages/vite.config.ts', import.meta.url));
const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183) + 4;

/** Each load is a page of its own: nothing is left in memory. */
async function load(page: Page, job: 'graph' | 'image'): Promise<Step[]> {
  await page.goto(`http://localhost:${port}/e2e/pages/migrations.html`);
  await page.waitForFunction(() => 'migrations' in window);
  const steps = await page.evaluate(([name, given]) => window.migrations[name](given), [job, scale] as const);
  for (const { what, isRight } of steps) if (!isRight) throw new Error(`${job}, ${what}: a wrong value`);
  return steps;
}

async function measure(page: Page, job: 'graph' | 'image'): Promise<void> {
  const first = await load(page, job);
  const later: Step[][] = [];
  for (let at = 0; at < Number(values.loads); at += 1) later.push(await load(page, job));
  first.forEach(({ what, ms }, index) => {
    const least = Math.min(...later.map((steps) => steps[index]?.ms ?? Number.NaN));
    console.log(
      `${job}, ${what}: first load ${Math.round(ms)} ms, later ${Math.round(least)} ms (least of ${later.length})`,
    );
  });
}

const server = await createServer({ configFile, logLevel: 'error', server: { port, strictPort: true } });
await server.listen();
const profile = mkdtempSync(join(tmpdir(), 'keepsake-migrations-'));
const context = await chromium.launchPersistentContext(profile, getBrowser('chromium'));
try {
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  console.log(`${scale.nodes} nodes, ${scale.imageBytes} bytes of image`);
  await measure(page, 'graph');
  await measure(page, 'image');
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  await server.close();
}
