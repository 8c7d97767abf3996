import { expect, test } from 'vitest';
import { commitOf, FUNCTION_KEY } from '../testing/commits.ts';
import type { Catalog } from './catalog-interface.ts';
import { InMemoryCatalog } from './in-memory-catalog.ts';
import { IndexedDbCatalog } from './indexeddb-catalog.ts';

const COUNT = 120;
const keyOf = (index: number): string => `k${String(index).padStart(3, '0')}`;

async function filled(catalog: Catalog): Promise<Catalog> {
  const { memory } = await catalog.epochs(FUNCTION_KEY);
  for (let index = 0; index < COUNT; index += 1)
    await catalog.commit(
      commitOf(keyOf(index), {
        memory,
        sizeBytes: index + 1,
        ...(index % 7 === 0 && { file: `f${index % 3}` }),
      }),
    );
  return catalog;
}

async function twins(): Promise<readonly [Catalog, Catalog]> {
  const catalog = new IndexedDbCatalog(`remove-${crypto.randomUUID()}`);
  await catalog.open();
  return [await filled(catalog), await filled(new InMemoryCatalog())];
}

const indices = Array.from({ length: COUNT }, (_, index) => index);
const cases: readonly (readonly [string, readonly number[]])[] = [
  ['all', indices],
  ['all but one in the middle', indices.filter((index) => index !== 57)],
  ['every other one', indices.filter((index) => index % 2 === 0)],
  ['two stretches, in no order and some twice', [...indices.slice(70, 100), ...indices.slice(5, 30), 7, 71]],
  ['a few', [3, 4, 90]],
  ['some that are not there', [...indices.slice(40, 80), 500, 501]],
];

test.each(cases)('remove() of %s leaves the others, their totals and their files', async (_, gone) => {
  const [stored, twin] = await twins();
  const keys = gone.map(keyOf);
  const [removal, expected] = [await stored.remove(keys), await twin.remove(keys)];
  expect(removal).toEqual({ ...expected, deadFiles: expect.arrayContaining([...expected.deadFiles]) });
  expect(removal.deadFiles).toHaveLength(expected.deadFiles.length);
  const query = { order: 'sizeBytes', direction: 'ascending', limit: COUNT } as const;
  const left = async (catalog: Catalog): Promise<string[]> =>
    (await catalog.details(query)).map(({ key }) => key);
  expect(await left(stored)).toEqual(indices.filter((index) => !gone.includes(index)).map(keyOf));
  for (const index of indices)
    expect((await stored.find(keyOf(index))).kind).toBe(gone.includes(index) ? 'absent' : 'entry');
  const totals = async (catalog: Catalog) => {
    const { entries, bytes } = (await catalog.state()) ?? {};
    return { entries, bytes };
  };
  expect(await totals(stored)).toEqual(await totals(twin));
  expect(await stored.files()).toEqual(expect.arrayContaining(await twin.files()));
  await stored.close();
});
