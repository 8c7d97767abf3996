import type { Page } from '@playwright/test';
import { test as base, expect } from './support/profile.ts';
import { ProjectCopy } from './support/project-copy.ts';

const test = base.extend<{ project: ProjectCopy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  project: async ({}, use) => {
    const project = new ProjectCopy();
    await use(project);
    await project.dispose();
  },
});

/** Waits until a card's result is in the store. */
async function expectComputed(page: Page, name: string): Promise<void> {
  const card = page.getByRole('article', { name });
  await expect(card.locator('[data-stored]')).toHaveAttribute('data-stored', 'yes', { timeout: 120_000 });
}

/** What the page says of each result after it has looked: stored or not. */
async function expectStored(page: Page, expected: { distances: boolean; layout: boolean }): Promise<void> {
  const text = (isStored: boolean): RegExp =>
    isStored ? /^(?:Stored in this browser|.* in a private file|.* in IndexedDB)$/ : /^Not stored$/;
  await expect(page.locator('[data-job="distances"] [data-stored]')).toHaveText(text(expected.distances));
  await expect(page.locator('[data-job="layout"] [data-stored]')).toHaveText(text(expected.layout));
}

const seed = ['demo/seeded-random.ts', '0x6d2b79f5', '0x6d2b79f7'] as const;

/** The page reloads by itself after an edit. */
async function editing(page: Page, edit: () => void): Promise<void> {
  const reloaded = page.waitForEvent('load', { timeout: 30_000 });
  edit();
  await reloaded;
}

test('an edited helper makes its function compute again, in development and in the build, and no other', async ({
  profile,
  project,
}) => {
  await project.serveDevelopment();
  const page = await profile.openPage(project.url);
  await expectComputed(page, 'Pairwise distances'); // by itself, when the page opens
  await page.getByRole('button', { name: 'Get the layout' }).click();
  await expectComputed(page, 'UMAP layout');

  // Development: the helper of the layout's worker changes, and changes back.
  let revert = (): void => undefined;
  await editing(page, () => {
    revert = project.edit(...seed);
  });
  await expectStored(page, { distances: true, layout: false });
  await editing(page, revert);
  await expectStored(page, { distances: true, layout: true });

  // The minified build on the same origin finds what development stored.
  await project.serveBuild();
  await page.goto(project.url);
  await expectStored(page, { distances: true, layout: true });
  const revertBuild = project.edit(...seed);
  await project.serveBuild();
  await page.goto(project.url);
  await expectStored(page, { distances: true, layout: false });
  revertBuild();
  await project.serveBuild();
  await page.goto(project.url);
  await expectStored(page, { distances: true, layout: true });
});
