/** The panel as a user drives it: by role and label, by keyboard, with another tab, and with what nobody would expect. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { pagesHome, policyCookie } from './support/home.ts';
import { expect, type Profile, test } from './support/profile.ts';

const url = `${pagesHome}e2e/pages/inspector.html`;

async function openInspector(profile: Profile): Promise<Page> {
  const page = await profile.openPage(url);
  await page.waitForFunction(() => 'inspected' in window);
  return page;
}

/** Results of each kind. */
const fill = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { rows, wave, matrix, report, memory } = window.inspected;
    await Promise.all([rows(200, 'row'), wave(300_000, 0.01), matrix(64), report('A title')]);
    await memory.flush();
  });

const row = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Stored entries' }).getByRole('row', { name });

async function openEntry(page: Page, name: string) {
  await row(page, name).first().click();
  const entry = page.getByRole('region', { name: 'Entry' });
  await expect(entry.getByLabel('Bytes read')).toBeVisible();
  return entry;
}

const views = ['Entries', 'Calls', 'Functions', 'Origin'] as const;

test('each result is shown by what it is, and only what is drawn is read', async ({ profile }) => {
  const page = await openInspector(profile);
  await fill(page);
  const wave = await openEntry(page, 'damped-wave');
  await expect(wave.getByRole('img', { name: /^Line of the values, from -0\.\d+ to / })).toBeVisible();
  await expect(wave.getByLabel('Bytes read')).toHaveText('Read 1.05 MB of 2.4 MB');
  await expect(wave).toContainText('file shared with other results');
  await expect(wave.getByText('Version', { exact: true }).locator('..')).toContainText('3');
  await wave.getByRole('button', { name: 'histogram' }).click();
  await expect(wave.getByRole('img', { name: /^Histogram/ })).toBeVisible();
  const matrix = await openEntry(page, 'distances');
  await expect(matrix.getByRole('img', { name: /^Heat map of the values, from 0 to 89/ })).toBeVisible();
  const table = await openEntry(page, 'table-of-rows');
  await expect(table.getByRole('cell', { name: "'row 49'" })).toBeVisible();
  await table.getByRole('button', { name: 'Later rows' }).click();
  await expect(table.getByRole('cell', { name: "'row 50'" })).toBeVisible();
  const tree = await openEntry(page, 'report');
  await tree.getByRole('button', { name: 'nested' }).click();
  await tree.getByRole('button', { name: 'list: Array' }).click();
  await expect(tree.getByText('float32 [10]')).toBeVisible();
  const download = page.waitForEvent('download');
  await openEntry(page, 'table-of-rows').then((entry) =>
    entry.getByRole('button', { name: 'Download CSV' }).click(),
  );
  expect((await download).suggestedFilename()).toMatch(/^table-of-rows-[0-9a-f]{8}\.csv$/);
});

test('entries are found, sorted, selected, deleted after a question, and cleared by tag', async ({
  profile,
}) => {
  const page = await openInspector(profile);
  await fill(page);
  const shown = page.getByLabel('Entries shown');
  await expect(shown).toContainText('4 entries');
  await page.getByRole('searchbox').fill('WAVE');
  await expect(shown).toContainText('1 of 4 entries');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('button', { name: 'Size' }).click();
  const rows = page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') });
  await expect(rows.first()).toContainText('damped-wave');
  await page.getByRole('button', { name: 'By function' }).click();
  await expect(page.getByRole('gridcell', { name: '1 entry, 2.4 MB' })).toBeVisible();
  await page.getByRole('button', { name: 'By function' }).click();
  // By keyboard alone.
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: /^Delete 1 selected/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Entry' })).toBeVisible();
  await page.getByRole('button', { name: 'Close entry' }).press('Enter');
  await page.getByRole('button', { name: /^Delete 1 selected/ }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delete 1 entry?' });
  await dialog.getByRole('button', { name: 'Keep it' }).press('Enter');
  await expect(shown).toContainText('4 entries');
  await page.getByRole('button', { name: /^Delete 1 selected/ }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(shown).toContainText('3 entries');
  await page.getByRole('tab', { name: 'Entries' }).press('End');
  await page.getByLabel('Tag').selectOption('signals');
  await page.getByRole('button', { name: 'Clear tag' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear tag' }).click();
  await expect(page.getByLabel('What was cleared')).toContainText('Deleted 1 entry');
  await page.getByRole('tab', { name: 'Entries' }).click();
  await expect(shown).toContainText('2 entries');
});

test('an entry is verified by itself, its reference copied as code that works, files are held against the books', async ({
  profile,
}) => {
  const page = await openInspector(profile);
  await (await profile.context()).grantPermissions(['clipboard-read', 'clipboard-write']);
  await fill(page);
  await page.evaluate(async () => {
    const { fickle, memory } = window.inspected;
    await fickle(1);
    await fickle(2);
    await memory.flush();
  });
  const said = page.locator('keepsake-inspector .said');
  const table = await openEntry(page, 'table-of-rows');
  await table.getByRole('button', { name: 'Verify' }).click();
  await expect(said).toContainText('Computed again: it is the same');
  await table.getByRole('button', { name: 'Copy reference' }).click();
  await expect(said).toContainText('on the clipboard, as code');
  const count = await page.evaluate(async () => {
    const code = await navigator.clipboard.readText();
    const [, json = ''] = /^const result = memory\.shelved\(([\s\S]*)\)$/.exec(code) ?? [];
    return (await window.inspected.memory.shelved<unknown[]>(JSON.parse(json)).get()).length;
  });
  expect(count).toBe(200);
  const fickle = await openEntry(page, 'fickle (1)');
  await fickle.getByRole('button', { name: 'Verify' }).click();
  await expect(said).toContainText('It differs at result[1] (not-deterministic): the entry was removed');
  // Only the one that was asked about was looked at: the other, which differs as well, stays.
  await expect(row(page, 'fickle')).toHaveCount(1);
  await page.getByRole('tab', { name: 'Origin' }).click();
  const files = page.getByRole('region', { name: 'Files' });
  await expect(files).toContainText(/Files of many\s*1 file, .* on disk; \d results?, .* in the books/);
  await expect(files).toContainText(/Files of no result\s*none/);
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await (await root.getDirectoryHandle('keepsake')).getDirectoryHandle('inspected');
    await folder.getFileHandle('left-behind', { create: true });
  });
  await page.getByRole('tab', { name: 'Origin' }).click();
  await expect(files).toContainText(/Files of no result\s*1: just being written/);
  const keep = page.getByRole('button', { name: 'Ask the browser to keep it' });
  await keep.click();
  await expect(said).toContainText(/The browser (keeps it|refused)/);
});

test('inspect() prints a memory on the console; findings of a manifest are in the view of functions', async ({
  profile,
}) => {
  const page = await openInspector(profile);
  await fill(page);
  const printed: string[] = [];
  page.on('console', (message) => printed.push(`${message.type()} ${message.text()}`));
  await page.evaluate(() => window.inspected.inspect(window.inspected.memory));
  expect(printed[0]).toMatch(/^log keepsake\/inspected: 4 entries, .*; storage: sync/);
  expect(printed.filter((text) => text.startsWith('table'))).toHaveLength(2);
  // As a build would have it: the plugin's identity, and a manifest that knows it.
  await page.evaluate(async () => {
    const { memory } = window.inspected;
    const facts = { id: 'src/found.ts#found', fingerprint: 'f'.repeat(22), params: ['x'] };
    const found = memory.cache((x: number) => x * 2, { id: 'found' }, facts);
    await found(2);
    await memory.flush();
    const element = document.querySelector('keepsake-inspector');
    const functions = {
      found: { ...facts, flags: ['partial'], roots: [], diagnostics: ['FP004 reads <b>Date.now</b>'] },
    };
    const panel = document.createElement('keepsake-inspector');
    panel.manifests = async () => [{ format: 2, functions }, 'nonsense', null];
    panel.memory = memory;
    element?.replaceWith(panel);
  });
  await page.getByRole('tab', { name: 'Functions' }).click();
  await page.getByRole('button', { name: 'found' }).click();
  const findings = page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
  await expect(findings).toHaveText([/^partial/, 'FP004 reads <b>Date.now</b>']);
  await page.getByRole('button', { name: 'found' }).click();
  await page.getByRole('button', { name: 'damped-wave' }).click();
  await expect(page.getByRole('button', { name: 'List its entries' })).toBeVisible();
  await expect(findings).toHaveCount(0);
});

test('calls say how they were answered, and a miss which path differs from the nearest entry', async ({
  profile,
}) => {
  const page = await openInspector(profile);
  await page.evaluate(async () => {
    const { wave, memory, slow } = window.inspected;
    await wave(1_000, 0.01);
    await wave(1_000, 0.02);
    await slow(300);
    await memory.flush();
    await slow(300);
  });
  await page.getByRole('tab', { name: 'Calls' }).click();
  const calls = page.getByRole('list', { name: 'Calls' }).getByRole('listitem');
  await expect(page.getByLabel('How calls were answered')).toContainText(
    '4 calls, 1 answered without computing',
  );
  await expect(calls.first()).toContainText('from this page’s memory');
  await calls.nth(2).getByRole('button', { name: 'Why?' }).click();
  await expect(calls.nth(2)).toContainText('arguments[1] differs');
  await expect(calls.nth(2).getByRole('region', { name: 'The nearest entry' })).toContainText('(1000, 0.01)');
  // What it says was saved is what the browser's own time line says that was computed.
  const [computed] = await page.evaluate(() =>
    performance.getEntriesByName('keepsake compute slow').map(({ duration }) => duration),
  );
  const saved = await page.evaluate(async () => (await window.inspected.memory.stats()).savedMs);
  expect(Math.abs(saved - (computed ?? 0))).toBeLessThan(1);
});

test('two tabs follow each other: stores, computations and deletions', async ({ profile }) => {
  const page = await openInspector(profile);
  const other = await openInspector(profile);
  await fill(page);
  await expect(page.getByLabel('Entries shown')).toContainText('4 entries');
  await expect(other.getByLabel('Entries shown')).toContainText('4 entries');
  await other.getByRole('tab', { name: 'Calls' }).click();
  const slow = page.evaluate(() => window.inspected.slow(8_000));
  await expect(other.getByText('Another tab computes slow')).toBeVisible();
  await slow;
  await expect(other.getByText('Another tab computes slow')).toBeHidden();
  await other.getByRole('tab', { name: 'Entries' }).click();
  // It comes above the others, which move down.
  await expect(row(other, 'slow')).toBeVisible();
  const entry = await openEntry(other, 'report');
  await page.evaluate(() => window.inspected.report.delete('A title'));
  await expect(entry.getByRole('alert')).toContainText('deleted meanwhile');
  await expect(row(other, 'report')).toHaveCount(0);
});

test('hostile arguments neither run nor turn nor spread', async ({ profile }) => {
  const page = await openInspector(profile);
  const width = (await page.locator('keepsake-inspector').boundingBox())?.width;
  await page.evaluate(async () => {
    const { report, memory } = window.inspected;
    const texts = [
      '<img src=x onerror="window.hacked = 1">',
      'x'.repeat(1_000_000),
      '\ud800',
      '\u202Eevil\u0000',
      '${window.hacked = 1}',
    ];
    for (const text of texts) await report(text);
    await memory.flush();
  });
  await expect(page.getByLabel('Entries shown')).toContainText('5 entries');
  await expect(page.getByText('\\u{202E}evil').first()).toBeVisible();
  for (const name of ['onerror', 'xxxx', 'ud800', 'evil']) {
    await openEntry(page, name);
    await page.getByRole('button', { name: 'Close entry' }).click();
  }
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect((await page.locator('keepsake-inspector').boundingBox())?.width).toBe(width);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test('the origin is cleared: no database, no file', async ({ profile }) => {
  const page = await openInspector(profile);
  await fill(page);
  await page.getByRole('tab', { name: 'Origin' }).click();
  await page.getByRole('button', { name: 'Clear the origin' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear everything' }).click();
  await expect(page.getByLabel('What was cleared')).toContainText('Cleared.');
  const left = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return { databases: await indexedDB.databases(), names };
  });
  expect(left).toEqual({ databases: [], names: [] });
  await page.getByRole('tab', { name: 'Entries' }).click();
  await expect(page.getByText('Nothing is stored yet')).toBeVisible();
});

for (const width of [1280, 390]) {
  test(`axe finds nothing in any view, light or dark, ${width} pixels wide`, async ({ profile }) => {
    const page = await openInspector(profile);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await fill(page);
    /** A theme changes nothing but colours. */
    const check = async (what: string): Promise<void> => {
      const light = await new AxeBuilder({ page }).analyze();
      await page.emulateMedia({ colorScheme: 'dark' });
      const dark = await new AxeBuilder({ page })
        .withRules(['color-contrast', 'link-in-text-block'])
        .analyze();
      await page.emulateMedia({ colorScheme: 'light' });
      const found = [...light.violations, ...dark.violations].map(
        ({ id, nodes }) => `${what}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary}`,
      );
      expect(found).toEqual([]);
    };
    for (const view of views) {
      await page.getByRole('tab', { name: view }).click();
      if (view === 'Functions') await page.getByRole('button', { name: 'damped-wave' }).click();
      await check(view);
    }
    await page.getByRole('tab', { name: 'Entries' }).click();
    for (const name of ['damped-wave', 'table-of-rows', 'report']) {
      await openEntry(page, name);
      await check(name);
      await page.getByRole('button', { name: 'Close entry' }).click();
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
}

test('works under a policy that allows the origin’s own scripts and nothing else', async ({ profile }) => {
  const context = await profile.context();
  await context.addCookies([{ name: policyCookie, value: 'strict', url: pagesHome }]);
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const page = await openInspector(profile);
  await fill(page);
  await openEntry(page, 'damped-wave');
  for (const view of views) await page.getByRole('tab', { name: view }).click();
  expect(
    complaints.filter((text) => /style|script|Trusted/i.test(text) && !/wasm|WebAssembly/i.test(text)),
  ).toEqual([]);
});
