import { afterEach, expect, test } from 'vitest';
import { createChecksum } from '../digest/digest.ts';
import { pattern } from '../testing/blob-stores/blob-store-harness.ts';
import { rawIndexedDbBytes } from '../testing/blob-stores/raw-indexeddb-bytes.ts';
import { type OpenBlobStore, openBlobStore, removeFolder, type StoredRange } from './blobs.ts';
import { getFileHandle } from './folders.ts';

const folder = `read-tests/${Date.now().toString(36)}`;
const stores: OpenBlobStore[] = [];

function open(workerFactory?: () => Worker): OpenBlobStore {
  const store = openBlobStore({
    folder,
    wanted: 'opfs',
    keyedBytes: async () => rawIndexedDbBytes('unused'),
    workerFactory,
  });
  stores.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await removeFolder('read-tests');
});

/** A file written without a store. */
async function put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<StoredRange> {
  const file = `${folder}/${name}`;
  const writable = await (await getFileHandle(file, true)).createWritable();
  await writable.write(bytes);
  await writable.close();
  const checksum = await createChecksum();
  return { file, offset: 0, byteLength: bytes.byteLength, checks: BigUint64Array.of(checksum(bytes)) };
}

const startWorker = (): Worker =>
  new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module' });

/** A worker that starts and never answers until told so. */
function slowWorker(): { factory: () => Worker; answer: () => void } {
  const held: unknown[] = [];
  const worker = startWorker();
  worker.postMessage = (message: unknown) => void held.push(message);
  const factory = (): Worker => worker;
  return {
    factory,
    answer: () => {
      worker.postMessage = Worker.prototype.postMessage;
      for (const message of held.splice(0)) worker.postMessage(message);
    },
  };
}

test('a read does not wait for the storage worker', async () => {
  const bytes = pattern(5_000);
  const range = await put('early', bytes);
  const { factory, answer } = slowWorker();
  const store = open(factory);
  const [read] = await store.read([range]);
  expect(indexedDB.cmp(read!, bytes.buffer)).toBe(0);
  answer();
  expect(await store.opened()).toEqual({ tier: 'sync', reasons: [] });
});

test('a store that is never used starts no worker, and closes', async () => {
  let started = 0;
  const store = open(() => {
    started += 1;
    return startWorker();
  });
  await store.release(['none']);
  await store.close();
  expect(started).toBe(0);
});

test('more files than the pool holds are read at once', async () => {
  const store = open(startWorker);
  await store.opened();
  const contents = Array.from({ length: 80 }, (_, at) => pattern(3_000 + at, at));
  const ranges: StoredRange[] = [];
  for (const [at, bytes] of contents.entries()) ranges.push(await put(`many-${at}`, bytes));
  for (let turn = 0; turn < 2; turn += 1) {
    const reads = await Promise.all(ranges.map((range) => store.read([range])));
    for (const [at, bytes] of contents.entries()) expect(indexedDB.cmp(reads[at]![0]!, bytes.buffer)).toBe(0);
  }
  expect(await store.remove(ranges.map(({ file }) => file))).toEqual([]);
});

test('where no worker can start, files are written with createWritable()', async () => {
  const store = open(() => {
    throw new TypeError('no workers here');
  });
  const { tier, reasons } = await store.opened();
  expect(tier).toBe('writable');
  expect(reasons).toEqual(['sync: TypeError: no workers here']);
});

test('a read that is damaged does not spoil those it travels with', async () => {
  const store = open(startWorker);
  await store.opened();
  const good = await put('good', pattern(100));
  const bad = { ...(await put('bad', pattern(100))), checks: BigUint64Array.of(1n) };
  const [first, second] = await Promise.allSettled([store.read([good]), store.read([bad])]);
  expect(first?.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: { name: 'DataError' } });
});
