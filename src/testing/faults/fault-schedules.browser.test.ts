/**
 * Seeded faults below the memory, against a model: whatever the storage does, a cached call gives the value that the
 * function gives, or the error that it throws. `VITE_KEEPSAKE_SCHEDULES=20000` runs more of them.
 */
import { expect, test, vi } from 'vitest';
import type { BlobStoreOptions } from '../../blobs/blobs.ts';
import { KeyedBlobs, mapOfBytes } from '../../blobs/keyed-blobs.ts';
import { InMemoryCatalog } from '../../catalog/in-memory-catalog.ts';
import { createChecksum } from '../../digest/digest.ts';
import { Memory } from '../../memory/memory.ts';
import { step } from '../soak/model-steps.ts';
import { FaultSchedule, faultyBlobs, faultyCatalog } from './faults.ts';

/** What the memories of the schedules stand on, by name: it outlives them, as storage does. */
interface Ground {
  readonly schedule: FaultSchedule;
  readonly catalog: InMemoryCatalog;
  readonly bytes: Map<string, ArrayBuffer>;
}

const checksum = await createChecksum();
const grounds = vi.hoisted(() => new Map<string, unknown>());

const groundOf = (name: string): Ground => grounds.get(name) as Ground; // put there by runSchedule()

// No browser can be made to fail at the n-th operation: the rooms below are replaced by twins that can.
vi.mock(import('../../catalog/catalog.ts'), async (original) => ({
  ...(await original()),
  openCatalog: async (name: string) => {
    const { catalog, schedule } = groundOf(name);
    const fault = schedule.next();
    if (fault) throw fault.error;
    return faultyCatalog(catalog, schedule);
  },
}));

vi.mock(import('../../blobs/blobs.ts'), async (original) => ({
  ...(await original()),
  openBlobStore: ({ folder }: BlobStoreOptions) => {
    const { bytes, schedule } = groundOf(folder.slice('keepsake/'.length));
    const keyed = new KeyedBlobs({ ...mapOfBytes(), ...keyedBy(bytes) }, checksum);
    const opened = async () => ({ tier: 'memory', reasons: [] }) as const;
    return faultyBlobs(Object.assign(keyed, { opened }), schedule);
  },
}));

const keyedBy = (bytes: Map<string, ArrayBuffer>) => ({
  put: async (file: string, buffer: ArrayBuffer) => void bytes.set(file, buffer),
  get: async (file: string) => bytes.get(file),
  delete: async (files: readonly string[]) => {
    for (const file of files) bytes.delete(file);
  },
  list: async () => [...bytes].map(([file, { byteLength }]) => ({ file, byteLength })),
});

const SIZES = [10, 3_000, 70_000, 150_000];
const STEPS = 14;

/** Flips a bit of something stored. */
function damage({ bytes, schedule }: Ground): void {
  const kept = [...bytes.values()];
  const buffer = kept[schedule.pick(kept.length)];
  if (buffer) new Uint8Array(buffer)[schedule.pick(buffer.byteLength)]! ^= 1;
}

interface Outcome {
  readonly faults: number;
  readonly hits: number;
  readonly wrong: readonly string[];
}

async function runSchedule(seed: number): Promise<Outcome> {
  const name = `faults-${seed}`;
  const schedule = new FaultSchedule(seed);
  const ground: Ground = { schedule, catalog: new InMemoryCatalog(), bytes: new Map() };
  grounds.set(name, ground);
  const wrong: string[] = [];
  let hits = 0;
  // Three page loads over the same storage.
  for (let load = 0; load < 3; load += 1) {
    const memory = new Memory({ name, memoryTierBytes: seed % 2 === 0 ? 0 : '1M', maxBytes: '400K' });
    memory.addEventListener('hit', () => {
      hits += 1;
    });
    // Between page loads: blocks are verified at their first read in a realm, and not again.
    for (let at = 0; at < STEPS; at += 1) if (schedule.damages()) damage(ground);
    for (let at = 0; at < STEPS; at += 1) await step(memory, SIZES, (limit) => schedule.pick(limit), wrong);
    await memory.close().catch(() => undefined);
  }
  grounds.delete(name);
  return { faults: schedule.faults, hits, wrong: wrong.map((what) => `seed ${seed}: ${what}`) };
}

/** So many at once: they mostly wait. */
const LANES = 25;
const schedules = Number(import.meta.env.VITE_KEEPSAKE_SCHEDULES ?? 120);
const first = Number(import.meta.env.VITE_KEEPSAKE_FIRST_SCHEDULE ?? 0);

test('a cached call gives the value of the function whatever the storage does', {
  timeout: 36_000_000,
}, async () => {
  const outcomes: Outcome[] = [];
  let next = first;
  const lane = async (): Promise<void> => {
    while (next < first + schedules) {
      const seed = next;
      next += 1;
      outcomes.push(await runSchedule(seed));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const [faults, hits] = [outcomes, outcomes].map((all, at) =>
    all.reduce((sum, each) => sum + (at === 0 ? each.faults : each.hits), 0),
  );
  console.log(`${schedules} schedules, ${faults} faults, ${hits} hits`);
  expect(outcomes.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(faults).toBeGreaterThan(schedules);
  expect(hits).toBeGreaterThan(schedules);
});
