import { expect, test } from 'vitest';
import { plainXxh64 } from '../digest/plain/xxh64.ts';
import type { StoredRange } from './protocol.ts';
import { type RangeSource, readRangeSync, readSlice, VerifiedBlocks } from './read-range.ts';

/** A file in memory. */
function fileOf(bytes: Uint8Array): RangeSource & { readonly bytes: Uint8Array } {
  const readAt = (into: Uint8Array, position: number): undefined => {
    into.set(bytes.subarray(position, position + into.byteLength));
    return undefined;
  };
  return { bytes, readAt, verified: new VerifiedBlocks(), checksum: plainXxh64 };
}

const rangeOf = (bytes: Uint8Array): StoredRange => ({
  file: 'a.segment',
  offset: 0,
  byteLength: bytes.byteLength,
  checks: BigUint64Array.of(plainXxh64(bytes)),
});

test('a verified place is not verified again', async () => {
  const source = fileOf(new Uint8Array(100).fill(1));
  const range = rangeOf(source.bytes);
  await readSlice(range, new Uint8Array(100), source);
  source.bytes[0] = 9;
  await readSlice(range, new Uint8Array(100), source);
});

test('a verified place is verified again where another block is expected there: a segment was damaged and written over', async () => {
  const source = fileOf(new Uint8Array(100).fill(1));
  const before = rangeOf(source.bytes);
  source.bytes.fill(2);
  await readSlice(rangeOf(source.bytes), new Uint8Array(100), source);
  await expect(readSlice(before, new Uint8Array(100), source)).rejects.toThrow('is not what was written');
  expect(() => readRangeSync(before, 10, new Uint8Array(5), source)).toThrow('is not what was written');
});
