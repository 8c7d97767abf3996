import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import type { CacheOptions } from '../options/options.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { changeRecords, filesOf, flipBit } from '../testing/stored.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** Of a kind that compresses well: all of it, the structure too. */
const table = (n: number) => ({
  ramp: Int32Array.from({ length: n }, (_, at) => at % 100),
  text: 'the same words again '.repeat(n / 10),
  rows: Array.from({ length: 50 }, (_, row) => ({ row, name: `row ${row}` })),
  blob: new Blob(['blob '.repeat(n)], { type: 'text/plain' }),
});
const noise = (n: number) => Uint8Array.from({ length: n }, () => Math.random() * 256);

async function storedBytes(memory: Memory): Promise<number> {
  await memory.flush();
  return (await Array.fromAsync(memory.entries())).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

const withCompress = (compress: CacheOptions['compress']): CacheOptions => ({
  id: 'table',
  captures: () => ({}),
  ...(compress === undefined ? {} : { compress }),
});

describe('compress', () => {
  test.each([
    ['gzip', 300],
    ['deflate', 300],
    ['gzip', 60_000],
    ['deflate', 60_000],
  ] as const)('%s of %d rows: smaller, and the same after a reload', async (format, n) => {
    const plain = freshMemory().memory;
    await plain.cache(table, withCompress(false))(n);
    const { memory } = freshMemory({ compress: format });
    await memory.cache(table, withCompress(undefined))(n);
    expect(await storedBytes(memory)).toBeLessThan((await storedBytes(plain)) / 3);
    await memory.close();
    // What is stored says how it was packed: the reader's own option does not matter.
    const later = reopen(memory);
    const value = await later.memory.cache(table, withCompress(undefined))(n);
    expect(later.reasons('hit')).toEqual(['storage']);
    const { blob, ...rest } = value;
    const { blob: expected, ...expectedRest } = table(n);
    expect(rest).toEqual(expectedRest);
    expect([blob.type, await blob.text()]).toEqual([expected.type, await expected.text()]);
  });

  test('a function’s own option goes before the memory’s', async () => {
    const { memory } = freshMemory({ compress: 'gzip' });
    await memory.cache(table, withCompress(false))(3_000);
    const plain = await storedBytes(memory);
    await memory.clear();
    await memory.cache(table, withCompress('deflate'))(3_000);
    expect(await storedBytes(memory)).toBeLessThan(plain / 3);
  });

  test('minBytes leaves small parts as they are, and so does what grows by it', async () => {
    const { memory } = freshMemory();
    const sizeWith = async (compress: CacheOptions['compress']): Promise<number> => {
      await memory.clear();
      await memory.cache((n: number) => new Uint8Array(n), withCompress(compress))(10_000);
      return storedBytes(memory);
    };
    const plain = await sizeWith(false);
    expect(await sizeWith({ format: 'gzip', minBytes: 10_001 })).toBe(plain);
    expect(await sizeWith({ format: 'gzip', minBytes: 10_000 })).toBeLessThan(plain / 10);
    await memory.clear();
    await memory.cache(noise, withCompress({ format: 'gzip', minBytes: 0 }))(10_000);
    expect(await storedBytes(memory)).toBeLessThan(10_000 + 200);
    await memory.close();
    expect(await reopen(memory).memory.cache(noise, withCompress('gzip'))(10_000)).toHaveLength(10_000);
  });

  test('damaged compressed bytes are a miss, in a record and in a file', async () => {
    for (const n of [300, 200_000]) {
      const { memory } = freshMemory();
      const make = (size: number) => ({ half: noise(size), rest: new Uint8Array(size) });
      const first = await memory.cache(make, withCompress('gzip'))(n);
      await memory.close();
      const files = await filesOf(memory.name);
      expect(files).toHaveLength(n === 300 ? 0 : 1);
      for (const file of files) await flipBit(file, 50);
      await changeRecords(memory.name, (record) => {
        const buffers = record.buffers as { place: unknown }[]; // a record of the format in use
        for (const { place } of buffers) if (place instanceof ArrayBuffer) new Uint8Array(place)[20]! ^= 1;
      });
      const later = reopen(memory);
      const again = await later.memory.cache(make, withCompress('gzip'))(n);
      expect(later.reasons('compute')).toEqual(['damaged']);
      expect(again.half).not.toEqual(first.half);
    }
  });

  test('bytes that unpack to another length are a miss, though their checksum is right', async () => {
    for (const change of [-1, 1, 2 ** 40]) {
      const { memory } = freshMemory();
      await memory.cache(table, withCompress('gzip'))(300);
      await memory.close();
      await changeRecords(memory.name, (record) => {
        const buffers = record.buffers as { rawByteLength: number }[]; // a record of the format in use
        buffers[0]!.rawByteLength += change;
      });
      const later = reopen(memory);
      expect((await later.memory.cache(table, withCompress('gzip'))(300)).rows).toEqual(table(300).rows);
      expect(later.reasons('compute')).toEqual(['damaged']);
    }
  });
});
