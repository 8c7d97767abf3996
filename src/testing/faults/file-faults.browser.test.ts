/**
 * Seeded faults of the files below the storage worker, on real storage: each operation fails, is done by halves, or ends
 * the worker, alone or together with faults of the database. `VITE_KEEPSAKE_FILE_SCHEDULES=5000` runs so many.
 */
import { afterAll, expect, test, vi } from 'vitest';
import { Memory } from '../../memory/memory.ts';
import { workerThrough } from '../blob-stores/port-worker.ts';
import { freshName, watch } from '../memories.ts';
import { audit } from '../soak/audit.ts';
import { callModel, step } from '../soak/model-steps.ts';
import { FaultSchedule, faultyCatalog, randomFrom } from './faults.ts';
import { faultsOf } from './faulty-files.ts';
import type { FaultsWanted } from './faulty-storage.ts';

/** The database fails too, for the memories that have a schedule here. */
const schedules = vi.hoisted(() => new Map<string, unknown>());

vi.mock(import('../../catalog/catalog.ts'), async (original) => {
  const room = await original();
  return {
    ...room,
    openCatalog: async (name: string) => {
      const schedule = schedules.get(name) as FaultSchedule | undefined; // put there by load()
      const catalog = await room.openCatalog(name, () => undefined);
      return schedule ? faultyCatalog(catalog, schedule) : catalog;
    },
  };
});

afterAll(async () => {
  await Memory.clearOrigin();
});

const LANES = 6;
const LIMIT_MS = 15_000;
const wanted = import.meta.env.VITE_KEEPSAKE_FILE_SCHEDULES;
const count = Number(wanted ?? 1_000);
const first = Number(import.meta.env.VITE_KEEPSAKE_FIRST_SCHEDULE ?? 0);
const limitMs = wanted === undefined ? LIMIT_MS : Number.POSITIVE_INFINITY;

const LOADS = 2;
const STEPS = 8;
/** In the record, in segments, and now and then in a file of its own. */
const SIZES = [10, 3_000, 60_000, 120_000, 150_000];
const LARGE = 3_950_000;
/** A worker that ends is missed after some seconds: few schedules have that. */
const ENDING = 10;
const SHARES = [0.03, 0.1, 0.3, 0.6];

const startWorker = (name = ''): Worker =>
  new Worker(new URL('./faulty-storage.ts', import.meta.url), { type: 'module', name });
const shared = startWorker();

const mayEnd = (seed: number): boolean => seed % ENDING === 0;

function workerOf(faults: FaultsWanted, isAlone: boolean): () => Worker {
  let started = 0;
  return () => {
    started += 1;
    const details = { ...faults, seed: faults.seed + started * 1_000_003 };
    return isAlone ? startWorker(JSON.stringify(details)) : workerThrough(shared, { wanted: details });
  };
}

/** A page load with faults. */
async function load(
  name: string,
  seed: number,
  pick: (limit: number) => number,
  wrong: string[],
): Promise<void> {
  const share = SHARES[seed % SHARES.length] ?? 0;
  if (seed % 3 === 0) schedules.set(name, new FaultSchedule(seed));
  const memory = new Memory({
    name,
    workerFactory: workerOf({ seed, share }, mayEnd(seed)),
    memoryTierBytes: seed % 2 === 0 ? 0 : '1M',
    maxBytes: pick(2) === 0 ? '400K' : '1G',
  });
  const sizes = pick(6) === 0 ? [...SIZES, LARGE] : SIZES;
  for (let at = 0; at < STEPS; at += 1) await step(memory, sizes, pick, wrong);
  await memory.close().catch(() => undefined);
  schedules.delete(name);
}

/** Later nothing fails: what is stored is right, what is computed is kept, and nothing is left over. */
async function verify(name: string, wrong: string[]): Promise<number> {
  const watched = watch(
    new Memory({ name, workerFactory: workerOf({ seed: 0, share: 0 }, false), memoryTierBytes: 0 }),
  );
  const { memory } = watched;
  const call = async (): Promise<void> => {
    for (const size of SIZES) for (let x = 0; x < 5; x += 2) await callModel(memory, x, size, wrong);
  };
  await call();
  await memory.flush();
  const before = watched.reasons('compute').length;
  await call();
  await memory.close();
  if (watched.reasons('compute').length > before)
    wrong.push('what was stored without faults is computed again');
  wrong.push(...watched.reasons('skip').map((reason) => `not kept without faults: ${reason}`));
  wrong.push(...(await audit(name)).wrong);
  return watched.reasons('hit').length;
}

async function runSchedule(seed: number): Promise<{ hits: number; wrong: string[] }> {
  const name = freshName();
  const random = randomFrom(seed);
  const pick = (limit: number): number => Math.floor(random() * limit);
  const wrong: string[] = [];
  for (let at = 0; at < LOADS; at += 1) await load(name, seed + at * 7, pick, wrong);
  const hits = await verify(name, wrong);
  return { hits, wrong: wrong.map((what) => `seed ${seed}: ${what}`) };
}

test('a cached call gives the value of the function whatever becomes of its files', {
  timeout: 36_000_000,
}, async () => {
  const faults = new Map<string, number>();
  const notes = new BroadcastChannel('keepsake-file-faults');
  notes.onmessage = ({ data }) => void faults.set(data, (faults.get(data) ?? 0) + 1);
  const uncaught: string[] = [];
  addEventListener('unhandledrejection', ({ reason }) => uncaught.push(String(reason)));
  addEventListener('error', ({ message }) => uncaught.push(message));
  const wrong: string[] = [];
  const start = performance.now();
  let [next, done, hits] = [first, 0, 0];
  const lane = async (): Promise<void> => {
    while (next < first + count && performance.now() - start < limitMs) {
      const seed = next;
      next += 1;
      const outcome = await runSchedule(seed);
      done += 1;
      hits += outcome.hits;
      wrong.push(...outcome.wrong);
      for (const what of outcome.wrong) console.log(what);
      if (done % 50 === 0)
        console.log(`${done} schedules after ${Math.round((performance.now() - start) / 1_000)} s`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  notes.close();
  const all = [...faults.values()].reduce((sum, each) => sum + each, 0);
  console.log(
    `${done} schedules, ${all} faults of files, ${hits} hits: ${JSON.stringify(Object.fromEntries([...faults].sort()))}`,
  );
  expect(wrong).toEqual([]);
  expect(uncaught).toEqual([]);
  expect(all).toBeGreaterThan(done);
  expect(hits).toBeGreaterThan(done);
  // Enough schedules have every fault of every operation.
  const missing = Object.entries(faultsOf).flatMap(([operation, kinds]) =>
    kinds.map((kind) => `${operation} ${kind}`).filter((each) => !faults.has(each)),
  );
  if (done >= 2_000) expect(missing).toEqual([]);
  else console.log(`not met: ${missing.join(', ')}`);
});
