import { firstDistances } from './support/demo.ts';
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

test('on a fresh clone the first press is not lost: the development server knows every package beforehand', async ({
  profile,
  project,
}) => {
  project.edit('vite.config.ts', "  base: './',", "  base: './',\n  cacheDir: 'cold',");
  await project.serveDevelopment();
  const page = await profile.openPage(project.url);
  await page.evaluate(() => {
    document.documentElement.dataset.load = 'first';
  });
  // A person takes a while: the server has answered everything by then.
  await firstDistances(page);
  const card = page.getByRole('article', { name: 'UMAP layout' });
  await card.getByRole('button', { name: 'Get the layout' }).click();
  await expect(card.locator('[data-stored]')).toHaveAttribute('data-stored', 'yes', { timeout: 180_000 });
  await expect(card.getByLabel('How the layout came')).toHaveAttribute('data-outcome', 'computed');
  await expect(page.locator('html')).toHaveAttribute('data-load', 'first');
});
