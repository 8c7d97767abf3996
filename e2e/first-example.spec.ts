import type { Page } from '@playwright/test';
import { pagesHome } from './support/home.ts';
import { expect, test } from './support/profile.ts';

/** What the example has shown, and what its memory tells of it. */
async function show(page: Page): Promise<{ entries: number; hits: number }> {
  await expect(page.locator('body')).toHaveText(/1000000 distances/);
  return page.evaluate(async () => {
    const { Memory } = await import('/src/index.ts' as string); // served from the sources, as the example is
    const memory = new Memory({ name: 'lab' });
    await memory.flush();
    const { entries, hits } = await memory.stats();
    return { entries, hits };
  });
}

test('the first example of the README runs as it stands, and its result is read after a reload', async ({
  profile,
}) => {
  const page = await profile.openPage(`${pagesHome}e2e/pages/first-example.html`);
  await expect.poll(() => show(page)).toEqual({ entries: 1, hits: 0 });
  await page.reload();
  await expect(page.locator('body')).toHaveText(/1000000 distances/);
  await expect.poll(async () => (await show(page)).hits, { timeout: 20_000 }).toBe(1);
});
