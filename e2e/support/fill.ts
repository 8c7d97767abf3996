/** Fills a store beyond what the browser grants, and says how that went. Runs in the page of e2e/pages/lab.ts. */
export interface Filled {
  readonly outcomes: readonly { readonly how: string; readonly isRight: boolean }[];
  readonly last: { readonly how: string; readonly isRight: boolean };
  readonly tier: string;
  readonly skips: readonly string[];
  readonly evictions: readonly string[];
  /** Most bytes of all files after a store. */
  readonly mostBytes: number;
  readonly files: number;
  readonly entries: number;
  /** Entries that are still there after they were deleted from the full store. */
  readonly undeleted: number;
}

export interface ToFill {
  readonly storage: 'opfs' | 'indexeddb';
  readonly size: number;
  readonly count: number;
  /** Calls under way at once. */
  readonly abreast: number;
}

export async function fill({ storage, size, count, abreast }: ToFill): Promise<Filled> {
  const { lab } = window;
  const bytesOnDisk = async (): Promise<number> =>
    Object.values(await lab.listFiles()).reduce((sum, each) => sum + each, 0);
  const bench = lab.open({ storage, maxBytes: '1G' });
  const outcomes: Filled['outcomes'][number][] = [];
  let mostBytes = 0;
  for (let seed = 0; seed < count; seed += abreast) {
    const seeds = Array.from({ length: Math.min(abreast, count - seed) }, (_, at) => seed + at);
    outcomes.push(...(await Promise.all(seeds.map((each) => bench.get(each, size)))));
    await bench.memory.flush();
    if (size > 2 ** 20 || seed % 50 === 0) mostBytes = Math.max(mostBytes, await bytesOnDisk());
  }
  await bench.memory.close();
  const again = lab.open({ storage });
  const last = await again.get(count - 1, size);
  const { tier } = await again.memory.storageStatus();
  const files = Object.values(await lab.listFiles()).length;
  const large = (await Array.fromAsync(again.memory.entries())).filter(({ sizeBytes }) => sizeBytes > size);
  let undeleted = 0;
  for (let seed = count - 3; seed < count; seed += 1) {
    await again.bytes.delete(seed, size);
    if (await again.bytes.checkCallInCache(seed, size)) undeleted += 1;
  }
  await again.memory.close();
  const [skips, evictions] = [bench.reasons('skip'), bench.reasons('evict')];
  return { outcomes, last, tier, skips, evictions, mostBytes, files, entries: large.length, undeleted };
}
