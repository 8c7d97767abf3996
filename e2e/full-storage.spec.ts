import type { Page } from '@playwright/test';
import { expect, test } from './support/profile.ts';

const MIB = 2 ** 20;

/** Lets the origin keep so many bytes; estimate() does not show it. */
async function setQuota(page: Page, quotaSize: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
}

for (const storage of ['opfs', 'indexeddb'] as const) {
  test(`${storage}: a full store makes room for the new value and keeps it`, async ({ profile }) => {
    const page = await profile.openLab();
    await setQuota(page, 40 * MIB);
    const seen = await page.evaluate(
      async ([kind, size]) => {
        const { lab } = window;
        const bench = lab.open({ storage: kind, maxBytes: '1G' });
        const outcomes: { how: string; isRight: boolean }[] = [];
        for (let seed = 0; seed < 12; seed += 1) {
          outcomes.push(await bench.get(seed, size));
          await bench.memory.flush();
        }
        await bench.memory.close();
        const again = lab.open({ storage: kind });
        const last = await again.get(11, size);
        const { tier } = await again.memory.storageStatus();
        return {
          outcomes,
          last,
          tier,
          skips: bench.reasons('skip'),
          evictions: bench.reasons('evict'),
          files: Object.values(await lab.listFiles()).length,
          entries: (await Array.fromAsync(again.memory.entries())).filter(({ sizeBytes }) => sizeBytes > size)
            .length,
        };
      },
      // Large enough for files of their own: what a segment holds comes free only with its last entry.
      [storage, 5 * MIB] as const,
    );
    expect(seen.tier).toBe(storage === 'opfs' ? 'sync' : 'indexeddb');
    expect(seen.outcomes.every(({ isRight }) => isRight)).toBe(true);
    expect(seen.evictions.length).toBeGreaterThan(0);
    expect(new Set(seen.evictions)).toEqual(new Set(['storage-full']));
    expect(seen.skips).toEqual([]);
    expect(seen.last).toEqual({ how: 'hit', isRight: true });
    if (storage === 'opfs') expect(seen.files).toBe(seen.entries);
  });

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
