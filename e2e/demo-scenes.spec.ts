/** Every scene of the demo as a visitor does it: one browser for all of them, and axe in both themes. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { home } from './support/home.ts';
import { test as base, expect, Profile } from './support/profile.ts';
import { ProjectCopy } from './support/project-copy.ts';

/** The browser is started once; each test has a page of its own, and what the ones before have stored. */
const test = base.extend<object, { shared: Profile }>({
  shared: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const profile = new Profile();
      await use(profile);
      await profile.dispose();
    },
    { scope: 'worker' },
  ],
});

const titles = {
  slices: 'A slice costs a slice',
  flights: '200,000 flights, one slider',
  sound: 'Two minutes of sound',
  tabs: 'Two tabs, one computation',
  kill: 'End it in the middle',
  edit: 'Edit a helper',
};
type Name = keyof typeof titles;

const region = (page: Page, name: Name): Locator => page.getByRole('region', { name: titles[name] });

async function openScene(profile: Profile, name: Name): Promise<{ page: Page; scene: Locator }> {
  const page = await profile.openPage(`${home}#${name}`);
  return { page, scene: region(page, name) };
}

/** How the last call of a card came. */
const outcome = (root: Locator | ReturnType<Page['frameLocator']>, what: string): Locator =>
  root.getByLabel(`How ${what} came`);

const came = (root: Parameters<typeof outcome>[0], what: string, how: RegExp): Promise<void> =>
  expect(outcome(root, what)).toHaveAttribute('data-outcome', how, { timeout: 120_000 });

const bytesOf = async (output: Locator): Promise<string> =>
  (await output.innerText()).split(' read')[0] ?? '';

test('scenes are walked through by their links, each is announced, and the address keeps the place', async ({
  shared,
}) => {
  const { page } = await openScene(shared, 'edit');
  await expect(region(page, 'edit')).toBeVisible();
  const links = page.getByRole('navigation', { name: 'Scenes' });
  await links.getByRole('link', { name: 'Kill it' }).press('Enter');
  await expect(region(page, 'kill')).toBeFocused();
  await expect(region(page, 'edit')).toBeHidden();
  await expect(links.getByRole('link', { name: 'Kill it' })).toHaveAttribute('aria-current', 'page');
  await page.reload();
  await expect(region(page, 'kill')).toBeVisible();
  await page.goBack();
  await expect(region(page, 'edit')).toBeVisible();
  const source = region(page, 'edit').getByText('Source of this scene');
  await source.click();
  await expect(region(page, 'edit').getByRole('region', { name: 'Source' })).toContainText(
    'function delaysByHour',
  );
  await page.close();
});

test('flights: the slider computes, and is instant where it was, after a reload too', async ({ shared }) => {
  const { page, scene } = await openScene(shared, 'flights');
  await came(scene, 'the density', /computed/);
  const picture = scene.getByRole('img', {
    name: /^Density of 200,000 flights by time and delay; densest at/,
  });
  await expect(picture).toBeVisible();
  const slider = scene.getByRole('slider', { name: 'Bandwidth' });
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^9 min of the day/);
  await came(scene, 'the density', /computed/);
  await expect(scene.getByText('2 of 10 places are stored')).toBeVisible();
  await page.reload();
  await came(scene, 'the density', /hit/);
  await slider.press('Home');
  await expect(scene.getByText('Computed once in')).toBeVisible();
  await expect(scene.getByLabel('Computations of the density')).toHaveAttribute('data-computations', '0');
  // A run that is given up by moving on, and one that is cancelled by its button.
  await slider.press('End');
  await scene.getByRole('button', { name: 'Cancel the density' }).click();
  await came(scene, 'the density', /cancelled/);
  await slider.press('Home');
  await came(scene, 'the density', /hit/);
  await page.close();
});

test('sound: what is looked at and what is heard is read, and no more', async ({ shared }) => {
  const { page, scene } = await openScene(shared, 'sound');
  await scene.getByRole('button', { name: 'Get the spectrogram' }).click();
  await came(scene, 'the spectrogram', /computed/);
  const bytes = scene.getByLabel('Bytes read');
  await expect(bytes).toContainText('1.97 MB read of 52.9 MB');
  await scene.getByRole('slider', { name: 'Where to look' }).fill('4000');
  await expect(scene.getByRole('img', { name: 'Spectrogram from 0:46 to 0:52' })).toBeVisible();
  await expect(bytes).toContainText('3.93 MB read of 52.9 MB');
  await scene.getByRole('button', { name: /^Play these/ }).click();
  await expect(bytes).toContainText('4.42 MB read of 52.9 MB; the last 492 kB');
  await page.close();
});

test('two tabs: one computes, the other waits for it and shares', async ({ shared }) => {
  const { page, scene } = await openScene(shared, 'tabs');
  const tabs = ['One tab', 'Another tab'].map((title) => page.frameLocator(`iframe[title="${title}"]`));
  await scene.getByRole('button', { name: 'Ask in both at once' }).click();
  await expect
    .poll(async () => Promise.all(tabs.map((tab) => outcome(tab, 'the distances').innerText())), {
      intervals: [50],
    })
    .toContain('Another tab computes it: waiting for its result…');
  for (const tab of tabs) await came(tab, 'the distances', /computed|hit/);
  const counts = await Promise.all(
    tabs.map((tab) => tab.getByLabel('Computations of the distances').getAttribute('data-computations')),
  );
  expect(counts.sort()).toEqual(['0', '1']);
  await scene.getByRole('button', { name: 'Forget the result' }).click();
  for (const tab of tabs) await expect(tab.locator('[data-stored]')).toHaveText('Not stored');
  await page.close();
});

test('kill: the worker ends while it writes; the value comes, what was stored stays, the next call stores', async ({
  shared,
}) => {
  const { page, scene } = await openScene(shared, 'kill');
  await scene.getByRole('button', { name: /end the worker in the middle/ }).click();
  const steps = scene.getByRole('list', { name: 'What happened' }).getByRole('listitem');
  await expect(steps.nth(6)).toContainText('The one after: 50.2 MB read back', { timeout: 60_000 });
  expect(await steps.allInnerTexts()).toEqual([
    expect.stringMatching(/^A smaller result is stored first: 6\.4 MB computed/),
    expect.stringMatching(/^The worker was ended after answer 4/),
    expect.stringMatching(/^The call has its whole value all the same: 50\.2 MB computed/),
    expect.stringMatching(/listed, none of them half$/),
    expect.stringMatching(/^What was stored before: 6\.4 MB read back/),
    expect.stringMatching(/^The next call, and another worker: 50\.2 MB/),
    expect.stringMatching(/^The one after: 50\.2 MB read back/),
  ]);
  // Each digest is what it was before.
  await expect(scene.locator('[data-state="good"]')).toHaveCount(5);
  // The panel below shows the memory of the scene.
  await expect(page.getByRole('grid').getByRole('row', { name: 'enlarged-digits' })).toHaveCount(2);
  await page.close();
});

/** How much the page has moved by itself, as the browser adds it up: see https://web.dev/articles/cls */
const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & {
            value: number;
            hadRecentInput: boolean;
          })[])
            if (!entry.hadRecentInput) sum += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        // What is buffered comes before the second frame.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );

test('slices: each digit reads its row of the stored matrix, and the page says how much; nothing jumps on a phone', async ({
  shared,
}) => {
  const page = await (await shared.context()).newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(home);
  const distances = page.getByRole('article', { name: 'Pairwise distances' });
  await came(distances, 'the distances', /computed/);
  await expect(distances.locator('[data-stored]')).toHaveAttribute('data-stored', 'yes');
  expect(await layoutShift(page)).toBeLessThanOrEqual(0.1);
  await page.getByRole('link', { name: 'Slices' }).click();
  const scene = region(page, 'slices');
  await came(scene, 'the matrix', /hit/);
  await scene.getByRole('radio', { name: 'A 3, sample 13' }).check({ force: true });
  const bytes = scene.getByLabel('Bytes read');
  await expect(bytes).toContainText('16 kB read of 64 MB');
  await page.keyboard.press('ArrowRight');
  await expect(bytes).toContainText('32 kB read of 64 MB');
  await expect(scene.getByRole('list', { name: 'Ten nearest neighbours' }).getByRole('listitem')).toHaveCount(
    10,
  );
  // It is opened where it lies after a reload, and the worker reads one row.
  await page.reload();
  await came(scene, 'the matrix', /hit/);
  expect(await layoutShift(page)).toBeLessThanOrEqual(0.1);
  await scene.getByRole('radio', { name: 'A 4, sample 14' }).check({ force: true });
  await expect.poll(() => bytesOf(bytes)).toBe('16 kB');
  // Gone from under it: it says so, with the way out.
  await page.evaluate(async () => {
    const { memory } = document.querySelector('keepsake-inspector') as unknown as {
      memory: { clear(): Promise<unknown> };
    };
    await memory.clear();
  });
  await expect(scene.locator('[data-stored]')).toHaveText('Not stored');
  await page.close();
});

test('edit: a changed helper is named and computes again, its undoing reads the old result', async ({
  shared,
}) => {
  const project = new ProjectCopy();
  try {
    await project.serveDevelopment();
    const page = await shared.openPage(`${project.url}#edit`);
    const scene = region(page, 'edit');
    await expect(scene.getByRole('list', { name: 'What to do' })).toContainText('demo/scenes/smoothing.ts');
    await came(scene, 'the delays', /computed/);
    await expect(page.getByRole('grid').getByRole('row', { name: 'delays-by-hour' })).toHaveCount(1);
    const undo = project.edit('demo/scenes/smoothing.ts', 'reach = 1', 'reach = 3');
    await expect(outcome(scene, 'the delays')).toContainText('because its code has changed');
    await expect(scene.getByRole('list', { name: 'What changed' })).toContainText('the code that it reaches');
    undo();
    await expect(outcome(scene, 'the delays')).toContainText('Read back in');
    await page.close();
  } finally {
    await project.dispose();
  }
});

test('axe finds nothing in any scene, in both themes; nothing is wider than a phone', async ({ shared }) => {
  const { page } = await openScene(shared, 'slices');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of Object.keys(titles) as Name[]) {
    await page.goto(`${home}#${name}`);
    await expect(region(page, name).locator('.stage > :not(.hint)').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // The panel has specs of its own, and what is not a colour is the same in both.
      const axe = new AxeBuilder({ page }).exclude('keepsake-inspector');
      if (colorScheme === 'dark') axe.withRules('color-contrast');
      const { violations } = await axe.analyze();
      const found = violations.map(
        ({ id, nodes }) =>
          `${name} ${colorScheme}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary}`,
      );
      expect(found).toEqual([]);
    }
  }
  await page.close();
});
