import type { Page } from '@playwright/test';
import { fill, type ToFill } from './support/fill.ts';
import { expect, Profile, test } from './support/profile.ts';

const MIB = 2 ** 20;
const QUOTA_BYTES = 40 * MIB;

/** Lets the origin keep so many bytes; estimate() does not show it. */
async function setQuota(page: Page, quotaSize: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
}

/** Of what this preference names, in KiB, Firefox grants a site a fifth. */
const firefoxLimit = { 'dom.quotaManager.temporaryStorage.fixedLimit': (5 * QUOTA_BYTES) / 2 ** 10 };

/** Files of their own; segments of a few values and of many; bytes in the database. */
const fills: readonly ToFill[] = [
  { storage: 'opfs', size: 5 * MIB, count: 12, abreast: 1 },
  { storage: 'opfs', size: 3 * MIB, count: 24, abreast: 1 },
  { storage: 'opfs', size: 3 * MIB, count: 24, abreast: 4 },
  { storage: 'opfs', size: MIB / 10, count: 500, abreast: 10 },
  { storage: 'indexeddb', size: 5 * MIB, count: 12, abreast: 1 },
];

for (const browser of ['chromium', 'firefox'] as const) {
  for (const { storage, size, count, abreast } of fills) {
    test(`${browser}, ${storage}: ${count} values of ${size / MIB} MiB, ${abreast} abreast, are kept in turn by a store that is full`, async () => {
      const profile = new Profile(browser, browser === 'firefox' ? firefoxLimit : {});
      try {
        const page = await profile.openLab();
        if (browser === 'chromium') await setQuota(page, QUOTA_BYTES);
        const seen = await page.evaluate(fill, { storage, size: Math.floor(size), count, abreast });
        expect(seen.tier).toBe(storage === 'opfs' ? 'sync' : 'indexeddb');
        expect(seen.outcomes.every(({ isRight }) => isRight)).toBe(true);
        expect(seen.evictions.length).toBeGreaterThan(0);
        expect(new Set(seen.evictions)).toEqual(new Set(['storage-full']));
        expect(seen.skips).toEqual([]);
        expect(seen.last).toEqual({ how: 'hit', isRight: true });
        expect(seen.mostBytes).toBeLessThanOrEqual(QUOTA_BYTES);
        expect(seen.undeleted).toBe(0);
        if (storage === 'opfs' && size > 4 * MIB) expect(seen.files).toBe(seen.entries);
      } finally {
        await profile.dispose();
      }
    });
  }
}

for (const storage of ['opfs', 'indexeddb'] as const) {
  test(`${storage}: a value that never fits is returned, and nothing of it is left`, async ({ profile }) => {
    const page = await profile.openLab();
    await setQuota(page, 12 * MIB);
    const seen = await page.evaluate(
      async ([kind, size]) => {
        const { lab } = window;
        const bench = lab.open({ storage: kind, maxBytes: '1G' });
        const unhandled: string[] = [];
        addEventListener('unhandledrejection', ({ reason }) => void unhandled.push(String(reason)));
        const small = await bench.get(1, 100_000);
        await bench.memory.flush();
        const large = await bench.get(2, size);
        await bench.memory.flush();
        const after = await bench.get(3, 100_000);
        await bench.memory.flush();
        const skip = bench.events.find(({ kind: each }) => each === 'skip');
        const error = skip && 'error' in skip ? (skip.error as Error) : undefined;
        return {
          right: [small, large, after].map(({ isRight }) => isRight),
          skip: skip?.reason,
          error: error?.name,
          isStored: await bench.bytes.checkCallInCache(2, size),
          isNextStored: await bench.bytes.checkCallInCache(3, 100_000),
          bytes: Object.values(await lab.listFiles()).reduce((sum, each) => sum + each, 0),
          unhandled,
        };
      },
      [storage, 40 * MIB] as const,
    );
    expect(seen).toMatchObject({
      right: [true, true, true],
      skip: 'storage-full',
      error: 'StorageFullError',
      isStored: false,
      isNextStored: true,
      unhandled: [],
    });
    expect(seen.bytes).toBeLessThan(MIB);
  });
}
