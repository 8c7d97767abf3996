/** Files of every blob backend: damaged, listed, removed. */
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../blobs/blobs.ts';
import {
  type BlobSuite,
  CHUNK,
  expectBytes,
  freshFolder,
  nameOf,
  ONE_TURN,
  pattern,
  write,
} from './blob-store-harness.ts';

/** Whatever happens to the bytes, no wrong ones come back. */
export function testDamage({ name, backend, open }: BlobSuite): void {
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
}

/** Files as wholes. */
export function testFiles({ name, open }: BlobSuite): void {
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
}
