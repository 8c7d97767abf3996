/** Work that a killed browser interrupts: stores, hits and deletions, each told to the runner as it happens. */
import { type CacheEvent, Memory } from 'keepsake';
import { randomFrom } from '../support/random.ts';
import { bytesOf, isBytesOf } from './bytes-of.ts';

/** Sizes on both sides of each way to store: in the record, in files, in several chunks. */
const SIZES = [300, 20_000, 100_000, 700_000, 3_000_000, 9_500_000];
const SEEDS = 24;
const LANES = 2;

/** Sizes follow from the seed, so that each call has one right value. */
const sizeOf = (seed: number): number => SIZES[seed % SIZES.length] ?? 0;

interface Verified {
  readonly seed: number;
  readonly how: 'hit' | 'computed';
  readonly isRight: boolean;
}

/** Resolves when the runner knows. */
const report = (what: string, seed: number): Promise<unknown> =>
  fetch(`/kill-report?what=${what}&seed=${seed}`, { method: 'POST' });

const memory = new Memory({ name: 'kill', maxBytes: '4G', memoryTierBytes: 0 });
const swept = Promise.withResolvers<unknown>();
const seeds = new Map<string, number>();
let damaged = 0;
let entered = 0;

const bytes = memory.cache(
  (seed: number, byteLength: number) => {
    entered += 1;
    return bytesOf(seed, byteLength);
  },
  { id: 'bytes', captures: () => ({}) },
);

const listeners: { [Kind in CacheEvent['kind']]?: (event: Extract<CacheEvent, { kind: Kind }>) => void } = {
  miss: ({ key }) => void (seeds.has(key) || seeds.set(key, current)),
  store: ({ key }) => void report('stored', seeds.get(key) ?? -1),
  damaged: () => {
    damaged += 1;
  },
  storage: (event) => {
    if (event.reason === 'swept') swept.resolve(event.swept);
  },
};
for (const [kind, listener] of Object.entries(listeners)) {
  // Each listener gets the events of its own kind.
  memory.addEventListener(kind as CacheEvent['kind'], ({ detail }) =>
    (listener as (each: CacheEvent) => void)(detail),
  );
}

/** Seed of the call whose miss comes next: calls of this page miss one after another. */
let current = -1;
let turn: Promise<unknown> = Promise.resolve();

/** The call; misses are told apart by taking turns until each call has said whether it is one. */
function get(seed: number): Promise<Verified> {
  const call = turn.then(async (): Promise<Verified> => {
    const before = entered;
    current = seed;
    const value = await bytes(seed, sizeOf(seed));
    return {
      seed,
      how: entered > before ? 'computed' : 'hit',
      isRight: isBytesOf(value, seed, sizeOf(seed)),
    };
  });
  turn = call.catch(() => undefined);
  return call;
}

async function remove(seed: number): Promise<void> {
  await memory.flush();
  await report('deleting', seed);
  await bytes.delete(seed, sizeOf(seed));
  await report('deleted', seed);
}

async function lane(number: number, random: () => number): Promise<never> {
  for (;;) {
    // Lanes never meet on a seed: what one is told of is not undone by another.
    const seed = Math.floor((random() * SEEDS) / LANES) * LANES + number;
    if (random() < 0.6) await get(seed);
    else await remove(seed);
  }
}

const kill = {
  /** Every call: what is stored is right, and what is not is computed. */
  async verify(): Promise<{ verified: Verified[]; damaged: number }> {
    const verified: Verified[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) verified.push(await get(seed));
    await memory.flush();
    return { verified, damaged };
  },
  /** Files that nothing points at once the sweep is over, and what it found. */
  async leftovers(): Promise<{ files: string[]; swept: unknown; madeAt: number }> {
    const report = await swept.promise;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('keepsake/kill');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const readAll = <T>(table: string): Promise<T[]> =>
      new Promise((resolve, reject) => {
        const request = database.transaction(table).objectStore(table).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const rows = await readAll<{ file: string }>('files');
    // Nothing here clears the memory, so its epoch is the time at which the database was made.
    const [state] = await readAll<{ epoch: number }>('state');
    database.close();
    const known = new Set(rows.map(({ file }) => file));
    return {
      files: (await listFiles()).filter((file) => !known.has(file)),
      swept: report,
      madeAt: state?.epoch ?? 0,
    };
  },
  /** Starts to work and never ends. */
  work(seed: number): void {
    const random = randomFrom(seed);
    for (let number = 0; number < LANES; number += 1) void lane(number, random);
  },
};

async function listFiles(): Promise<string[]> {
  const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<string[]> => {
    const files: string[] = [];
    for await (const [name, handle] of folder.entries()) {
      const file = `${path}/${name}`;
      if (handle.kind === 'file') files.push(file);
      else files.push(...(await walk(handle as FileSystemDirectoryHandle, file)));
    }
    return files;
  };
  const root = await navigator.storage.getDirectory();
  return walk(await root.getDirectoryHandle('keepsake', { create: true }), 'keepsake');
}

declare global {
  interface Window {
    readonly kill: typeof kill;
  }
}

Object.assign(window, { kill });
