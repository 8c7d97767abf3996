import { expect, test } from 'vitest';
import { BLOCK_BYTES } from '../blobs/blobs.ts';
import type { StoredBytes } from '../catalog/catalog.ts';
import { blockPlaces, runsOf } from './entry-blocks.ts';

const stored = (...runs: [file: string, offset: number, byteLength: number][]): StoredBytes => {
  const [place, ...more] = runs.map(([file, offset, byteLength]) => ({ file, offset, byteLength }));
  if (!place) throw new TypeError('There is a run');
  const rawByteLength = runs.reduce((sum, [, , byteLength]) => sum + byteLength, 0);
  return { place, more, checks: new BigUint64Array(), compression: '', rawByteLength };
};

test('runsOf(blockPlaces()) gives the runs back', () => {
  const bytes = stored(['a', 64, 2 * BLOCK_BYTES], ['b', 7, BLOCK_BYTES], ['a', 9 * BLOCK_BYTES, 100]);
  const { places, strays } = blockPlaces(bytes, new Map());
  expect(places).toHaveLength(4);
  expect(strays).toEqual([]);
  expect(runsOf(places, bytes.rawByteLength)).toEqual([bytes.place, ...(bytes.more ?? [])]);
});

test('runsOf() joins only blocks that are neighbours in one file', () => {
  const places = [
    { file: 'a', offset: 0 },
    { file: 'a', offset: BLOCK_BYTES },
    { file: 'a', offset: 5 * BLOCK_BYTES },
    { file: 'b', offset: 6 * BLOCK_BYTES },
  ];
  expect(runsOf(places, 3 * BLOCK_BYTES + 5)).toEqual([
    { file: 'a', offset: 0, byteLength: 2 * BLOCK_BYTES },
    { file: 'a', offset: 5 * BLOCK_BYTES, byteLength: BLOCK_BYTES },
    { file: 'b', offset: 6 * BLOCK_BYTES, byteLength: 5 },
  ]);
});

test('blockPlaces() gathers the blocks of the smaller files when there are too many', () => {
  const small = Array.from({ length: 8 }, (_, at): [string, number, number] => [`f${at}`, 0, BLOCK_BYTES]);
  const bytes = stored(['most', 0, 3 * BLOCK_BYTES], ...small);
  expect(blockPlaces(bytes, new Map([[3, 1]])).strays).toEqual([4, 5, 6, 7, 8, 9, 10]);
  expect(
    blockPlaces(
      bytes,
      new Map([
        [3, 1],
        [4, 1],
      ]),
    ).strays,
  ).toEqual([]);
});
