import type { Page } from '@playwright/test';
import { expect, type Profile, test } from './support/profile.ts';

const KB = 1_000;

/** Two tabs of one origin, each with the same memory open. */
async function twoTabs(profile: Profile, versions: [number?, number?] = []): Promise<[Page, Page]> {
  const open = async (version: number | undefined): Promise<Page> => {
    const page = await profile.openLab();
    await page.evaluate((each) => {
      window.bench = window.lab.open({}, each);
    }, version);
    return page;
  };
  return [await open(versions[0]), await open(versions[1])];
}

/** Starts so many identical calls of the held function and leaves their values in the page. */
const startHeld = (page: Page, count: number, byteLength = 200 * KB): Promise<void> =>
  page.evaluate(
    ([calls, size]) => {
      const values = Array.from({ length: calls }, () => window.bench.held(1, size));
      Object.assign(window, { values: Promise.all(values) });
    },
    [count, byteLength] as const,
  );

/** Whether every value of startHeld() is right, and a buffer of its own. */
const heldAreRight = (page: Page, byteLength = 200 * KB): Promise<boolean> =>
  page.evaluate(async (size) => {
    const values = await (window as unknown as { values: Promise<Uint8Array[]> }).values;
    const buffers = new Set(values.map(({ buffer }) => buffer));
    return buffers.size === values.length && values.every((value) => window.lab.isBytesOf(value, 1, size));
  }, byteLength);

const entered = (page: Page): Promise<number> => page.evaluate(() => window.lab.entered());
const letGo = (page: Page): Promise<void> => page.evaluate(() => window.lab.letGo());
const isHeldBack = (page: Page): Promise<void> =>
  expect.poll(() => page.evaluate(() => window.lab.waiting())).toBe(1);

/** Another tab waits for a call that this one computes. */
const isQueued = (page: Page): Promise<void> =>
  expect
    .poll(() =>
      page.evaluate(async () => {
        const { pending = [] } = await navigator.locks.query();
        return pending.filter(({ name = '' }) => name.includes('/call/')).length;
      }),
    )
    .toBe(1);

test('identical calls in two tabs are computed once', async ({ profile }) => {
  const [one, two] = await twoTabs(profile);
  await startHeld(one, 5);
  await isHeldBack(one);
  await startHeld(two, 5);
  await isQueued(one);
  await letGo(one);
  expect(await heldAreRight(one)).toBe(true);
  expect(await heldAreRight(two)).toBe(true);
  expect((await entered(one)) + (await entered(two))).toBe(1);
});

test('when the computing tab is closed, a waiting one takes over', async ({ profile }) => {
  const [one, two] = await twoTabs(profile);
  await startHeld(one, 1);
  await isHeldBack(one);
  await startHeld(two, 2);
  await isQueued(two);
  await one.close();
  await isHeldBack(two);
  await letGo(two);
  expect(await heldAreRight(two)).toBe(true);
  expect(await entered(two)).toBe(1);
});

test('when the computing tab crashes, a waiting one takes over', async ({ profile }) => {
  const [one, two] = await twoTabs(profile);
  await startHeld(one, 1);
  await isHeldBack(one);
  await startHeld(two, 1);
  await isQueued(two);
  const session = await one.context().newCDPSession(one);
  void session.send('Page.crash').catch(() => undefined); // never answers
  await isHeldBack(two);
  await letGo(two);
  expect(await heldAreRight(two)).toBe(true);
});

for (const verb of ['memory', 'function'] as const) {
  test(`what is computed while another tab clears the ${verb} does not come back`, async ({ profile }) => {
    const [one, two] = await twoTabs(profile);
    await startHeld(one, 1);
    await isHeldBack(one);
    await two.evaluate(async (what) => {
      await (what === 'memory' ? window.bench.memory.clear() : window.bench.held.clear());
    }, verb);
    await letGo(one);
    expect(await heldAreRight(one)).toBe(true);
    const seen = await one.evaluate(async () => {
      await window.bench.memory.flush();
      return {
        skips: window.bench.reasons('skip'),
        isStored: await window.bench.held.checkCallInCache(1, 200_000),
        entries: (await Array.fromAsync(window.bench.memory.entries())).length,
      };
    });
    expect(seen).toEqual({ skips: ['cleared'], isStored: false, entries: 0 });
  });
}

test('deleting in one tab what another reads costs it nothing but the entry', async ({ profile }) => {
  const [one, two] = await twoTabs(profile);
  const size = 20 * 1_000 * KB;
  await one.evaluate(async (bytes) => {
    await window.bench.get(1, bytes);
    await window.bench.memory.flush();
  }, size);
  const reading = two.evaluate(async (bytes) => {
    const outcomes: { how: string; isRight: boolean }[] = [];
    for (let round = 0; round < 8; round += 1) outcomes.push(await window.bench.get(1, bytes));
    await window.bench.memory.flush();
    return outcomes;
  }, size);
  await one.evaluate(async (bytes) => {
    for (let round = 0; round < 4; round += 1) await window.bench.bytes.delete(1, bytes);
  }, size);
  for (const { isRight } of await reading) expect(isRight).toBe(true);
  await one.evaluate((bytes) => window.bench.bytes.delete(1, bytes), size);
  const left = await one.evaluate(async () => Object.values(await window.lab.listFiles()));
  expect(left.filter((bytes) => bytes > 1_000_000)).toEqual([]);
});

test('two versions of the code, side by side, never see the results of each other', async ({ profile }) => {
  const [old, young] = await twoTabs(profile, [1, 2]);
  const round = (page: Page): Promise<{ how: string; isRight: boolean }[]> =>
    page.evaluate(async () => {
      const outcomes: { how: string; isRight: boolean }[] = [];
      for (let seed = 0; seed < 5; seed += 1) outcomes.push(await window.bench.get(seed, 100_000));
      await window.bench.memory.flush();
      return outcomes;
    });
  const [first, second] = await Promise.all([round(old), round(young)]);
  for (const outcome of [...first, ...second]) expect(outcome).toEqual({ how: 'computed', isRight: true });
  const [again, andAgain] = await Promise.all([round(old), round(young)]);
  for (const outcome of [...again, ...andAgain]) expect(outcome).toEqual({ how: 'hit', isRight: true });
});

test('clearing the origin does not hang on another tab, which goes on', async ({ profile }) => {
  const [one, two] = await twoTabs(profile);
  const size = 10 * 1_000 * KB;
  for (const page of [one, two]) {
    await page.evaluate(async (bytes) => {
      await window.bench.get(1, bytes);
      await window.bench.memory.flush();
    }, size);
  }
  const outcome = await one.evaluate(async () => {
    const start = performance.now();
    const { pending } = await window.lab.Memory.clearOrigin();
    return { pending, ms: performance.now() - start, files: Object.keys(await window.lab.listFiles()) };
  });
  expect(outcome.pending).toEqual([]);
  expect(outcome.files).toEqual([]);
  expect(outcome.ms).toBeLessThan(10_000);
  // Uses that the other tab had not written yet do not bring the database back.
  await two.evaluate(() => window.bench.memory.flush());
  expect(await one.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  const next = await two.evaluate((bytes) => window.bench.get(1, bytes), size);
  expect(next).toEqual({ how: 'computed', isRight: true });
});

test('clearing the origin does not wait for a tab that holds a database open', async ({ profile }) => {
  const [one, two] = await twoTabs(profile);
  await one.evaluate(async () => {
    await window.bench.get(1, 1_000);
    await window.bench.memory.flush();
  });
  await two.evaluate(
    () =>
      new Promise<void>((resolve) => {
        // A connection that does not close when it is asked to.
        indexedDB.open('keepsake/lab').onsuccess = ({ target }) => {
          Object.assign(window, { stubborn: (target as IDBOpenDBRequest).result });
          resolve();
        };
      }),
  );
  const outcome = await one.evaluate(async () => window.lab.Memory.clearOrigin());
  expect(outcome).toEqual({ removed: [], pending: ['lab'] });
});

test("a memory goes on when the browser drops the origin's data under it", async ({ profile }) => {
  const page = await profile.openLab();
  await page.evaluate(async () => {
    window.bench = window.lab.open({ memoryTierBytes: 0 });
    await window.bench.get(1, 1_000);
    await window.bench.get(2, 500_000);
    await window.bench.memory.flush();
  });
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  const outcomes = await page.evaluate(async () => {
    const first = [await window.bench.get(1, 1_000), await window.bench.get(2, 500_000)];
    await window.bench.memory.flush();
    const second = [await window.bench.get(1, 1_000), await window.bench.get(2, 500_000)];
    return [...first, ...second];
  });
  for (const { isRight } of outcomes) expect(isRight).toBe(true);
  expect(outcomes.slice(2).map(({ how }) => how)).toEqual(['hit', 'hit']);
});
