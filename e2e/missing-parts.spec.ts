/** Parts of the library that cannot be fetched, when they are asked for or ever: a fault of the cache alone. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/profile.ts';

const misses = '**/src/calls/miss.ts*';
/** Every part that is fetched later. */
const parts =
  /\/src\/(calls\/miss|catalog\/(books|in-memory-catalog)|blobs\/backends|store\/writer-lease|upkeep\/upkeep|mapped\/(mapped|map-value|entry-writer)|memory\/(inspection|mapped-results|shelve|shelf-access|verifier)|packs\/packs|elsewhere\/elsewhere)\.ts/;
const sizes = [300, 100_000, 9_500_000];

/** Under which URL the page has asked for a file; undefined where it has not. */
const urlOf = (path: string): string | undefined =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .find((name) => name.includes(path));

/** Calls of one memory, each with what became of it, and what was said of parts that are missing. */
const calls = (page: Page) =>
  page.evaluate(async (all) => {
    const bench = window.lab.open();
    const outcomes: string[] = [];
    for (const size of all) {
      const { how, isRight } = await bench.get(1, size);
      outcomes.push(isRight ? how : 'wrong');
    }
    await bench.memory.flush();
    const missing = bench.reasons('storage').filter((reason) => reason.includes('could not be loaded'));
    const skips = bench.reasons('skip');
    await bench.memory.close();
    return { outcomes, missing: missing.length, skips };
  }, sizes);

test('a miss whose part cannot be fetched computes, says so once, and is kept as soon as it can', async ({
  profile,
}) => {
  const context = await profile.context();
  await context.route(misses, (route) => route.fulfill({ status: 404 }));
  const page = await profile.openLab();
  expect(await calls(page)).toEqual({
    outcomes: sizes.map(() => 'computed'),
    missing: 1,
    skips: sizes.map(() => 'storage-failed'),
  });
  await context.unroute(misses);
  const again = await calls(page);
  expect(again.outcomes).toEqual(sizes.map(() => 'computed'));
  console.log(again.missing === 0 ? 'fetched by the same page' : 'fetched by the next page only');
  await page.reload();
  if (again.missing > 0) await calls(page);
  expect(await calls(page)).toEqual({ outcomes: sizes.map(() => 'hit'), missing: 0, skips: [] });
});

test('what is stored is found though no other part can be fetched', async ({ profile }) => {
  const first = await profile.openLab();
  await calls(first);
  const context = await profile.context();
  await context.route(parts, (route) => route.abort());
  const page = await profile.openLab();
  // Reading a file asks for the storage worker's client, and does not wait for it.
  expect(await calls(page)).toEqual({ outcomes: sizes.map(() => 'hit'), missing: 1, skips: [] });
});

test('a page that is offline after its first call goes on to store, list and limit', async ({ profile }) => {
  const page = await profile.openLab();
  await page.evaluate(() => window.lab.open().get(1, 300));
  const asked = (part: string) => page.waitForFunction(urlOf, part, { timeout: 60_000 });
  // The library has asked for them; to import them again is to wait until they are here, with all that they import.
  for (const part of ['/src/upkeep/upkeep.ts', '/src/memory/inspection.ts'])
    await page.evaluate(async (url = '') => void (await import(url)), await (await asked(part)).jsonValue());
  const context = await profile.context();
  await context.setOffline(true);
  const found = await page.evaluate(async () => {
    const { memory, get } = window.lab.open();
    const how = [(await get(2, 9_500_000)).how, (await get(2, 9_500_000)).how];
    await memory.flush();
    const { entries } = await memory.stats();
    const { removed } = await memory.reduceSize({ items: 1 });
    return { how, entries, removed };
  });
  expect(found).toEqual({ how: ['computed', 'hit'], entries: 2, removed: 1 });
});
