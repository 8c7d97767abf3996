/** Writes that fail, in every blob backend. */
import { describe, expect, test } from 'vitest';
import { type FilePart, isChangedWhileStoring } from '../../blobs/blobs.ts';
import {
  type BlobSuite,
  CHUNK,
  expectBytes,
  freshFolder,
  nameOf,
  ONE_TURN,
  partsOf,
  pattern,
  write,
} from './blob-store-harness.ts';

/** They leave nothing, and never something torn. */
export function testFailedWrites({ name, backend, open }: BlobSuite): void {
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
