import { expect, test } from 'vitest';
import { type EntryRecord, RECORD_FORMAT, type StoredBytes } from './schema.ts';
import { hasTail, join, split } from './tails.ts';

const KIB = 1024;

/** Bytes that tell where they were. */
function inline(byteLength: number, from: number): StoredBytes {
  const bytes = Uint8Array.from({ length: byteLength }, (_, at) => (from + at * 7) % 251);
  return { place: bytes.buffer, checks: new BigUint64Array(1), compression: '', rawByteLength: byteLength };
}

const inFile: StoredBytes = {
  place: { file: 'x/one.segment', offset: 64, byteLength: 5_000 },
  checks: new BigUint64Array(1),
  compression: '',
  rawByteLength: 5_000,
};

const entryOf = (skeleton: StoredBytes, ...buffers: StoredBytes[]): EntryRecord => ({
  ...{ key: 'k', format: RECORD_FORMAT, functionKey: 'f', revision: 0, createdAt: 1, computeMs: 1 },
  ...{ sizeBytes: 1, skeleton, buffers },
});

test.each([
  ['nothing', entryOf(inline(0, 1)), undefined],
  ['as much as one record takes', entryOf(inline(48 * KIB, 1)), undefined],
  ['a byte more', entryOf(inline(48 * KIB + 1, 1)), 48 * KIB + 1],
  ['64 KiB beside a skeleton', entryOf(inline(300, 1), inline(64 * KIB, 2)), 60 * KIB],
  ['the most', entryOf(inline(96 * KIB, 1)), 60 * KIB],
  [
    'many pieces',
    entryOf(inline(9, 1), ...[20, 30, 0, 25, 20].map((k, at) => inline(k * KIB, at))),
    60 * KIB,
  ],
  ['a piece in a file between others', entryOf(inline(40 * KIB, 1), inFile, inline(40 * KIB, 2)), 60 * KIB],
])('%s: what is cut off comes back where it was', (_, entry, tailBytes) => {
  const { record, tail } = split(entry);
  expect(tail?.byteLength).toBe(tailBytes);
  expect(hasTail(record)).toBe(tail !== undefined);
  const places = [record.skeleton, ...record.buffers].map(({ place }) => place);
  const inRecord = places.filter((place) => place instanceof ArrayBuffer);
  expect(inRecord.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThanOrEqual(48 * KIB);
  expect(join(structuredClone(record), structuredClone(tail))).toEqual(entry);
});

test('a tail of another length is none', () => {
  const { record, tail } = split(entryOf(inline(64 * KIB, 1)));
  for (const other of [undefined, new ArrayBuffer(0), tail?.slice(1), new Uint8Array(60 * KIB), 'x', null])
    expect(join(record, other)).toBeUndefined();
});
