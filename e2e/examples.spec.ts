import { runnableExamples } from '../scripts/docs.ts';
import { pagesHome } from './support/home.ts';
import { expect, test } from './support/profile.ts';

test('every example of README and docs that is a whole program runs', async ({ profile }) => {
  const page = await profile.openPage(`${pagesHome}e2e/pages/examples.html`);
  await page.waitForFunction(() => 'outcomes' in window, undefined, { timeout: 180_000 });
  const outcomes: Record<string, string> = await page.evaluate(() => Reflect.get(window, 'outcomes'));
  expect(outcomes).toEqual(Object.fromEntries([...runnableExamples().keys()].map((name) => [name, 'ran'])));
  expect(Object.keys(outcomes).length).toBeGreaterThan(10);
});
