import { describe, expect, test } from 'vitest';
import { commitOf, FUNCTION_KEY } from '../testing/commits.ts';
import type { Catalog } from './catalog-interface.ts';
import { InMemoryCatalog } from './in-memory-catalog.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';
import type { DetailQuery } from './list.ts';
import type { Commit, DetailRecord } from './schema.ts';

const COUNT = 30;

/** Three entries of each time, and five of each size. */
const commitAt = (index: number, memory: number): Commit =>
  commitOf(`k${String((index * 7) % COUNT).padStart(2, '0')}`, {
    memory,
    createdAt: 1_000 + Math.floor(index / 3),
    sizeBytes: index % 6,
    tags: ['tagged'],
  });

async function filled(catalog: Catalog): Promise<Catalog> {
  const { memory } = await catalog.epochs(FUNCTION_KEY);
  for (let index = 0; index < COUNT; index += 1) await catalog.commit(commitAt(index, memory));
  return catalog;
}

const makers: readonly (readonly [string, () => Promise<Catalog>])[] = [
  [
    'IndexedDB',
    async () => {
      const catalog = new IndexedDbCatalog(`list-${crypto.randomUUID()}`);
      await catalog.open();
      return filled(catalog);
    },
  ],
  ['memory', () => filled(new InMemoryCatalog())],
];

type Order = Omit<DetailQuery, 'limit' | 'after'>;

const orders: readonly Order[] = [
  { order: 'lastUsedAt', direction: 'ascending' },
  { order: 'lastUsedAt', direction: 'descending' },
  { order: 'createdAt', direction: 'descending' },
  { order: 'sizeBytes', direction: 'ascending' },
  { order: 'sizeBytes', direction: 'descending' },
  { order: 'lastUsedAt', direction: 'descending', functionId: 'f' },
  { order: 'createdAt', direction: 'descending', tag: 'tagged' },
  { order: 'lastUsedAt', direction: 'ascending', functionKey: FUNCTION_KEY },
];

/** All keys, by pages of `limit`; `between` is told of each page. */
async function keysBy(
  catalog: Catalog,
  query: DetailQuery,
  between: (page: readonly DetailRecord[]) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const keys: string[] = [];
  for (let after: DetailRecord | undefined; ; ) {
    const page = await catalog.details({ ...query, after });
    keys.push(...page.map(({ key }) => key));
    if (page.length < query.limit) return keys;
    after = page.at(-1);
    await between(page);
  }
}

describe.each(makers)('details() in %s', (_, make) => {
  test.each(orders)('pages are the whole list: %j', async (order) => {
    const catalog = await make();
    const whole = await keysBy(catalog, { ...order, limit: 100 });
    expect(new Set(whole).size).toBe(COUNT);
    for (const limit of [1, 2, 7, COUNT]) expect(await keysBy(catalog, { ...order, limit })).toEqual(whole);
  });

  test.each(orders)(
    'a page goes on where the one before ended, though that was deleted: %j',
    async (order) => {
      const catalog = await make();
      const whole = await keysBy(catalog, { ...order, limit: 100 });
      const keys = await keysBy(catalog, { ...order, limit: 4 }, async (page) => {
        await catalog.remove(page.map(({ key }) => key));
      });
      expect(keys).toEqual(whole);
    },
  );

  test('an entry that was used after it was listed is listed again where it is now', async () => {
    const catalog = await make();
    const query = { order: 'lastUsedAt', direction: 'ascending', limit: 4 } as const;
    let used: string | undefined;
    const keys = await keysBy(catalog, query, async (page) => {
      if (used !== undefined) return;
      used = page.at(-1)?.key ?? '';
      await catalog.touch(
        [{ key: used, functionKey: FUNCTION_KEY, hits: 1, savedMs: 1, lastUsedAt: 9_000 }],
        [],
      );
    });
    expect(keys).toHaveLength(COUNT + 1);
    expect(keys.indexOf(used ?? '')).toBe(3);
    expect(keys.at(-1)).toBe(used);
  });
});
