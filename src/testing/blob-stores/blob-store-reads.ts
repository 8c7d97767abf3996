/** What every blob backend gives back of what was written. */
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES, type StoredRange } from '../../blobs/blobs.ts';
import {
  type BlobSuite,
  CHUNK,
  expectBytes,
  freshFolder,
  isEqual,
  ONE_TURN,
  pattern,
  write,
} from './blob-store-harness.ts';

/** All of it. */
export function testWholeReads({ name, open }: BlobSuite): void {
  describe(`${name}: write() and read()`, () => {
    const around = (limit: number): number[] => [limit - 1, limit, limit + 1];
    const sizes = [0, 1, 100, ...around(BLOCK_BYTES), ...around(CHUNK), ...around(ONE_TURN), 3 * CHUNK + 5];

    test.each(sizes)('gives %i bytes back, in this page and after a reload', async (byteLength) => {
      const folder = freshFolder();
      const store = await open(folder);
      const bytes = pattern(byteLength);
      const { ranges } = await write(store, folder, [bytes]);
      expectBytes((await store.read(ranges))[0], bytes);
      await store.close();
      expectBytes((await (await open(folder)).read(ranges))[0], bytes);
    });

    test('keeps many parts apart', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const contents = Array.from({ length: 200 }, (_, at) => pattern(at * 97, at));
      const { ranges } = await write(store, folder, contents);
      const read = await store.read(ranges);
      for (const [at, bytes] of contents.entries()) expectBytes(read[at], bytes);
    });

    test('takes parts in any order', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const [first, second] = [pattern(1_001), pattern(2_002, 2)];
      const parts = [
        { offset: first.byteLength, bytes: second },
        { offset: 0, bytes: first },
      ];
      const file = `${folder}/label/unordered`;
      const written = await store.write({ file, label: 'call', parts, claim: async () => undefined }).done;
      store.settle(written, true);
      const ranges = parts.map(({ offset, bytes }, at) => ({
        file: written.file,
        offset: written.offset + offset,
        byteLength: bytes.byteLength,
        checks: written.checks[at]!,
      }));
      const read = await store.read(ranges);
      expectBytes(read[0], second);
      expectBytes(read[1], first);
    });

    test.each([50_000, CHUNK + 10, ONE_TURN + 10])(
      'takes a Blob of %i bytes as a part',
      async (byteLength) => {
        const folder = freshFolder();
        const store = await open(folder);
        const [head, body, tail] = [pattern(10), pattern(byteLength, 2), pattern(BLOCK_BYTES + 1, 3)];
        const { ranges } = await write(store, folder, [head, new Blob([body]), tail]);
        const read = await store.read(ranges);
        for (const [at, bytes] of [head, body, tail].entries()) expectBytes(read[at], bytes);
      },
    );

    test('many writes at once keep apart', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const contents = Array.from({ length: 60 }, (_, at) => pattern(1 + at * 5_003, at));
      const stored = await Promise.all(contents.map((bytes) => write(store, folder, [bytes])));
      await store.close();
      const later = await open(folder);
      const reads = await Promise.all(stored.map(({ ranges }) => later.read(ranges)));
      for (const [at, bytes] of contents.entries()) expectBytes(reads[at]?.[0], bytes);
    });

    test('has taken up to 8 MiB when write() returns', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const source = pattern(ONE_TURN);
      const wanted = source.slice();
      const writing = write(store, folder, [source]);
      source.fill(0);
      const { ranges } = await writing;
      expectBytes((await store.read(ranges))[0], wanted);
    });
  });
}

/** Parts of it. */
export function testSlices({ name, open }: BlobSuite): void {
  describe(`${name}: slices`, () => {
    const size = 2 * BLOCK_BYTES + 1000;
    const slices: readonly (readonly [start: number, end: number])[] = [
      [0, 0],
      [0, 1],
      [5, 100],
      [BLOCK_BYTES - 1, BLOCK_BYTES],
      [BLOCK_BYTES, BLOCK_BYTES + 1],
      [BLOCK_BYTES - 1, BLOCK_BYTES + 1],
      [1, 2 * BLOCK_BYTES - 1],
      [BLOCK_BYTES, 2 * BLOCK_BYTES],
      [BLOCK_BYTES - 7, size],
      [2 * BLOCK_BYTES, size],
      [size - 1, size],
      [size, size],
    ];

    test('begin and end anywhere, before and after their blocks were verified', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const [before, bytes] = [pattern(777), pattern(size, 2)];
      // A copy for each slice: none of its blocks has been verified by the slice before.
      const copies: StoredRange[] = [];
      for (const _ of slices) copies.push((await write(store, folder, [before, bytes])).ranges[1]!);
      await store.close();
      const fresh = await open(folder);
      const all = slices.map(([start, end], at) => ({ ...copies[at]!, start, end }));
      for (let turn = 0; turn < 2; turn += 1) {
        const read = await fresh.read(all);
        for (const [at, [start, end]] of slices.entries()) expectBytes(read[at], bytes.subarray(start, end));
      }
    });

    test('go into the memory that is given', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const bytes = pattern(2 * CHUNK + 9);
      const range = (await write(store, folder, [pattern(33), bytes])).ranges[1]!;
      const whole = new Uint8Array(bytes.byteLength + 20).fill(7);
      const slice = new Uint8Array(5_000);
      const read = await store.read([
        { ...range, into: whole.subarray(10, 10 + bytes.byteLength) },
        { ...range, start: CHUNK - 100, end: CHUNK + 4_900, into: slice },
        { ...range, start: 3, end: 9 },
      ]);
      expect(read[0]).toBe(whole.buffer);
      expect(isEqual(whole.subarray(10, -10), bytes)).toBe(true);
      expect([whole[9], whole[10 + bytes.byteLength]]).toEqual([7, 7]);
      expect(isEqual(slice, bytes.subarray(CHUNK - 100, CHUNK + 4_900))).toBe(true);
      expectBytes(read[2], bytes.subarray(3, 9));
    });
  });
}
