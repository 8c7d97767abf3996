import type { Page } from '@playwright/test';
import { pagesHome, policyCookie } from './support/home.ts';
import { expect, type Profile, test } from './support/profile.ts';

/** A lab page under a content policy, as are its scripts and workers. */
async function openUnder(profile: Profile, policy: string): Promise<{ page: Page; complaints: string[] }> {
  const context = await profile.context();
  await context.addCookies([{ name: policyCookie, value: policy, url: pagesHome }]);
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const page = await profile.openLab();
  complaints.length = 0; // the page's icon is none of ours
  return { page, complaints };
}

const sizes = [300, 100_000, 9_500_000];

const round = (page: Page): Promise<{ how: string; isRight: boolean }[]> =>
  page.evaluate(async (all) => {
    const bench = window.lab.open();
    const outcomes: { how: string; isRight: boolean }[] = [];
    for (const size of all) outcomes.push(await bench.get(1, size));
    await bench.memory.flush();
    const { tier } = await bench.memory.storageStatus();
    await bench.memory.close();
    if (tier !== 'sync') throw new Error(`The tier is ${tier}`);
    return outcomes;
  }, sizes);

const all = (how: string) => sizes.map(() => ({ how, isRight: true }));

test("works where the policy allows the origin's own scripts and nothing else", async ({ profile }) => {
  const { page, complaints } = await openUnder(profile, 'strict');
  const isRefused = await page.evaluate(() =>
    WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(
      () => false,
      () => true,
    ),
  );
  expect(isRefused).toBe(true);
  complaints.length = 0;
  expect(await round(page)).toEqual(all('computed'));
  expect(await round(page)).toEqual(all('hit'));
  expect(complaints).toEqual([]);
});

test('digests where WebAssembly is refused are those where it is not', async ({ profile }) => {
  const { page } = await openUnder(profile, 'none');
  expect(await round(page)).toEqual(all('computed'));
  const { page: strict } = await openUnder(profile, 'strict');
  expect(await round(strict)).toEqual(all('hit'));
});

test('works where Trusted Types are enforced', async ({ profile }) => {
  const { page, complaints } = await openUnder(profile, 'trusted-types');
  const isRefused = await page.evaluate(() => {
    try {
      new Worker('/nothing.js').terminate();
      return false;
    } catch {
      return true;
    }
  });
  expect(isRefused).toBe(true);
  complaints.length = 0;
  expect(await round(page)).toEqual(all('computed'));
  expect(await round(page)).toEqual(all('hit'));
  expect(complaints).toEqual([]);
});
