/** What the panel says and draws, as far as it needs no page. */
import { MappedArray, Memory } from 'keepsake';
import { expect, test } from 'vitest';
import { formatAge, formatBytes, formatDuration, shortened, visible } from './format.ts';
import { compareBy, grouped, isWantedBy, noFilter } from './model/entry-filter.ts';
import { filteredInSlices, sortedInSlices } from './model/yielding.ts';
import { csvOf, npyOf } from './preview/downloads.ts';
import { hexOf } from './preview/hex.ts';
import { previewOf } from './preview/kind-of-result.ts';
import { summarise, WindowedArray } from './preview/windowed-array.ts';

const { signal } = new AbortController();

const entry = (key: string, more: object = {}) => ({
  ...{ key, functionId: 'f', argumentsPreview: '(1)', createdAt: 0, lastUsedAt: 0, computeMs: 1, storeMs: 1 },
  ...{ sizeBytes: 10, hits: 0, savedMs: 0, tags: [], ageMs: 0 },
  ...more,
});

test('formatAge() counts in the largest unit that fits', () => {
  const now = Date.UTC(2026, 0, 10);
  const ages = [1_000, 120_000, 86_400_000, -60_000].map((ms) => formatAge(now - ms, now));
  expect(ages).toEqual(['now', '2 min. ago', 'yesterday', 'in the future']);
});

test('formatDuration() and formatBytes() in three digits, below zero too', () => {
  expect([0, 0.432, 85.4, 7_312, -7_312, 600_000].map(formatDuration)).toEqual([
    ...['0 ms', '0.43 ms', '85 ms', '7.31 s', '−7.31 s', '10 min'],
  ]);
  expect([0, 999, 64_000_128, 2.5e12].map(formatBytes)).toEqual(['0 B', '999 B', '64 MB', '2.5 TB']);
});

test('visible() and shortened() leave nothing that turns, hides or halves a text', () => {
  expect(visible('a\u202Eb\u0000c\ud800d')).toBe('a\\u{202E}b\\u{0}c\\u{D800}d');
  expect(shortened('ab😀cd', 3)).toBe('ab…');
  expect(shortened('abc', 3)).toBe('abc');
});

test('sortedInSlices() sorts as sort() does, and stops when it is told to', async () => {
  const rows = Array.from({ length: 10_000 }, (_, at) =>
    entry(`${(at * 7_919) % 10_000}`, { hits: at % 13 }),
  );
  const compare = compareBy({ by: 'hits', direction: 'descending' });
  expect(await sortedInSlices(rows, compare, signal)).toEqual([...rows].sort(compare));
  expect(await sortedInSlices([], compare, signal)).toEqual([]);
  const stopped = AbortSignal.abort(new Error('enough'));
  const slow = (a: { key: string }, b: { key: string }): number => {
    for (const start = performance.now(); performance.now() - start < 0.02; );
    return a.key < b.key ? -1 : 1;
  };
  await expect(sortedInSlices(rows, slow, stopped)).rejects.toThrow('enough');
});

test('isWantedBy() by each part of the filter', async () => {
  const now = 1_000_000_000;
  const rows = [
    entry('a', { functionId: 'Embed', tags: ['Kept'], lastUsedAt: now, identity: 'plugin:x' }),
    entry('b', { argumentsPreview: '("needle")', sizeBytes: 5_000, lastUsedAt: now - 7_200_000 }),
  ];
  const wanted = async (change: Partial<typeof noFilter>): Promise<string> =>
    (await filteredInSlices(rows, isWantedBy({ ...noFilter, ...change }, now), signal))
      .map(({ key }) => key)
      .join('');
  expect(await wanted({})).toBe('ab');
  expect(await wanted({ text: 'EMBED' })).toBe('a');
  expect(await wanted({ text: 'needle' })).toBe('b');
  expect(await wanted({ text: 'kept' })).toBe('a');
  expect(await wanted({ functionId: 'f' })).toBe('b');
  expect(await wanted({ tag: 'Kept' })).toBe('a');
  expect(await wanted({ identity: 'plugin' })).toBe('a');
  expect(await wanted({ minBytes: 100 })).toBe('b');
  expect(await wanted({ usedMs: 3_600_000 })).toBe('a');
  expect(await wanted({ usedMs: -3_600_000 })).toBe('b');
});

test('grouped() puts the entries of a function below its head', () => {
  const items = grouped([
    entry('1', { functionId: 'a' }),
    entry('2', { functionId: 'b' }),
    entry('3', { functionId: 'a' }),
  ]);
  expect(
    items.map((item) => ('group' in item ? `${item.group} ${item.count} ${item.bytes}` : item.key)),
  ).toEqual([...['a 2 20', '1', '3', 'b 1 10', '2']]);
});

test('summarise() tells of what is finite, and counts NaN', () => {
  const { min, max, mean, nanCount, bins } = summarise(
    Float64Array.of(1, 3, Number.NaN, Number.POSITIVE_INFINITY, 2),
  );
  expect({ min, max, mean, nanCount }).toEqual({ min: 1, max: 3, mean: 2, nanCount: 1 });
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(summarise(BigInt64Array.of(-5n, 5n)).mean).toBe(0);
});

const mapped = async <T>(value: T): Promise<unknown> => {
  const memory = new Memory({ storage: 'memory', verify: 'off' });
  const f = memory.cache(() => value, { id: 'f', captures: () => ({}), mmapMode: 'r' });
  return f();
};

test('WindowedArray reads a window, and four places of the whole, by blocks of 1 MiB', async () => {
  const array = await mapped(new Float64Array(2 ** 21));
  if (!(array instanceof MappedArray)) throw new Error('A mapped array was expected');
  const windowed = new WindowedArray(array);
  expect(windowed.windowLength).toBe(2 ** 17);
  expect((await windowed.read(0, 2 ** 17)).length).toBe(2 ** 17);
  expect(windowed.bytesRead).toBe(2 ** 20);
  expect((await windowed.sample()).length).toBe(4 * 8_192);
  expect(windowed.bytesRead).toBeLessThanOrEqual(6 * 2 ** 20);
});

test('npyOf() writes a header that NumPy reads, 64 bytes aligned', async () => {
  const array = await mapped(Float32Array.of(1, 2, 3));
  if (!(array instanceof MappedArray)) throw new Error('A mapped array was expected');
  const bytes = new Uint8Array(await (await npyOf(array)).arrayBuffer());
  const headerLength = new DataView(bytes.buffer).getUint16(8, true);
  expect((10 + headerLength) % 64).toBe(0);
  const text = new TextDecoder().decode(bytes.subarray(10, 10 + headerLength));
  expect(text).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3,\), \} *\n$/);
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  expect([...new Float32Array(bytes.slice(10 + headerLength).buffer)]).toEqual([1, 2, 3]);
});

test('previewOf() tells tables, trees, texts and bytes apart; csvOf() quotes', async () => {
  const rows = previewOf([
    { a: 1, b: 'x,"y"' },
    { a: 2, b: null },
  ]);
  if (rows.kind !== 'table') throw new Error('A table was expected');
  expect(await csvOf(rows).text()).toBe('a,b\r\n1,"x,""y"""\r\n2,\r\n');
  const kinds = [
    { a: [1, 2], b: ['x', 'y'] },
    { a: 1 },
    'text',
    new Blob(['x'], { type: 'audio/wav' }),
    new Blob(['x']),
    3,
  ];
  expect(kinds.map((each) => previewOf(each).kind)).toEqual([
    'table',
    'tree',
    'text',
    'sound',
    'bytes',
    'tree',
  ]);
  expect(previewOf(await mapped(new Uint8Array(3))).kind).toBe('array');
});

test('hexOf() shows bytes and what they say', () => {
  expect(hexOf(new TextEncoder().encode('keepsake\u0000'))).toBe(
    `000000  ${'6b 65 65 70 73 61 6b 65 00'.padEnd(47)}  keepsake·`,
  );
});
