import type { Frame, Page } from '@playwright/test';
import { labPage, pagesHome } from './support/home.ts';
import { expect, type Profile, test } from './support/profile.ts';

/** Small, in a file of its own, and too large to be copied in one turn. */
const sizes = [300, 100_000, 9_500_000, 64 * 2 ** 20];
const all = (how: string) => sizes.map(() => ({ how, isRight: true }));

const round = (page: Page | Frame) =>
  page.evaluate(async (bytes) => {
    window.bench ??= window.lab.open();
    const outcomes: { how: string; isRight: boolean }[] = [];
    for (const size of bytes) outcomes.push(await window.bench.get(1, size));
    await window.bench.memory.flush();
    await window.bench.memory.stats();
    return outcomes;
  }, sizes);

const status = (page: Page | Frame) => page.evaluate(() => window.bench.memory.storageStatus());

test.describe('a sandboxed frame', () => {
  for (const sandbox of ['allow-scripts', 'allow-scripts allow-forms']) {
    test(`keeps results for its page: ${sandbox}`, async ({ profile }) => {
      const page = await profile.openPage(labPage);
      await page.evaluate(
        ([src, value]) => {
          const frame = Object.assign(document.createElement('iframe'), { name: 'poor', src });
          frame.setAttribute('sandbox', value);
          document.body.append(frame);
        },
        [labPage, sandbox] as const,
      );
      await expect.poll(() => page.frame('poor')?.evaluate(() => 'lab' in window)).toBe(true);
      const frame = page.frame('poor') as Frame; // it was polled
      expect(await frame.evaluate(() => window.origin)).toBe('null');
      expect(await round(frame)).toEqual(all('computed'));
      expect(await round(frame)).toEqual(all('hit'));
      expect((await status(frame)).tier).toBe('memory');
      expect((await status(frame)).reasons.join()).toContain('indexeddb: SecurityError');
      expect(await frame.evaluate(() => window.bench.reasons('skip'))).toEqual([]);
      expect(await frame.evaluate(() => window.lab.Memory.list())).toEqual([]);
      expect(await frame.evaluate(() => window.lab.Memory.clearOrigin())).toEqual({
        removed: [],
        pending: [],
      });
      expect(await frame.evaluate(() => window.bench.memory.clear())).toMatchObject({ removed: 0 });
    });
  }
});

/** The pages' server under a name that is no secure origin. */
async function openInsecure(profile: Profile): Promise<Page> {
  const insecure = 'http://insecure.test/';
  const page = await (await profile.context()).newPage();
  await page.route(`${insecure}**`, async (route) => {
    const url = route.request().url().replace(insecure, pagesHome);
    // What a page asks for when it is idle, it no longer waits for once it is loaded anew or closed.
    const answering = route.fetch({ url }).then((response) => route.fulfill({ response }));
    await answering.catch(() => undefined);
  });
  await page.goto(labPage.replace(pagesHome, insecure));
  await page.waitForFunction(() => 'lab' in window);
  return page;
}

test('an insecure origin keeps results in IndexedDB, and is called by its name', async ({ profile }) => {
  const page = await openInsecure(profile);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  expect(await round(page)).toEqual(all('computed'));
  const { tier, reasons } = await status(page);
  expect(tier).toBe('indexeddb');
  expect(reasons.join()).toContain('http://insecure.test is an insecure origin');
  await page.reload();
  await page.waitForFunction(() => 'lab' in window);
  expect(await round(page)).toEqual(all('hit'));
});

/** What a browser of 2022 does not have, or a policy refuses. */
const poverty = {
  'without what came after ES2022': () => {
    const missing = new Map<object, string[]>([
      [Promise, ['withResolvers', 'try']],
      [Map, ['groupBy']],
      [Object, ['groupBy']],
      [Array, ['fromAsync']],
      [Array.prototype, ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex']],
      [Object.getPrototypeOf(Uint8Array.prototype), ['toSorted', 'toReversed', 'with', 'findLast']],
      [Uint8Array, ['fromHex', 'fromBase64']],
      [Uint8Array.prototype, ['toHex', 'toBase64']],
      [String.prototype, ['isWellFormed', 'toWellFormed']],
      [ArrayBuffer.prototype, ['transfer', 'transferToFixedLength', 'resize', 'resizable', 'maxByteLength']],
      [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf', 'isSupersetOf']],
      [AbortSignal, ['any']],
      [globalThis, ['Float16Array', 'Iterator', 'requestIdleCallback', 'scheduler']],
    ]);
    for (const [owner, names] of missing) for (const name of names) Reflect.deleteProperty(owner, name);
  },
  'where Web Locks are refused': () => {
    const refuse = () => Promise.reject(new DOMException('Refused', 'SecurityError'));
    LockManager.prototype.request = refuse;
    LockManager.prototype.query = refuse;
  },
  'where there are no Web Locks and no channels': () => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    globalThis.BroadcastChannel = class {
      constructor() {
        throw new DOMException('Refused', 'SecurityError');
      }
    } as unknown as typeof BroadcastChannel; // nobody gets an instance
  },
};

for (const [what, impoverish] of Object.entries(poverty)) {
  test(`everything is stored and read again ${what}`, async ({ profile }) => {
    const page = await (await profile.context()).newPage();
    await page.addInitScript(impoverish);
    await page.goto(labPage);
    for (const how of ['computed', 'hit']) {
      await page.waitForFunction(() => 'lab' in window);
      expect(await round(page)).toEqual(all(how));
      expect((await status(page)).tier).toBe('sync');
      const rest = await page.evaluate(async () => {
        const { bench } = window;
        const mapped = bench.memory.cache(async (n: number) => new Float32Array(n).fill(n), {
          id: 'mapped',
          mmapMode: 'r+',
        });
        const array = await mapped(50_000);
        await array.set(new Float32Array([7]), 0);
        await array.close();
        const text = bench.memory.cache(async (words: string) => `${words}!`, {
          id: 'text',
          compress: 'gzip',
        });
        const shelved = await bench.bytes.callAndShelve(1, 300);
        const twice = await Promise.all([bench.bytes(2, 100), bench.bytes(2, 100)]);
        const rest = {
          first: await (await mapped(50_000)).at(0),
          text: await text('a\ud800b ☃'.repeat(200)),
          shelved: (await shelved.get()).length,
          twice: twice.map(({ length }) => length),
          functions: (await bench.memory.functions()).length,
          explained: (await bench.bytes.explain(3, 3)).hit,
        };
        await bench.memory.reduceSize({ items: 100 });
        await bench.memory.flush();
        return rest;
      });
      expect(rest).toEqual({
        first: 7,
        text: `${'a\ud800b ☃'.repeat(200)}!`,
        shelved: 300,
        twice: [100, 100],
        functions: 3,
        explained: false,
      });
      await page.reload();
    }
  });
}
