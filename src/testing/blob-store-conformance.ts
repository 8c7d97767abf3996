/** What every blob backend must do, as tests that each backend runs. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  BLOCK_BYTES,
  type BlobStore,
  type FilePart,
  isChangedWhileStoring,
  type StoredRange,
} from '../blobs/blobs.ts';
import {
  type BlobBackend,
  CHUNK,
  expectBytes,
  freshFolder,
  isEqual,
  nameOf,
  ONE_TURN,
  partsOf,
  pattern,
  write,
} from './blob-store-harness.ts';

/** Runs the suite on a backend. */
export function testBlobStore(name: string, backend: BlobBackend): void {
  const opened: BlobStore[] = [];
  const open = async (folder: string): Promise<BlobStore> => {
    const store = await backend.open(folder);
    opened.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of opened.splice(0)) {
      const files = await store.list();
      await store.remove(files.map(({ file }) => file));
      await store.close();
    }
  });

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

  describe(`${name}: damage`, () => {
    test.each([10, 60_000, BLOCK_BYTES + 500, ONE_TURN + CHUNK])(
      'a flipped byte among %i is a DataError, whichever part of its block is read',
      async (byteLength) => {
        const folder = freshFolder();
        const store = await open(folder);
        const range = (await write(store, folder, [pattern(byteLength)])).ranges[0]!;
        await store.close();
        await backend.flip(range.file, range.offset + byteLength - 1);
        const lastBlock = Math.floor((byteLength - 1) / BLOCK_BYTES) * BLOCK_BYTES;
        const fresh = await open(folder);
        const slices = [{}, { start: lastBlock, end: lastBlock + 1 }, { start: lastBlock }];
        for (const slice of slices)
          expect(await nameOf(fresh.read([{ ...range, ...slice }]))).toBe('DataError');
        if (lastBlock > 0)
          expect(await nameOf(fresh.read([{ ...range, start: 0, end: lastBlock }]))).toBe('resolved');
      },
    );

    test('a file that ends too early is a DataError', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const range = (await write(store, folder, [pattern(BLOCK_BYTES + 10)])).ranges[0]!;
      await store.close();
      await backend.truncate(range.file, range.offset + BLOCK_BYTES + 5);
      const fresh = await open(folder);
      expect(await nameOf(fresh.read([range]))).toBe('DataError');
      expect(await nameOf(fresh.read([{ ...range, start: 0, end: 9 }]))).toBe('resolved');
    });

    test('a file that is not there is a NotFoundError', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const range = { file: `${folder}/label/none`, offset: 0, byteLength: 3, checks: new BigUint64Array(1) };
      expect(await nameOf(store.read([range]))).toBe('NotFoundError');
    });
  });

  describe(`${name}: files`, () => {
    test('lists what is written and removes it', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const small = await write(store, folder, [pattern(100_000)]);
      const large = await write(store, folder, [pattern(ONE_TURN + 1)]);
      const names = [small, large].map(({ written }) => written.file);
      const listed = await store.list();
      expect(listed.map(({ file }) => file).sort()).toEqual([...new Set(names)].sort());
      for (const { byteLength } of listed) expect(byteLength).toBeGreaterThanOrEqual(100_000);
      await store.read([...small.ranges, ...large.ranges]); // whatever a read keeps open does not hinder
      expect(await store.remove([...names, `${folder}/label/none`])).toEqual([]);
      expect(await store.list()).toEqual([]);
      expect(await nameOf(store.read(large.ranges))).toBe('NotFoundError');
      expect(await nameOf(store.read(small.ranges))).toBe('NotFoundError');
    });

    test('lists nothing where nothing was ever written', async () => {
      expect(await (await open(freshFolder())).list()).toEqual([]);
    });

    test('a reader in another realm lets go when asked', async () => {
      const folder = freshFolder();
      const [store, other] = [await open(folder), await open(folder)];
      const bytes = pattern(ONE_TURN + 3);
      const { written, ranges } = await write(store, folder, [bytes]);
      expectBytes((await other.read(ranges))[0], bytes);
      const held = await store.remove([written.file]);
      await other.release(held);
      await store.release(held);
      expect(await store.remove(held)).toEqual([]);
      expect(await store.list()).toEqual([]);
    });
  });

  describe.skipIf(backend.isRemote)(`${name}: a write that fails`, () => {
    /** Writes `parts` and runs `change` once write() has returned. Either the change was seen, or it came too late. */
    async function writeWhileChanging(
      scratch: Uint8Array<ArrayBuffer>,
      parts: readonly FilePart[],
      change: () => void,
    ): Promise<void> {
      const folder = freshFolder();
      const store = await open(folder);
      const [first] = (await write(store, folder, [pattern(10)])).ranges;
      await store.remove([first!.file]);
      const wanted = scratch.slice();
      const file = `${folder}/label/scratch`;
      const writing = store.write({ file, label: 'call', parts, claim: async () => undefined });
      writing.taken.catch(() => undefined);
      change();
      try {
        const { checks, ...place } = await writing.done;
        const range = { ...place, byteLength: wanted.byteLength, checks: checks[0]! };
        expectBytes((await store.read([range]))[0], wanted);
      } catch (error) {
        expect(isChangedWhileStoring(error)).toBe(true);
        expect(await store.list()).toEqual([]);
      }
    }

    test('a scratch buffer filled anew before it is copied is not stored as it is then', async () => {
      const scratch = pattern(5 * CHUNK);
      await writeWhileChanging(scratch, partsOf([scratch]), () => scratch.fill(9));
    });

    test('a scratch buffer changed between the copies of its ends is not stored torn', async () => {
      const scratch = pattern(5 * CHUNK);
      const trigger = new Blob(['x']);
      const read = trigger.arrayBuffer.bind(trigger);
      trigger.arrayBuffer = () => {
        scratch.fill(9);
        return read();
      };
      trigger.slice = () => trigger;
      await writeWhileChanging(scratch, partsOf([scratch, trigger, pattern(3 * CHUNK)]), () => undefined);
    });

    test('a claim that is refused leaves nothing', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const refused = () => Promise.reject(new DOMException('no', 'AbortError'));
      const parts = partsOf([pattern(ONE_TURN + 1)]);
      const writing = store.write({ file: `${folder}/label/refused`, label: 'call', parts, claim: refused });
      writing.taken.catch(() => undefined);
      expect(await nameOf(writing.done)).toBe('AbortError');
      expect(await store.list()).toEqual([]);
    });

    test('a Blob that cannot be read leaves nothing', async () => {
      const folder = freshFolder();
      const store = await open(folder);
      const broken = new Blob([pattern(ONE_TURN)]);
      broken.slice = () =>
        Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new TypeError('gone')) });
      broken.arrayBuffer = () => Promise.reject(new TypeError('gone'));
      const parts = partsOf([pattern(10), broken]);
      const writing = store.write({
        file: `${folder}/label/broken`,
        label: 'call',
        parts,
        claim: async () => undefined,
      });
      writing.taken.catch(() => undefined);
      expect(await nameOf(writing.done)).toBe('TypeError');
      expect(await store.list()).toEqual([]);
    });
  });
}
