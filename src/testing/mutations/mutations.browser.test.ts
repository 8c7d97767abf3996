/**
 * Seeded damage to whatever is stored, on real storage: records of every table and files of every kind, one or many of a
 * database at once. `VITE_KEEPSAKE_MUTATIONS=10000` does so many, `VITE_KEEPSAKE_FIRST_MUTANT` begins elsewhere.
 */
import { afterAll, expect, test } from 'vitest';
import { Memory } from '../../memory/memory.ts';
import { portWorker } from '../blob-stores/port-worker.ts';
import { randomFrom } from '../faults/faults.ts';
import { freshName } from '../memories.ts';
import { ALL_CALLS, SMALL_CALLS, variedCalls } from '../varied.ts';
import { type MutantOutcome, runMutant } from './mutant-run.ts';
import { type Mutant, mutate, type Pick } from './mutations.ts';
import { restore, type Snapshot, takeSnapshot } from './snapshots.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** So many memories at once: they mostly wait. */
const LANES = 2;
/** Where no number is asked for, no new mutant begins after so long. */
const LIMIT_MS = 20_000;
const wanted = import.meta.env.VITE_KEEPSAKE_MUTATIONS;
const enough = Number(wanted ?? 1_000);
const first = Number(import.meta.env.VITE_KEEPSAKE_FIRST_MUTANT ?? 0);
const limitMs = wanted === undefined ? LIMIT_MS : Number.POSITIVE_INFINITY;

/** A closed memory with the first entries of every kind. */
async function stored(calls: number): Promise<Snapshot> {
  const memory = new Memory({ name: freshName(), workerFactory: portWorker });
  const f = variedCalls(memory);
  for (let x = 0; x < calls; x += 1) await f(x)(x);
  // Twice: uses are written down too.
  for (let x = 0; x < calls; x += 1) await f(x)(x);
  await memory.close();
  return takeSnapshot(memory.name);
}

/** The mutant of a seed, on disk. What cannot be stored is no damage that can happen: another one is taken. */
async function damage(snapshot: Snapshot, pick: Pick): Promise<Mutant> {
  for (;;) {
    const mutant = mutate(snapshot, pick);
    try {
      await restore(mutant.snapshot);
      return mutant;
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'DataError') throw error;
    }
  }
}

test('whatever is damaged, each call gives its value, and nothing is left of the damage', {
  timeout: 36_000_000,
}, async () => {
  const uncaught: string[] = [];
  const hear = (event: ErrorEvent | PromiseRejectionEvent): void => {
    uncaught.push('reason' in event ? String(event.reason) : event.message);
  };
  addEventListener('error', hear);
  addEventListener('unhandledrejection', hear);
  const start = performance.now();
  const wrong: string[] = [];
  const reasons: Record<string, number> = {};
  let [next, done, mutated, missed] = [first, 0, 0, 0];
  const note = (seed: number, { mutations }: Mutant, outcome: MutantOutcome): void => {
    done += 1;
    mutated += mutations.length;
    missed += outcome.misses.length > 0 ? 1 : 0;
    for (const reason of outcome.misses) reasons[reason] = (reasons[reason] ?? 0) + 1;
    if (outcome.wrong.length === 0) return;
    wrong.push(`seed ${seed}: ${outcome.wrong.join('; ')}: ${mutations.map(({ what }) => what).join('; ')}`);
    console.log(wrong.at(-1));
  };
  const lane = async (): Promise<void> => {
    const small = await stored(SMALL_CALLS);
    let all: Snapshot | undefined;
    while (mutated < enough && performance.now() - start < limitMs) {
      const seed = next;
      next += 1;
      const random = randomFrom(seed);
      const pick: Pick = (limit) => Math.floor(random() * limit);
      // Files of megabytes take their time.
      const isSmall = seed % 8 !== 7;
      if (!isSmall) all ??= await stored(ALL_CALLS);
      const mutant = await damage((isSmall ? undefined : all) ?? small, pick);
      note(seed, mutant, await runMutant(mutant, isSmall ? SMALL_CALLS : ALL_CALLS, pick));
      if (done % 10 === 0)
        console.log(
          `${mutated} mutations of ${done} databases after ${Math.round((performance.now() - start) / 1_000)} s`,
        );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`${mutated} mutations of ${done} databases, ${missed} with misses: ${JSON.stringify(reasons)}`);
  expect(wrong).toEqual([]);
  expect(uncaught).toEqual([]);
  expect(missed).toBeGreaterThan(done / 4);
});
