import type { Page } from '@playwright/test';
import { largeSchedule, ManyTabs, smallSchedule } from './support/many-tabs.ts';
import { expect, test } from './support/profile.ts';

/** `npm run tabs` has more of them. */
const LIMIT_MS = 15_000;
const CALLS = 200;
const KEYS = 80;

test.describe('tabs that call the same function with the same arguments', () => {
  const tabs = new ManyTabs();
  test.beforeAll(() => tabs.open());
  test.afterAll(() => tabs.close());

  test('eight of them, three closed on the way, compute each value once and once more for a closed tab', async () => {
    const figures = await tabs.run({ ...largeSchedule(1), calls: CALLS, keys: KEYS });
    console.log(JSON.stringify(figures));
    expect(figures.wrong).toEqual([]);
    expect(figures.completed + figures.mixed).toBe(8 * CALLS);
    expect(figures.closed).toBe(3);
    expect(figures.again).toBeGreaterThanOrEqual(3);
    expect(figures.verified).toBeGreaterThan(KEYS * 0.95);
  });

  test('come to an end whoever is closed, gives up or clears', async () => {
    const start = performance.now();
    for (let seed = 1; seed === 1 || performance.now() - start < LIMIT_MS; seed += 1) {
      const { wrong, completed, aborted } = await tabs.run(smallSchedule(seed));
      expect(wrong, `seed ${seed}`).toEqual([]);
      expect(completed + aborted, `seed ${seed}`).toBeGreaterThan(0);
    }
  });
});

const isHeldBack = (page: Page): Promise<void> =>
  expect.poll(() => page.evaluate(() => window.lab.waiting())).toBe(1);

const queued = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { pending = [] } = await navigator.locks.query();
    return pending.filter(({ name = '' }) => name.includes('/call/')).length;
  });

test('a signal that fires in one tab takes its own caller away and nobody else', async ({ profile }) => {
  const open = async (): Promise<Page> => {
    const page = await profile.openLab();
    await page.evaluate(() => {
      window.bench = window.lab.open();
    });
    return page;
  };
  /** Two callers, of whom one has a signal that fires at once. */
  const call = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const controller = new AbortController();
      const stays = window.bench.held(1, 1_000);
      const leaves = window.bench.held.with({ signal: controller.signal })(1, 1_000);
      Object.assign(window, { outcomes: Promise.allSettled([stays, leaves]) });
      controller.abort('it left');
    });
  const outcomes = (page: Page): Promise<unknown[]> =>
    page.evaluate(async () => {
      const all = await (window as unknown as { outcomes: Promise<PromiseSettledResult<Uint8Array>[]> })
        .outcomes;
      return all.map((each) =>
        each.status === 'fulfilled' ? window.lab.isBytesOf(each.value, 1, 1_000) : each.reason,
      );
    });
  const [one, two] = [await open(), await open()];
  await call(one);
  await isHeldBack(one);
  await call(two);
  // A third one is alone with its signal: it leaves the queue of those who wait for the lock.
  await two.evaluate(() => {
    const controller = new AbortController();
    const alone = window.lab.open().held.with({ signal: controller.signal })(1, 1_000);
    Object.assign(window, { controller, alone: alone.then(String, String) });
  });
  await expect.poll(() => queued(two)).toBe(2);
  const left = await two.evaluate(() => {
    const { controller, alone } = window as unknown as {
      controller: AbortController;
      alone: Promise<string>;
    };
    controller.abort('it left alone');
    return alone;
  });
  expect(left).toBe('it left alone');
  await expect.poll(() => queued(two)).toBe(1);
  await one.evaluate(() => window.lab.letGo());
  expect(await outcomes(one)).toEqual([true, 'it left']);
  expect(await outcomes(two)).toEqual([true, 'it left']);
  expect(
    (await one.evaluate(() => window.lab.entered())) + (await two.evaluate(() => window.lab.entered())),
  ).toBe(1);
});
