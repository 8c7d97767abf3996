import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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

/**
 * A browser that is killed between two writes leaves such a log. Chromium reads over its torn end, and then goes on
 * to write behind it; at the next start it finds the middle of the log damaged, and deletes all databases of the origin.
 */
test('when Chromium throws the databases away, values are computed anew and the files of the old ones go', async () => {
  const profile = new Profile();
  const openAndGet = async () => {
    const page = await profile.openLab();
    return page.evaluate(async () => {
      let dataLoss = 'none';
      const request = indexedDB.open('another', 1);
      request.onupgradeneeded = (event) => {
        // Chromium adds these to the event; they are in no standard.
        const { dataLoss: amount, dataLossMessage } = event as IDBVersionChangeEvent &
          Record<string, unknown>;
        dataLoss = `${amount}: ${dataLossMessage}`;
      };
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
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
      return {
        dataLoss,
        values,
        swept: report,
        entries,
        files: Object.keys(await window.lab.listFiles()).length,
      };
    });
  };
  const all = (how: string) => Array.from({ length: 3 }, () => ({ how, isRight: true }));
  try {
    expect(await openAndGet()).toMatchObject({ values: all('computed'), entries: 3, files: 2 });
    await profile.stop();
    appendFileSync(newestLog(profile.folder), TORN_RECORD);
    expect(await openAndGet()).toMatchObject({ dataLoss: 'none', values: all('hit') });
    await profile.stop();
    const seen = await openAndGet();
    expect(seen.dataLoss).toMatch(/^total: .*corrupt/);
    // The old segment is written on; the old file goes.
    expect(seen).toMatchObject({ values: all('computed'), entries: 3, files: 2, swept: { orphans: 1 } });
  } finally {
    await profile.dispose();
  }
});
