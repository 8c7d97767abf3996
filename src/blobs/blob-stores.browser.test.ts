import { afterAll, expect, test, vi } from 'vitest';
import { server } from 'vitest/browser';
import { testBlobStore } from '../testing/blob-stores/blob-store-conformance.ts';
import { rawIndexedDbBytes } from '../testing/blob-stores/raw-indexeddb-bytes.ts';
import { openRemoteBlobStore } from '../testing/blob-stores/remote-blob-store.ts';
import { type BlobTier, type KeyedBytes, type OpenBlobStore, openBlobStore, removeFolder } from './blobs.ts';
import { getFileHandle } from './folders.ts';
import { mapOfBytes } from './keyed-blobs.ts';

afterAll(async () => {
  // Chromium lets a worker that was ended run on for 2 s.
  await vi.waitFor(async () => expect(await removeFolder('blob-tests')).toBe(true), 5_000);
});

async function change(file: string, edit: (bytes: Uint8Array) => Uint8Array<ArrayBuffer>): Promise<void> {
  const handle = await getFileHandle(file);
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
  const writable = await handle.createWritable();
  await writable.write(edit(bytes));
  await writable.close();
}

const flipped = (bytes: Uint8Array, position: number): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(bytes);
  copy[position] = ~(copy[position] ?? 0);
  return copy;
};

const noBytes = rawIndexedDbBytes('unused');

/** Whether a tier works here: found by doing, as everywhere. */
async function has(tier: BlobTier): Promise<boolean> {
  const store = openBlobStore({ folder: 'blob-tests/tiers', wanted: tier, keyedBytes: async () => noBytes });
  const isThere = await store.opened().then(
    () => true,
    () => false,
  );
  await store.close();
  return isThere;
}

const tiers: BlobTier[] = [];
for (const tier of ['sync', 'writable'] as const) if (await has(tier)) tiers.push(tier);

test('the tiers that this engine has are found', () => {
  // WebKitGTK has no sync access handles, and without flags no file system.
  const withFiles = 'storage' in navigator ? ['writable'] : [];
  expect(tiers).toEqual(server.browser === 'webkit' ? withFiles : ['sync', 'writable']);
});

function testFiles(tier: BlobTier): void {
  testBlobStore(tier, {
    open: async (folder) => {
      const store = openBlobStore({ folder, wanted: tier, keyedBytes: async () => noBytes });
      await store.opened();
      return store;
    },
    flip: (file, position) => change(file, (bytes) => flipped(bytes, position)),
    truncate: (file, byteLength) => change(file, (bytes) => new Uint8Array(bytes.subarray(0, byteLength))),
  });
}

for (const tier of tiers) testFiles(tier);
if (tiers.includes('sync')) {
  testBlobStore('sync in the same thread', {
    open: openRemoteBlobStore,
    flip: (file, position) => change(file, (bytes) => flipped(bytes, position)),
    truncate: (file, byteLength) => change(file, (bytes) => new Uint8Array(bytes.subarray(0, byteLength))),
    isRemote: true,
  });
}

/** Stores of one folder share their bytes, as realms share a database. */
function testKeyed(
  name: string,
  open: (keyedBytes: KeyedBytes, folder: string) => OpenBlobStore,
  make: (folder: string) => KeyedBytes,
): void {
  const kept = new Map<string, KeyedBytes>();
  const bytesOf = (path: string): KeyedBytes => {
    const folder = path.split('/').slice(0, 2).join('/');
    const bytes = kept.get(folder) ?? make(folder);
    kept.set(folder, bytes);
    return bytes;
  };
  const edit = async (
    file: string,
    change: (bytes: Uint8Array) => Uint8Array<ArrayBuffer>,
  ): Promise<void> => {
    const bytes = await bytesOf(file).get(file);
    if (bytes) await bytesOf(file).put(file, change(new Uint8Array(bytes)).buffer);
  };
  testBlobStore(name, {
    open: async (folder) => open(bytesOf(folder), folder),
    flip: (file, position) => edit(file, (bytes) => flipped(bytes, position)),
    truncate: (file, byteLength) =>
      edit(file, (bytes) => bytes.slice(0, byteLength) as Uint8Array<ArrayBuffer>),
  });
}

testKeyed(
  'indexeddb',
  (keyedBytes, folder) => openBlobStore({ folder, wanted: 'indexeddb', keyedBytes: async () => keyedBytes }),
  rawIndexedDbBytes,
);
// What the memory tier does, over bytes that outlive one store.
testKeyed(
  'memory',
  (keyedBytes, folder) => openBlobStore({ folder, wanted: 'indexeddb', keyedBytes: async () => keyedBytes }),
  mapOfBytes,
);
