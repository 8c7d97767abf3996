/** A large stream in a real browser: memory of the page while it is stored and read again, the first chunk of a hit beside a raw read, and what one leaves that is given up. `--mib 512` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { watchMemory } from '../bench/resident-memory.ts';
import type { Streams } from '../e2e/pages/streams.ts';
import { getBrowser } from './browsers.ts';

const { values } = parseArgs({ options: { mib: { type: 'string', default: '512' } } });
const mib = Number(values.mib);
const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5295);
const server = await createServer({
  configFile: 'e2e/pages/vite.config.ts',
  server: { port },
  logLevel: 'warn',
});
await server.listen();
const profile = mkdtempSync(join(tmpdir(), 'keepsake-streams-'));

/** Calls one of the page's functions. */
const call = <Name extends keyof Streams>(page: Page, name: Name, ...args: Parameters<Streams[Name]>) =>
  page.evaluate(`streams.${name}(...${JSON.stringify(args)})`) as ReturnType<Streams[Name]>; // the page has these

async function open(): Promise<{ context: BrowserContext; page: Page }> {
  const found = getBrowser('chromium');
  const args = [...found.args, '--js-flags=--expose-gc'];
  const context = await chromium.launchPersistentContext(profile, { ...found, args, headless: true });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`http://localhost:${port}/e2e/pages/streams.html`);
  await page.waitForFunction(() => document.title === 'ready');
  await call(page, 'read', 1); // everything is loaded
  await page.evaluate('gc()');
  return { context, page };
}

/** Growth in MiB of the page process that grew most. */
async function growth<T>(page: Page, work: () => Promise<T>): Promise<{ value: T; grownMib: number }> {
  await page.evaluate('gc()');
  const watch = watchMemory();
  const value = await work();
  return { value, grownMib: Math.round((watch.peakGrowthBytes() ?? Number.NaN) / 2 ** 20) };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

try {
  const first = await open();
  const plain = await growth(first.page, () => call(first.page, 'read', mib, mib, true));
  console.log(
    `read without keeping it in ${Math.round(plain.value.ms)} ms: the page grew by ${plain.grownMib} MiB`,
  );
  const stored = await growth(first.page, async () => {
    const found = await call(first.page, 'read', mib);
    await call(first.page, 'flush');
    return found;
  });
  console.log(
    `stored ${mib} MiB in ${Math.round(stored.value.ms)} ms: the page grew by ${stored.grownMib} MiB`,
  );
  await call(first.page, 'writeFile', mib);
  await first.context.close();

  const { context, page } = await open();
  const replayed = await growth(page, () => call(page, 'read', mib));
  console.log(
    `read it again in ${Math.round(replayed.value.ms)} ms: the page grew by ${replayed.grownMib} MiB, equal: ${replayed.value.sum === stored.value.sum}`,
  );
  const hits: number[] = [];
  const raw: number[] = [];
  for (let round = 0; round < 15; round++) {
    hits.push((await call(page, 'read', mib, 1 / 16)).firstMs);
    raw.push(await call(page, 'readFile'));
  }
  console.log(
    `first chunk: ${median(hits).toFixed(2)} ms, of a raw file ${median(raw).toFixed(2)} ms (medians of 15)`,
  );
  const before = await call(page, 'left');
  await call(page, 'read', mib + 1, mib / 4);
  const after = await call(page, 'left');
  console.log(
    `given up after ${mib / 4} MiB: ${after.entries - before.entries} entries and ${after.fileBytes - before.fileBytes} bytes are left`,
  );
  await context.close();
} finally {
  await server.close();
  rmSync(profile, { recursive: true, force: true });
}
