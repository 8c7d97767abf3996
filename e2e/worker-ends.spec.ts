import { expect, test } from './support/profile.ts';

const sizes = { segment: 300_000, file: 9_500_000 };

for (const [kind, size] of Object.entries(sizes)) {
  test(`${kind}: a read that finds the storage worker ended is done by another`, async ({ profile }) => {
    const page = await profile.openLab();
    const seen = await page.evaluate(async (byteLength) => {
      const { lab } = window;
      const bench = lab.open({ workerFactory: lab.workerFactory, memoryTierBytes: 0 });
      const first = await bench.get(1, byteLength);
      await bench.memory.flush();
      lab.workers[0]?.terminate();
      const again = await Promise.all([bench.get(1, byteLength), bench.get(1, byteLength)]);
      return { first, again, workers: lab.workers.length, misses: bench.reasons('miss') };
    }, size);
    expect(seen).toEqual({
      first: { how: 'computed', isRight: true },
      again: [
        { how: 'hit', isRight: true },
        { how: 'hit', isRight: true },
      ],
      workers: 2,
      misses: ['absent'],
    });
  });

  test(`${kind}: a store under way when the storage worker ends costs the caller nothing`, async ({
    profile,
  }) => {
    const page = await profile.openLab();
    const seen = await page.evaluate(async (byteLength) => {
      const { lab } = window;
      const bench = lab.open({ workerFactory: lab.workerFactory, memoryTierBytes: 0 });
      await bench.get(1, byteLength);
      await bench.memory.flush();
      lab.workers[0]?.terminate();
      const lost = await bench.get(2, byteLength);
      await bench.memory.flush();
      const next = await bench.get(3, byteLength);
      await bench.memory.flush();
      return {
        lost,
        next,
        skips: bench.reasons('skip'),
        first: await bench.get(1, byteLength),
        last: await bench.get(3, byteLength),
      };
    }, size);
    expect(seen).toEqual({
      lost: { how: 'computed', isRight: true },
      next: { how: 'computed', isRight: true },
      skips: ['storage-failed'],
      first: { how: 'hit', isRight: true },
      last: { how: 'hit', isRight: true },
    });
  });
}
