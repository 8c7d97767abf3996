import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, Profile, test } from './support/profile.ts';

/** A record's header (checksum, length 100, type 'whole') without what follows it: Chromium writes the two one after the other. */
const TORN_RECORD = Buffer.from([1, 2, 3, 4, 100, 0, 1]);

/** The log that the origin's databases are written to; they all share one LevelDB. */
function newestLog(folder: string): string {
  const databases = join(folder, 'Default', 'IndexedDB');
  const [name = ''] = readdirSync(databases).filter((each) => each.endsWith('.indexeddb.leveldb'));
  const logs = readdirSync(join(databases, name)).filter((each) => each.endsWith('.log'));
  return join(databases, name, logs.sort().at(-1) ?? '');
}

/** Opens another database of the origin and writes to it; says what the browser says of what was lost. */
async function writeToAnother(page: Page): Promise<string> {
  return page.evaluate(async () => {
    let dataLoss = 'none';
    const request = indexedDB.open('another', 1);
    request.onupgradeneeded = (event) => {
      request.result.createObjectStore('notes', { autoIncrement: true });
      // Chromium adds these to the event; they are in no standard.
      const { dataLoss: amount, dataLossMessage } = event as IDBVersionChangeEvent & Record<string, unknown>;
      dataLoss = `${amount}: ${dataLossMessage}`;
    };
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const tx = request.result.transaction('notes', 'readwrite');
    tx.objectStore('notes').add('a note');
    await new Promise((resolve) => {
      tx.oncomplete = resolve;
    });
    return dataLoss;
  });
}

/** Three calls, whose results have three kinds of places. */
async function getAll(page: Page) {
  return page.evaluate(async () => {
    const bench = window.lab.open();
    const swept = new Promise<unknown>((resolve) =>
      bench.memory.addEventListener('storage', ({ detail }) => {
        if (detail.kind === 'storage' && detail.swept) resolve(detail.swept);
      }),
    );
    const values = [await bench.get(1, 300), await bench.get(2, 100_000), await bench.get(3, 5_000_000)];
    await bench.memory.flush();
    const report = await swept;
    const entries = (await Array.fromAsync(bench.memory.entries())).length;
    const files = Object.keys(await window.lab.listFiles()).length;
    return { values, swept: report, entries, files };
  });
}

const all = (how: string) => Array.from({ length: 3 }, () => ({ how, isRight: true }));

/**
 * A browser that is killed between two writes leaves such a log. Chromium reads over its torn end, and then goes on
 * to write behind it; at the next start it finds the middle of the log damaged, and deletes all databases of the origin.
 */
test('a log that a kill has torn costs nothing: a new one is begun before it is taken for damaged', async () => {
  const profile = new Profile();
  try {
    const first = await profile.openLab();
    await writeToAnother(first);
    expect(await getAll(first)).toMatchObject({ values: all('computed') });
    await first.evaluate(() => window.lab.open().get(4, 300));
    await profile.kill();
    appendFileSync(newestLog(profile.folder), TORN_RECORD);
    const second = await profile.openLab();
    await writeToAnother(second);
    expect(await getAll(second)).toMatchObject({ values: all('hit') });
    await profile.stop();
    const third = await profile.openLab();
    expect(await writeToAnother(third)).toBe('none');
    expect(await getAll(third)).toMatchObject({ values: all('hit'), entries: 4, files: 2 });
  } finally {
    await profile.dispose();
  }
});

test('when Chromium throws the databases away, values are computed anew and the files of the old ones go', async () => {
  const profile = new Profile();
  try {
    const first = await profile.openLab();
    await writeToAnother(first);
    expect(await getAll(first)).toMatchObject({ values: all('computed'), entries: 3, files: 2 });
    await profile.stop();
    appendFileSync(newestLog(profile.folder), TORN_RECORD);
    // Somebody else's page of the origin writes behind the torn end; ours is not opened.
    expect(await writeToAnother(await profile.openLab())).toBe('none');
    await profile.stop();
    const third = await profile.openLab();
    expect(await writeToAnother(third)).toMatch(/^total: .*corrupt/);
    // The old segment is written on; the old file goes.
    expect(await getAll(third)).toMatchObject({
      values: all('computed'),
      entries: 3,
      files: 2,
      swept: { orphans: 1 },
    });
  } finally {
    await profile.dispose();
  }
});

test('a page that is left while it writes leaves no mark: only a kill has the log renewed', async ({
  profile,
}) => {
  const page = await profile.openLab();
  const marks = () =>
    page.evaluate(async () => {
      const { memory } = window.lab.open();
      await memory.stats(); // the database is there
      const request = indexedDB.open(`keepsake/${memory.name}`);
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      const keys = request.result.transaction('busy').objectStore('busy').getAllKeys();
      await new Promise((resolve) => {
        keys.onsuccess = resolve;
      });
      request.result.close();
      return keys.result.length;
    });
  await page.evaluate(() => window.lab.open().get(1, 300));
  await expect.poll(marks).toBe(1);
  await page.reload();
  await page.waitForFunction(() => 'lab' in window);
  expect(await marks()).toBe(0);
  // Its uses are written down when it is left.
  await page.evaluate(() => window.lab.open().get(1, 300));
  await page.reload();
  await page.waitForFunction(() => 'lab' in window);
  expect(await marks()).toBe(0);
});
