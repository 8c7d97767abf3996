/**
 * Pictures of the real demo, built and served: its first screen, its scenes and every view of the inspector, wide and narrow, light
 * and dark, into reports/screenshots/; those that README and docs show into docs/images/. `npm run screenshots`.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Locator, type Page } from 'playwright';
import { build, preview } from 'vite';
import { getBrowser } from './browsers.ts';

const home = fileURLToPath(new URL('..', import.meta.url));
const folder = join(home, 'reports/screenshots');
const images = join(home, 'docs/images');
const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5173);
const url = `http://localhost:${port}/`;

/** What the documents show, by the name of the picture. */
const shownInDocs = {
  'demo-wide-light': 'demo.png',
  'entry-wide-light': 'inspector-entry.png',
  'origin-wide-dark': 'inspector-origin.png',
  'scene-flights-wide-light': 'scene-flights.png',
  'scene-sound-wide-dark': 'scene-sound.png',
};
const maxBytes = 300_000;

const widths = { wide: 1280, narrow: 390 };
const schemes = ['light', 'dark'] as const;

/** Both results are computed and kept, so that every later visit reads them back. */
async function fillStore(page: Page): Promise<void> {
  await page.goto(url);
  await outcome(page, 'How the distances came');
  await page.getByRole('button', { name: 'Get the layout' }).click();
  await outcome(page, 'How the layout came');
  for (const card of await page.locator('[data-job]').all())
    await card.locator('[data-stored="yes"]').waitFor();
}

const outcome = (page: Page, name: string): Promise<void> =>
  page.locator(`output[aria-label="${name}"][data-outcome]`).waitFor({ timeout: 120_000 });

/** One entry opened, one call explained: what a view shows once it is used. */
async function openEntry(page: Page): Promise<void> {
  await page
    .getByRole('grid', { name: 'Stored entries' })
    .getByRole('row', { name: 'pairwise-distances' })
    .click();
  await page.getByRole('region', { name: 'Entry' }).getByLabel('Bytes read').waitFor();
}

async function openFunction(page: Page): Promise<void> {
  await page.getByRole('tabpanel').getByRole('button', { name: 'pairwise-distances' }).click();
}

const views: readonly (readonly [name: string, tab: string, open?: (page: Page) => Promise<void>])[] = [
  ['entries', 'Entries'],
  ['entry', 'Entries', openEntry],
  ['calls', 'Calls'],
  ['functions', 'Functions', openFunction],
  ['origin', 'Origin'],
];

/** Each scene as it is once it was used. What is computed for the first picture is read back for the others. */
const scenes: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  slices: async (page) => {
    await outcome(page, 'How the matrix came');
    for (const digit of [13, 24, 37]) await page.getByRole('radio').nth(digit).check({ force: true });
    await page.getByLabel('Bytes read').filter({ hasText: '48 kB' }).first().waitFor();
  },
  flights: (page) => outcome(page, 'How the density came'),
  sound: async (page) => {
    const get = page.getByRole('button', { name: 'Get the spectrogram' });
    if (await get.isEnabled()) await get.click();
    await outcome(page, 'How the spectrogram came');
    await page.getByLabel('Where to look').fill('4000');
    await page.getByRole('img', { name: 'Spectrogram from 0:46' }).waitFor();
  },
  tabs: async (page) => {
    await page.getByRole('button', { name: 'Ask in both at once' }).click();
    for (const title of ['One tab', 'Another tab'])
      await page
        .frameLocator(`iframe[title="${title}"]`)
        .locator('[data-outcome]')
        .waitFor({ timeout: 120_000 });
  },
  kill: async (page) => {
    await page.getByRole('button', { name: /end the worker in the middle/ }).click();
    await page.getByRole('listitem').filter({ hasText: 'The one after' }).waitFor({ timeout: 120_000 });
  },
  edit: (page) => page.getByLabel('How the delays came').waitFor(),
};

async function takeScenes(page: Page, look: string): Promise<void> {
  for (const [name, use] of Object.entries(scenes)) {
    await page.goto('about:blank'); // a page that is loaded, not a place in it
    await page.goto(`${url}#${name}`);
    await use(page);
    await page.mouse.move(0, 0);
    await take(page, `scene-${name}-${look}`);
  }
}

async function take(what: Page | Locator, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await what.screenshot({ path, animations: 'disabled', caret: 'hide' });
  console.log(`${path} ${statSync(path).size}`);
}

async function takeAll(page: Page, look: string): Promise<void> {
  await page.goto(url);
  for (const name of ['How the distances came', 'How the layout came']) await outcome(page, name);
  await take(page, `demo-${look}`);
  await page.screenshot({ path: join(folder, `page-${look}.png`), fullPage: true });
  const inspector = page.locator('keepsake-inspector');
  for (const [name, tab, open] of views) {
    await page.getByRole('tab', { name: tab }).click();
    await open?.(page);
    await page.mouse.move(0, 0);
    // What a view draws by itself, it has drawn in two frames.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await take(inspector, `${name}-${look}`);
    const close = page.getByRole('button', { name: 'Close entry' });
    if (await close.isVisible()) await close.click();
  }
  await takeScenes(page, look);
}

function publish(): void {
  mkdirSync(images, { recursive: true });
  for (const [name, image] of Object.entries(shownInDocs)) {
    const from = join(folder, `${name}.png`);
    const { size } = statSync(from);
    if (size > maxBytes) throw new Error(`${image} has ${size} bytes, more than ${maxBytes}`);
    copyFileSync(from, join(images, image));
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await build({ root: home, logLevel: 'error' });
const server = await preview({ root: home, preview: { port }, logLevel: 'error' });
const profile = mkdtempSync(join(tmpdir(), 'keepsake-screenshots-'));
const context = await chromium.launchPersistentContext(profile, {
  ...getBrowser('chromium'),
  reducedMotion: 'reduce',
});
try {
  const page = await context.newPage();
  await fillStore(page);
  for (const [width, pixels] of Object.entries(widths)) {
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: pixels, height: width === 'wide' ? 800 : 844 });
      await takeAll(page, `${width}-${colorScheme}`);
    }
  }
  publish();
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true });
}
