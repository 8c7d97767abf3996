/**
 * The inspector on a memory of 100,000 entries in a real browser: when its list is painted, and the longest task while it
 * is scrolled, sorted, filtered and followed; then what it reads of an array of 1 GiB. `npm run inspector-load`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { getBrowser } from './browsers.ts';

const entryCount = Number(process.argv[2] ?? 100_000);
/** Of float32. */
const hugeLength = 2 ** 28;
/** Tasks are watched for so long after each deed: the list follows within a quarter of a second. */
const watchedMs = 3_000;

const configFile = fileURLToPath(new URL('../e2e/pages/vite.config.ts', import.meta.url));
const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183) + 3;
const url = `http://localhost:${port}/e2e/pages/inspector.html`;

async function visit(page: Page): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'inspected' in window);
}

/** Writes copies of one entry's records, each with a key and figures of its own: the library would take minutes. */
const fill = (page: Page, count: number): Promise<void> =>
  page.evaluate(async (copies) => {
    const { many, memory } = window.inspected;
    await many(0);
    await memory.flush();
    const [entry] = await Array.fromAsync(memory.entries());
    const key = entry?.key ?? '';
    await memory.close();
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await done(indexedDB.open('keepsake/inspected'));
    const names = [...db.objectStoreNames];
    const found = await Promise.all(
      names.map(async (name) => {
        const records = await done(db.transaction(name).objectStore(name).getAll());
        return { name, record: records.find((each: { key?: string }) => each.key === key) };
      }),
    );
    const ofEntry = found.filter(({ record }) => record !== undefined);
    const put = (from: number, to: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const transaction = db.transaction(
          ofEntry.map(({ name }) => name),
          'readwrite',
        );
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
        for (let at = from; at < to; at++) {
          const own = at.toString(16).padStart(key.length, '0');
          for (const { name, record } of ofEntry) {
            const copy = structuredClone(record);
            copy.key = own;
            if ('argumentsPreview' in copy)
              Object.assign(copy, {
                argumentsPreview: `(${at})`,
                sizeBytes: (at * 7_919) % 100_003,
                computeMs: (at * 104_729) % 10_007,
                lastUsedAt: copy.lastUsedAt - at * 1_000,
                createdAt: copy.createdAt - at * 1_000,
              });
            transaction.objectStore(name).put(copy);
          }
        }
      });
    for (let at = 1; at < copies; at += 5_000) await put(at, Math.min(copies, at + 5_000));
    db.close();
  }, count);

/** Opens a panel of its own: milliseconds until rows are on the screen, and until all entries are read. */
const open = (page: Page): Promise<{ painted: number; read: number }> =>
  page.evaluate(async () => {
    const old = document.querySelector('keepsake-inspector');
    const panel = document.createElement('keepsake-inspector');
    panel.memory = window.inspected.memory;
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    const until = async (isSo: (root: ShadowRoot) => boolean): Promise<number> => {
      while (!panel.shadowRoot || !isSo(panel.shadowRoot)) await frame();
      await frame();
      return performance.now() - start;
    };
    const start = performance.now();
    old?.replaceWith(panel);
    const painted = await until((root) => root.querySelector('.row') !== null);
    const read = await until((root) => !root.querySelector('.status')?.textContent?.includes('reading'));
    return { painted, read };
  });

/** The longest task from here on; 0 where none is as long as 50 ms, which is where browsers begin to tell. */
async function longestTask(page: Page, deed: () => Promise<unknown>): Promise<string> {
  await page.evaluate(() => {
    const longest = { ms: 0 };
    Object.assign(window, { longest });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
    }).observe({ type: 'longtask' });
  });
  await deed();
  await page.waitForTimeout(watchedMs);
  const ms = await page.evaluate(() => (window as unknown as { longest: { ms: number } }).longest.ms);
  return ms === 0 ? 'none of 50 ms' : `${Math.round(ms)} ms`;
}

const scroll = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const scroller = document.querySelector('keepsake-inspector')?.shadowRoot?.querySelector('.scroller');
    for (let step = 1; scroller && step <= 120; step++) {
      scroller.scrollTop = step < 60 ? step * 90 : (scroller.scrollHeight * (step - 60)) / 60;
      await new Promise(requestAnimationFrame);
    }
  });

const deeds: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  scrolling: scroll,
  'sorting by size': (page) => page.getByRole('button', { name: 'Size', exact: true }).click(),
  'filtering by text': (page) => page.getByRole('searchbox').fill('99'),
  'showing all again': (page) => page.getByRole('searchbox').fill(''),
  grouping: (page) => page.getByRole('button', { name: 'By function' }).click(),
  'no groups': (page) => page.getByRole('button', { name: 'By function' }).click(),
  'a hit': (page) => page.evaluate(() => window.inspected.many(0)),
  'a store': (page) => page.evaluate(() => window.inspected.many(-1)),
  'a delete': (page) => page.evaluate(() => window.inspected.many.delete(-1)),
};

async function preview(page: Page): Promise<void> {
  await page.evaluate(async (length) => {
    const { huge, memory } = window.inspected;
    await huge(length);
    await memory.flush();
  }, hugeLength);
  await visit(page);
  await page.getByRole('searchbox').fill('huge');
  await page.getByRole('row', { name: 'huge' }).click();
  const bytes = page.getByRole('region', { name: 'Entry' }).getByLabel('Bytes read');
  console.log(`a preview of 1 GiB: ${await bytes.innerText()}`);
}

async function run(page: Page): Promise<void> {
  page.setDefaultTimeout(300_000);
  await visit(page);
  await fill(page, entryCount);
  await visit(page);
  const count = await page.evaluate(() => window.inspected.memory.entries().count());
  // count() goes by the totals, which know nothing of copies.
  console.log(
    `${entryCount} entries, ${count} in the totals; load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
  );
  let times = { painted: 0, read: 0 };
  const opening = await longestTask(page, async () => {
    times = await open(page);
  });
  console.log(`painted after ${Math.round(times.painted)} ms, all read after ${Math.round(times.read)} ms`);
  console.log(`longest task while it opens: ${opening}`);
  for (const [name, deed] of Object.entries(deeds))
    console.log(`longest task, ${name}: ${await longestTask(page, () => deed(page))}`);
  await preview(page);
}

const server = await createServer({ configFile, logLevel: 'error', server: { port, strictPort: true } });
await server.listen();
const profile = mkdtempSync(join(tmpdir(), 'keepsake-inspector-load-'));
const context = await chromium.launchPersistentContext(profile, getBrowser('chromium'));
try {
  await run(await context.newPage());
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
