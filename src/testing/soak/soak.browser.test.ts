/**
 * A day in the life, against a model: see testing/soak.ts. `npm run soak -- --steps 20000 --seed 7` has more of it, and
 * replays what failed.
 */
import { afterAll, expect, test, vi } from 'vitest';
import { Memory } from '../../memory/memory.ts';
import { resolveMemoryOptions } from '../../options/options.ts';
import { Store } from '../../store/entry-store.ts';
import { freshName } from '../memories.ts';
import { Soak } from './soak.ts';

const steps = Number(import.meta.env.VITE_KEEPSAKE_SOAK_STEPS ?? 250);
const seed = Number(import.meta.env.VITE_KEEPSAKE_SOAK_SEED ?? 1);
const limitMs = Number(import.meta.env.VITE_KEEPSAKE_SOAK_SECONDS ?? 10) * 1_000;

/** What files may take, as a multiple of what is live in them. */
const MAX_SHARE = 1.5;

afterAll(async () => {
  await Memory.clearOrigin();
});

/** Looks at what is stored without being a realm of the memory: it opens the catalog, and no worker. */
async function look(name: string) {
  const ignore = (): undefined => undefined;
  const store = new Store(resolveMemoryOptions({ name }), {
    receive: ignore,
    onStatus: ignore,
    onOpened: ignore,
  });
  await store.open();
  return store;
}

interface StoredFile {
  readonly name: string;
  readonly folder: FileSystemDirectoryHandle;
  readonly byteLength: number;
}

async function* filesIn(folder: FileSystemDirectoryHandle): AsyncGenerator<StoredFile> {
  for await (const handle of folder.values()) {
    if (handle instanceof FileSystemDirectoryHandle) yield* filesIn(handle);
    else {
      const file = await (handle as FileSystemFileHandle).getFile().catch(() => undefined); // gone meanwhile
      if (file) yield { name: handle.name, folder, byteLength: file.size };
    }
  }
}

async function filesOf(name: string): Promise<StoredFile[]> {
  const root = await navigator.storage.getDirectory();
  const folder = await (await root.getDirectoryHandle('keepsake')).getDirectoryHandle(name);
  return Array.fromAsync(filesIn(folder));
}

/** Bytes of all files, and those of them that are live. */
async function bytesOf(store: Store): Promise<{ stored: number; live: number; segments: number }> {
  const files = await filesOf(store.name);
  const live = (await store.catalog.files()).reduce((sum, { liveBytes }) => sum + liveBytes, 0);
  const stored = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { stored, live, segments: files.filter((file) => file.name.endsWith('.segment')).length };
}

async function locksOf(name: string): Promise<string[]> {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].map((lock) => lock.name ?? '').filter((lock) => lock.includes(name));
}

test(`the steps of seed ${seed} give what the model says, and leave nothing behind`, {
  timeout: 120_000 + limitMs,
}, async () => {
  const name = freshName();
  const soak = new Soak(name, seed);
  await soak.open();
  const store = await look(name);
  const start = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - start);
  let step = 0;
  while (step < steps && elapsedMs() < limitMs && soak.wrong.length < 5) {
    await soak.step();
    step += 1;
    if (step % 500 === 0) console.log(JSON.stringify({ step, ms: elapsedMs(), ...(await bytesOf(store)) }));
  }
  await soak.readAll();
  console.log(
    JSON.stringify({ seed, step, ms: elapsedMs(), counts: soak.counts, ...(await bytesOf(store)) }),
  );
  expect(soak.wrong).toEqual([]);
  await vi.waitFor(
    async () => {
      const { stored, live } = await bytesOf(store);
      expect(stored).toBeLessThan(live * MAX_SHARE);
    },
    { timeout: 30_000, interval: 200 },
  );
  console.log(JSON.stringify(await bytesOf(store)));
  await soak.close();
  expect(await locksOf(name)).toEqual([]);
  const rows = (await store.catalog.files()).map(({ file }) => file.split('/').at(-1));
  const files = await filesOf(name);
  expect(files.map((file) => file.name).sort()).toEqual(rows.sort());
  // Nobody holds one: a file with a handle cannot be removed.
  for (const file of files) await file.folder.removeEntry(file.name);
  await store.close();
});
