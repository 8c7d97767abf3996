/** Lists of entries, and results opened by their keys. */
import { afterAll, expect, test } from 'vitest';
import { MappedArray } from '../arrays/arrays.ts';
import { ResultEvictedError } from '../errors/errors.ts';
import type { CacheEventOf } from '../events/events.ts';
import type { EntryInfo } from '../options/options.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const list = (entries: AsyncIterable<EntryInfo>): Promise<EntryInfo[]> => Array.fromAsync(entries);

async function only(entries: AsyncIterable<EntryInfo>): Promise<EntryInfo> {
  const [entry, ...more] = await list(entries);
  if (!entry || more.length > 0) throw new Error(`One entry was expected, and there are ${1 + more.length}`);
  return entry;
}

test('an entry tells its result’s kind, dtype and shape, its tier, identity, version and expiry', async () => {
  const { memory } = freshMemory();
  const big = memory.cache((n: number) => new Float32Array(n), { id: 'big', maxAgeMs: 60_000 });
  const small = memory.cache((n: number) => ({ n }), { id: 'small', version: 7 });
  const [bigCall, smallCall] = [big(2 ** 20), small(1)];
  await Promise.all([bigCall, smallCall]);
  await memory.flush();
  expect(await only(memory.entries({ functionId: 'big' }))).toMatchObject({
    ...{ resultKind: 'Float32Array', dtype: 'float32', shape: [2 ** 20], tier: 'file', identity: 'source' },
    functionKey: expect.stringMatching(/^[0-9a-f]+$/),
  });
  const { createdAt, expiresAt } = await only(memory.entries({ functionId: 'big' }));
  expect(expiresAt).toBe(createdAt + 60_000);
  const info = await only(memory.entries({ functionId: 'small' }));
  expect(info).toMatchObject({ resultKind: 'Object', tier: 'database', identity: 'version', version: '7' });
  expect(info).not.toHaveProperty('dtype');
  expect(info).not.toHaveProperty('expiresAt');
  await big.clear();
  await small.clear();
});

test('a result that was written to is where the like of it is', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((n: number) => new Float64Array(n), { id: 'f' });
  const array = await f.with({ mmapMode: 'r+' })(30_000);
  await memory.flush();
  expect((await only(memory.entries())).tier).toBe('segment');
  if (!(array instanceof MappedArray)) throw new Error('A mapped array was expected');
  await array.set([1, 2, 3]);
  await array.flush();
  await array.close();
  await memory.flush();
  expect((await only(memory.entries())).tier).toBe('segment');
});

test('entries() in each order and direction, page by page, by text, and how many there are', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((text: string) => text.repeat(3), { id: 'double' });
  const g = memory.cache((text: string) => text, { id: 'same', tags: ['Kept'] });
  for (const text of ['alpha', 'beta', 'gamma', 'delta']) await f(text);
  for (const text of ['Beta', 'omega']) await g(text);
  await memory.flush();
  const orders = ['lastUsedAt', 'createdAt', 'sizeBytes', 'computeMs', 'storeMs', 'savedMs', 'hits'] as const;
  for (const order of [...orders, 'functionId' as const]) {
    for (const direction of ['ascending', 'descending'] as const) {
      const whole = await list(memory.entries({ order, direction }));
      const values = whole.map((entry) => entry[order]);
      const sorted = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
      expect(values).toEqual(direction === 'ascending' ? sorted : sorted.reverse());
      const paged: EntryInfo[] = [];
      for (let page: EntryInfo[] = []; paged.length < 6; paged.push(...page)) {
        const after = paged.at(-1)?.key;
        page = await list(memory.entries({ order, direction, limit: 4, ...(after && { after }) }));
        if (page.length === 0) break;
      }
      expect(paged.map(({ key }) => key)).toEqual(whole.map(({ key }) => key));
    }
  }
  const found = await list(memory.entries({ text: 'BETA' }));
  expect(found.map(({ functionId }) => functionId).sort()).toEqual(['double', 'same']);
  expect(await list(memory.entries({ text: 'kept', functionId: 'same', order: 'sizeBytes' }))).toHaveLength(
    2,
  );
  expect(await list(memory.entries({ text: 'nowhere' }))).toEqual([]);
  const counts = [
    {},
    { functionId: 'double' },
    { tag: 'Kept' },
    { text: 'beta' },
    { text: 'beta', tag: 'Kept' },
  ];
  expect(await Promise.all(counts.map((query) => memory.entries(query).count()))).toEqual([6, 4, 2, 2, 1]);
  expect(await memory.entries({ limit: 1 }).count()).toBe(6);
});

test('open() gives a result by its key, mapped where that is asked for, and counts no use', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((n: number) => Float32Array.from({ length: n }, (_, at) => at), { id: 'ramp' });
  await f(1_000_000);
  await memory.flush();
  const { key } = await only(memory.entries());
  const { memory: again } = reopen(memory);
  const result = await again.open<Float32Array>(key);
  expect(result.info).toMatchObject({ key, functionId: 'ramp', hits: 0, shape: [1_000_000] });
  const mapped = await result.map();
  expect([...(await mapped.read(500, 503))]).toEqual([500, 501, 502]);
  await mapped.close();
  expect((await result.get()).length).toBe(1_000_000);
  expect(again.shelved(result.toJSON()).digest).toBe(result.digest);
  await again.flush();
  expect((await only(again.entries())).hits).toBe(0);
  await again.delete(key);
  await expect(again.open(key)).rejects.toBeInstanceOf(ResultEvictedError);
  await expect(result.get()).rejects.toBeInstanceOf(ResultEvictedError);
});

/** Remote events of a second Memory of the same name, which hears what a page in another tab would. */
function listen(memory: Memory): CacheEventOf<'remote'>[] {
  const heard: CacheEventOf<'remote'>[] = [];
  memory.addEventListener('remote', ({ detail }) => void heard.push(detail));
  return heard;
}

test('another page hears of stores, uses, computations and deletions, many at a time', async () => {
  const { memory } = freshMemory();
  const { memory: other, events } = reopen(memory);
  const heard = listen(other);
  await other.stats(); // opens it
  const f = memory.cache(
    async (n: number) => {
      await wait(n === 0 ? 600 : 0);
      return n;
    },
    { id: 'f' },
  );
  const slow = f(0);
  await expect.poll(() => heard.map(({ reason }) => reason)).toEqual(['computing']);
  await slow;
  await Promise.all(Array.from({ length: 300 }, (_, n) => f(n)));
  await memory.flush();
  await expect.poll(() => new Set(heard.map(({ reason }) => reason))).toContain('settled');
  await expect
    .poll(() => new Set(heard.filter(({ reason }) => reason === 'stored').flatMap(named)).size)
    .toBe(300);
  // Each fifth of a second is told once.
  expect(heard.filter(({ reason }) => reason === 'stored').length).toBeLessThan(50);
  await f(3);
  await memory.flush();
  await expect.poll(() => heard.filter(({ reason }) => reason === 'used').flatMap(named)).toHaveLength(2);
  await f.delete(3);
  await expect.poll(() => events.filter(({ kind }) => kind === 'delete')).toHaveLength(1);
  expect(events.find(({ kind }) => kind === 'delete')).toMatchObject({
    reason: 'remote',
    keys: [expect.any(String)],
  });
});

const named = ({ entries }: CacheEventOf<'remote'>): string[] => entries.map(({ key }) => key);

test('who computes, stores or uses an entry does not hear of it as of another page’s', async () => {
  const { memory } = freshMemory();
  const heard = listen(memory);
  const f = memory.cache((n: number) => n, { id: 'f' });
  await f(1);
  await f(1);
  await memory.flush();
  await wait(400);
  expect(heard).toEqual([]);
});
