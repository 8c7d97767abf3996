/** What every blob backend must do, as tests that each backend runs. */
import { afterEach } from 'vitest';
import type { BlobStore } from '../../blobs/blobs.ts';
import { testFailedWrites } from './blob-store-failures.ts';
import { testDamage, testFiles } from './blob-store-files.ts';
import type { BlobBackend } from './blob-store-harness.ts';
import { testSlices, testWholeReads } from './blob-store-reads.ts';

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
  for (const test of [testWholeReads, testSlices, testDamage, testFiles, testFailedWrites])
    test({ name, backend, open });
}
