import { expect, test } from 'vitest';
import { sparseSegments } from './compact.ts';

const MIB = 2 ** 20;
const row = (name: string, mib: number, liveMib: number) => ({
  file: `keepsake/m/segments/${name}.segment`,
  byteLength: mib * MIB,
  liveBytes: liveMib * MIB,
});

const chosen = (...rows: ReturnType<typeof row>[]): string[] =>
  sparseSegments(rows).map(({ file }) => /(\w+)\.segment$/.exec(file)?.[1] ?? file);

test('the sparsest segments go until a third of all is dead at most', () => {
  expect(chosen(row('a', 16, 14), row('b', 16, 2), row('c', 16, 8))).toEqual(['b']);
  expect(chosen(row('a', 16, 6), row('b', 16, 2), row('c', 16, 8))).toEqual(['b', 'a']);
  expect(chosen(row('a', 16, 11), row('b', 16, 11))).toEqual([]);
});

test('a few dead bytes are not worth copying the others', () => {
  expect(chosen(row('a', 5, 1))).toEqual([]);
  expect(chosen(row('a', 5.1, 1))).toEqual(['a']);
});

test('files of their own, and what waits for removal, are left alone', () => {
  expect(chosen(row('a', 16, 0))).toEqual([]);
  expect(
    sparseSegments([{ file: 'keepsake/m/f/k.safetensors', byteLength: 64 * MIB, liveBytes: MIB }]),
  ).toEqual([]);
});
