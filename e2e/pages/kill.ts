/** Work that a killed browser interrupts: stores, hits, deletions, compaction, and flushes of mapped results. */
import { type CacheEvent, Memory } from 'keepsake';
import { resolveMemoryOptions } from '../../src/options/options.ts';
import { Store } from '../../src/store/entry-store.ts';
import { compact } from '../../src/upkeep/compact.ts';
import { bytesOf, isBytesOf } from './bytes-of.ts';
import { MappedWork } from './kill-mapped.ts';
import { openWitness, resultOf } from './kill-witness.ts';
import { type KillPage, report, SEEDS, type Verified, workOn } from './kill-work.ts';

/** Sizes on both sides of each way to store: in the record, in files, in several chunks. */
const SIZES = [300, 20_000, 100_000, 700_000, 3_000_000, 9_500_000];

/** Sizes follow from the seed, so that each call has one right value. */
const sizeOf = (seed: number): number => SIZES[seed % SIZES.length] ?? 0;

const witness = await openWitness();
// A verified hit is computed again, which would count as a loss here.
const options = { name: 'kill', maxBytes: '4G', memoryTierBytes: 0, verify: 'off' } as const;
const memory = new Memory(options);
const mapped = new MappedWork(memory);
/** Compacts more often than a memory does by itself: after an eviction, or a sweep. */
const compactor = new Store(resolveMemoryOptions(options), {
  receive: () => undefined,
  onStatus: () => undefined,
  onOpened: () => undefined,
});
await compactor.open();
type SweepReport = NonNullable<Extract<CacheEvent, { kind: 'storage' }>['swept']>;
const swept = Promise.withResolvers<SweepReport>();
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
  miss: ({ key, functionId, reason, error }) => {
    if (functionId !== 'bytes') return;
    if (!seeds.has(key)) seeds.set(key, current);
    why = error === undefined ? reason : `${reason}: ${error}`;
  },
  store: ({ key, functionId }) => {
    const seed = seeds.get(key);
    if (functionId === 'bytes' && seed !== undefined) void report('stored', seed);
  },
  damaged: () => {
    damaged += 1;
  },
  storage: (event) => {
    if (event.swept) swept.resolve(event.swept);
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
/** Of the miss before. */
let why = '';
let turn: Promise<unknown> = Promise.resolve();

/** The call; misses are told apart by taking turns until each call has said whether it is one. */
function get(seed: number): Promise<Verified> {
  const call = turn.then(async (): Promise<Verified> => {
    const before = entered;
    current = seed;
    why = '';
    const value = await bytes(seed, sizeOf(seed));
    return {
      seed,
      how: entered > before ? 'computed' : 'hit',
      isRight: isBytesOf(value, seed, sizeOf(seed)),
      reason: why,
    };
  });
  turn = call.catch(() => undefined);
  return call;
}

async function remove(seed: number): Promise<void> {
  await memory.flush();
  await bytes.delete(seed, sizeOf(seed));
  const segments = await compact(compactor);
  if (segments > 0) await report('compacted', segments);
}

async function readDatabase(): Promise<{ files: string[]; madeAt: number }> {
  const database = await resultOf(indexedDB.open('keepsake/kill'));
  const readAll = <T>(table: string): Promise<T[]> =>
    resultOf(database.transaction(table).objectStore(table).getAll());
  const rows = await readAll<{ file: string }>('files');
  // Nothing here clears the memory, so its epoch is the time at which the database was made.
  const [state] = await readAll<{ epoch: number }>('state');
  database.close();
  return { files: rows.map(({ file }) => file), madeAt: state?.epoch ?? 0 };
}

const kill: KillPage = {
  async verify() {
    const verified: Verified[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) verified.push(await get(seed));
    const written = await mapped.verify();
    await memory.flush();
    return { verified, written, damaged };
  },
  async leftovers() {
    const { orphans, entries } = await swept.promise;
    const { files, madeAt } = await readDatabase();
    const known = new Set(files);
    const left = (await listFiles()).filter((file) => !known.has(file));
    return { files: left, orphans, entries, madeAt, witness };
  },
  work(seed) {
    workOn({ get, remove }, seed);
    mapped.work();
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

Object.assign(window, { kill });
