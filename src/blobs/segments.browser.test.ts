import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { pattern } from '../testing/blob-stores/blob-store-harness.ts';
import { rawIndexedDbBytes } from '../testing/blob-stores/raw-indexeddb-bytes.ts';
import {
  type BlobStore,
  isSegment,
  openBlobStore,
  type Place,
  removeFolder,
  type StoredRange,
} from './blobs.ts';
import { getFileHandle } from './folders.ts';
import { leaseOf } from './segment-files.ts';

const opened: { store: BlobStore; worker: Worker }[] = [];
let made = 0;

const freshFolder = (): string => {
  made += 1;
  return `segment-tests/${Date.now().toString(36)}-${made}`;
};

/** A realm of its own, as another tab: each store has its own worker. */
async function open(folder: string): Promise<BlobStore> {
  let started: Worker | undefined;
  const workerFactory = (): Worker => {
    started = new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module' });
    return started;
  };
  const store = openBlobStore({
    folder,
    wanted: 'sync',
    keyedBytes: async () => rawIndexedDbBytes('unused'),
    workerFactory,
  });
  await store.opened();
  opened.push({ store, worker: started! });
  return store;
}

const workerOf = (store: BlobStore): Worker => opened.find((each) => each.store === store)!.worker;

afterEach(async () => {
  const realms = opened.splice(0);
  for (const { worker } of realms) worker.terminate();
});

afterAll(async () => {
  // A terminated worker lets go in its own time.
  await vi.waitFor(async () => expect(await removeFolder('segment-tests')).toBe(true));
});

interface Kept extends StoredRange {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Writes without settling. */
async function append(store: BlobStore, folder: string, bytes: Uint8Array<ArrayBuffer>): Promise<Kept> {
  made += 1;
  const { file, offset, checks } = await store.write({
    file: `${folder}/label/${made}`,
    label: `call-${made}`,
    parts: [{ offset: 0, bytes }],
    claim: async () => undefined,
  }).done;
  return { file, offset, byteLength: bytes.byteLength, checks: checks[0]!, bytes };
}

async function write(store: BlobStore, folder: string, byteLength: number): Promise<Kept> {
  const kept = await append(store, folder, pattern(byteLength, made));
  store.settle(kept, true);
  return kept;
}

async function expectKept(store: BlobStore, kept: readonly Kept[]): Promise<void> {
  const read = await store.read(kept);
  for (const [at, { bytes }] of kept.entries()) expect(indexedDB.cmp(read[at]!, bytes.buffer)).toBe(0);
}

/** Resolves when nobody has the lease. */
const leaseFree = (file: string): Promise<void> =>
  navigator.locks.request(leaseOf(file), async () => undefined);

async function isLeased(file: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === leaseOf(file));
}

/** Puts bytes behind what a file has. */
async function putBehind(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const handle = await getFileHandle(file);
  const writable = await handle.createWritable({ keepExistingData: true });
  await writable.write({ type: 'write', position: (await handle.getFile()).size, data: bytes });
  await writable.close();
}

const filesOf = (kept: readonly Place[]): Set<string> => new Set(kept.map(({ file }) => file));

describe('a segment', () => {
  test('takes the small writes of a realm, one behind the other', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const kept = [
      await write(store, folder, 20_000),
      await write(store, folder, 1),
      await write(store, folder, 0),
    ];
    expect(filesOf(kept).size).toBe(1);
    expect(isSegment(kept[0]!.file)).toBe(true);
    await expectKept(store, kept);
    const records = await store.records(kept[0]!.file);
    expect(records.map(({ offset, byteLength }) => [offset, byteLength])).toEqual(
      kept.map(({ offset, byteLength }) => [offset, byteLength]),
    );
  });

  test('is sealed at 16 MiB, and another one begun', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const writes = Array.from({ length: 22 }, () => write(store, folder, 1_000_000));
    const kept = await Promise.all(writes);
    expect(filesOf(kept).size).toBe(2);
    for (const { byteLength } of await store.list()) expect(byteLength).toBeLessThanOrEqual(16 * 2 ** 20);
    await expectKept(store, kept);
  });

  test('is not created by a realm that stores nothing', async () => {
    const folder = freshFolder();
    const [store, reader] = [await open(folder), await open(folder)];
    const kept = [await write(store, folder, 50_000)];
    await expectKept(reader, kept);
    expect(await store.list()).toHaveLength(1);
  });

  test('goes again when the only record in it is not kept', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const refused = await append(store, folder, pattern(10));
    store.settle(refused, false);
    expect(await store.list()).toEqual([]);
    await expectKept(store, [await write(store, folder, 10)]);
  });
});

describe('the lease of a segment', () => {
  test('keeps two realms apart, and each reads what the other appends', async () => {
    const folder = freshFolder();
    const [one, two] = [await open(folder), await open(folder)];
    const pairs: [Kept, Kept][] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      const pair = await Promise.all([write(one, folder, 30_000), write(two, folder, 70_000)]);
      pairs.push(pair);
      // Read while the owner goes on to append.
      const more = write(one, folder, 40_000);
      await Promise.all([expectKept(two, [pair[0]]), expectKept(one, [pair[1]])]);
      await more;
    }
    expect(filesOf(pairs.flat()).size).toBe(2);
    await expectKept(one, pairs.flat());
  });

  test('is taken over with the segment by the next realm that stores', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const before = await write(store, folder, 20_000);
    await store.close();
    const heir = await open(folder);
    await expectKept(heir, [before]); // an open reader of its own does not hinder it
    const after = await write(heir, folder, 20_000);
    expect(after.file).toBe(before.file);
    expect(after.offset).toBeGreaterThan(before.offset + before.byteLength);
    await expectKept(heir, [before, after]);
  });

  test('is free when its owner was idle, or the page was hidden; not before its records are settled', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const first = await append(store, folder, pattern(100));
    dispatchEvent(new Event('pagehide'));
    await store.list(); // messages are answered in order
    expect(await isLeased(first.file)).toBe(true);
    store.settle(first, true);
    await store.list();
    dispatchEvent(new Event('pagehide'));
    await leaseFree(first.file);
    const second = await write(store, folder, 100);
    expect(second.file).toBe(first.file);
    await leaseFree(second.file);
    await expectKept(store, [first, second]);
  });

  test('is free when its owner dies, and so is what the owner had not settled', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const kept = await write(store, folder, 300);
    await append(store, folder, pattern(400));
    workerOf(store).terminate();
    await leaseFree(kept.file);
    const heir = await open(folder);
    const next = await write(heir, folder, 500);
    await expectKept(heir, [kept, next]);
  });

  test('is needed to remove a segment', async () => {
    const folder = freshFolder();
    const [owner, other] = [await open(folder), await open(folder)];
    const kept = await append(owner, folder, pattern(1_000));
    expect(await other.remove([kept.file])).toEqual([kept.file]);
    await owner.release([kept.file]);
    expect(await other.remove([kept.file])).toEqual([kept.file]); // not settled yet
    expect(await owner.remove([kept.file])).toEqual([kept.file]);
    owner.settle(kept, true);
    await owner.list();
    expect(await other.remove([kept.file])).toEqual([]);
    expect(await owner.list()).toEqual([]);
    expect(isSegment((await write(owner, folder, 10)).file)).toBe(true);
  });
});

describe('taking over a segment', () => {
  async function abandoned(folder: string): Promise<Kept> {
    const store = await open(folder);
    const kept = await write(store, folder, 5_000);
    await store.close();
    return kept;
  }

  test.each([128, 2_000])('cuts off %i bytes of a record that a kill cut short', async (byteLength) => {
    const folder = freshFolder();
    const kept = await abandoned(folder);
    const whole = new Uint8Array(await (await (await getFileHandle(kept.file)).getFile()).arrayBuffer());
    const gap = new Uint8Array((64 - (whole.byteLength % 64)) % 64);
    await putBehind(kept.file, new Uint8Array([...gap, ...whole.subarray(0, byteLength)]));
    const heir = await open(folder);
    const next = await write(heir, folder, 6_000);
    expect(next.file).toBe(kept.file);
    await expectKept(heir, [kept, next]);
    expect(await heir.records(kept.file)).toHaveLength(2);
  });

  const headOf = async (file: string, byteLength: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await (await (await getFileHandle(file)).getFile()).slice(0, byteLength).arrayBuffer());
  const flipped = (bytes: Uint8Array<ArrayBuffer>, position: number): Uint8Array<ArrayBuffer> =>
    bytes.map((byte, at) => (at === position ? byte ^ 0x80 : byte));

  test.each<[string, (file: string) => Promise<Uint8Array<ArrayBuffer>>]>([
    ['other bytes', async () => pattern(1_000)],
    ['a header cut short', (file) => headOf(file, 127)],
    ['the start of a header', (file) => headOf(file, 1)],
    ['a header whose length is damaged', async (file) => flipped(await headOf(file, 2_000), 20)],
    ['a header whose label is damaged', async (file) => flipped(await headOf(file, 2_000), 41)],
  ])('leaves alone a segment that ends in %s; what is in it stays readable', async (_, tailOf) => {
    const folder = freshFolder();
    const kept = await abandoned(folder);
    const { size } = await (await getFileHandle(kept.file)).getFile();
    const tail = await tailOf(kept.file);
    await putBehind(kept.file, new Uint8Array([...new Uint8Array((64 - (size % 64)) % 64), ...tail]));
    const before = (await (await getFileHandle(kept.file)).getFile()).size;
    const heir = await open(folder);
    const next = await write(heir, folder, 6_000);
    expect(next.file).not.toBe(kept.file);
    await expectKept(heir, [kept, next]);
    expect((await (await getFileHandle(kept.file)).getFile()).size).toBe(before);
  });
});

describe('copyRecord()', () => {
  test('moves a record to another segment, where the same checks hold', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const kept = [await write(store, folder, 1_200_000), await write(store, folder, 50)];
    const from = kept[0]!.file;
    for (const record of await store.records(from)) {
      const place = await store.copyRecord(from, record);
      expect(place.file).not.toBe(from);
      store.settle(place, true);
      const original = kept.find(({ offset }) => offset === record.offset)!;
      await expectKept(store, [{ ...original, ...place }]);
    }
    expect(await store.remove([from])).toEqual([]);
  });

  test('refuses a record that is not what was written', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    const { file, offset } = await write(store, folder, 1_000);
    const [record] = await store.records(file);
    await store.close();
    const handle = await getFileHandle(file);
    const writable = await handle.createWritable({ keepExistingData: true });
    await writable.write({ type: 'write', position: offset + 500, data: new Uint8Array([1, 2, 3]) });
    await writable.close();
    const later = await open(folder);
    await expect(later.copyRecord(file, record!)).rejects.toMatchObject({ name: 'DataError' });
  });
});
