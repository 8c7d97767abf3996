import { afterAll, expect, test } from 'vitest';
import { fileLock, withLock } from '../locks/locks.ts';
import { Memory } from '../memory/memory.ts';
import { resolveMemoryOptions } from '../options/options.ts';
import { Store } from '../store/entry-store.ts';
import { freshMemory } from '../testing/memories.ts';
import { sweep } from './sweep.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const large = (x: number) => new Uint8Array(9_000_000).fill(x);

/** The store of a memory that has an entry in a file, as a later page opens it. */
async function openedStore(): Promise<{ store: Store; memory: Memory; folder: FileSystemDirectoryHandle }> {
  const { memory } = freshMemory();
  await memory.cache(large, { id: 'large' })(1);
  await memory.flush();
  const store = new Store(resolveMemoryOptions({ name: memory.name }), {
    receive: () => undefined,
    onStatus: () => undefined,
    onOpened: () => undefined,
  });
  await store.open();
  const root = await navigator.storage.getDirectory();
  const folder = await (
    await (await root.getDirectoryHandle('keepsake')).getDirectoryHandle(memory.name)
  ).getDirectoryHandle('large');
  return { store, memory, folder };
}

async function write(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await writable.write(new Uint8Array(1_000));
  await writable.close();
}

const names = (folder: FileSystemDirectoryHandle): Promise<string[]> => Array.fromAsync(folder.keys());

test('sweep() removes files that no entry points at, and nothing else', async () => {
  const { store, folder } = await openedStore();
  const [kept] = await names(folder);
  await write(folder, 'lost-1.safetensors');
  await write(folder, 'lost-2.safetensors.crswap');
  expect(await sweep(store)).toEqual({ orphans: 2, deadFiles: 0, entries: 0 });
  expect(await names(folder)).toEqual([kept]);
  expect(await sweep(store)).toEqual({ orphans: 0, deadFiles: 0, entries: 0 });
  await store.close();
});

test('sweep() leaves alone what a realm is writing', async () => {
  const { store, folder } = await openedStore();
  await write(folder, 'being-written.safetensors');
  await write(folder, 'being-swapped.safetensors.crswap');
  const lockOf = (name: string): string => fileLock(`${store.folder}/large/${name}`);
  await withLock(lockOf('being-written.safetensors'), {}, () =>
    withLock(lockOf('being-swapped.safetensors'), {}, async () => {
      expect((await sweep(store))?.orphans).toBe(0);
    }),
  );
  expect(await names(folder)).toHaveLength(3);
  expect((await sweep(store))?.orphans).toBe(2);
  await store.close();
});

test('sweep() removes entries whose file is gone', async () => {
  const { store, memory, folder } = await openedStore();
  const [name = ''] = await names(folder);
  // The memory that wrote it lets go of its handle first.
  await store.releaseAll();
  await expect.poll(() => folder.removeEntry(name).then(() => 'removed', String)).toBe('removed');
  expect(await sweep(store)).toEqual({ orphans: 0, deadFiles: 0, entries: 1 });
  expect(await Array.fromAsync(memory.entries())).toEqual([]);
  expect(await store.catalog.state()).toMatchObject({ entries: 0, bytes: 0 });
  expect(await store.catalog.files()).toEqual([]);
  await store.close();
});

test('sweep() removes files that another realm held when their entry went', async () => {
  const { store, memory, folder } = await openedStore();
  const [entry] = await Array.fromAsync(memory.entries());
  await store.catalog.remove([entry!.key]);
  expect(await names(folder)).toHaveLength(1);
  await store.releaseAll();
  expect(await sweep(store)).toEqual({ orphans: 0, deadFiles: 1, entries: 0 });
  expect(await names(folder)).toEqual([]);
  await store.close();
});

test('sweep() does nothing while another realm sweeps', async () => {
  const { store } = await openedStore();
  await withLock(`keepsake/${store.name}/sweep`, {}, async () => {
    expect(await sweep(store)).toBeUndefined();
  });
  await store.close();
});

test('a memory sweeps by itself, and says so', async () => {
  const { memory, events } = freshMemory();
  await memory.cache(large, { id: 'large' })(1);
  await expect
    .poll(() => events.find(({ kind, reason }) => kind === 'storage' && reason === 'swept'), {
      timeout: 20_000,
    })
    .toMatchObject({ swept: { orphans: 0, deadFiles: 0, entries: 0 } });
});
