/** What every page that is killed does: moves that follow from a seed, each told to the runner as it happens. */
import { randomFrom } from '../support/random.ts';
import type { Witness } from './kill-witness.ts';

export const SEEDS = 24;
const LANES = 2;

export interface Verified {
  readonly seed: number;
  readonly how: 'hit' | 'computed';
  readonly isRight: boolean;
  /** Why it was computed. */
  readonly reason?: string;
}

/** An array that is written to: see kill-mapped.ts. */
export interface Written {
  readonly array: number;
  readonly generation: number;
  readonly isRight: boolean;
}

export interface Found {
  readonly verified: readonly Verified[];
  readonly written: readonly Written[];
  readonly damaged: number;
}

/** What is left beside the values. */
export interface Leftovers {
  /** Files that nothing points at once the sweep is over. */
  readonly files: readonly string[];
  /** Files that the sweep removed. */
  readonly orphans: number;
  /** Entries that the sweep removed, as their files were gone. */
  readonly entries: number;
  /** When the database was made. */
  readonly madeAt: number;
  readonly witness: Witness;
}

/** What the runner drives. */
export interface KillPage {
  /** Every value: what is stored is right, and what is not is computed. */
  verify(): Promise<Found>;
  leftovers(): Promise<Leftovers>;
  /** Starts to work and never ends. */
  work(seed: number): void;
}

export interface Store {
  get(seed: number): Promise<unknown>;
  remove(seed: number): Promise<void>;
}

/** Resolves when the runner knows. `value` is a seed or the number of an array. */
export const report = (what: string, value: number, generation = 0): Promise<unknown> =>
  fetch(`/kill-report?what=${what}&value=${value}&generation=${generation}`, { method: 'POST' });

/** Removes a value that the runner then no longer expects. */
async function remove(store: Store, seed: number): Promise<void> {
  await report('deleting', seed);
  await store.remove(seed);
  await report('deleted', seed);
}

async function lane(store: Store, number: number, random: () => number): Promise<never> {
  for (;;) {
    // Lanes never meet on a seed: what one is told of is not undone by another.
    const seed = Math.floor((random() * SEEDS) / LANES) * LANES + number;
    if (random() < 0.6) await store.get(seed);
    else await remove(store, seed);
  }
}

/** Works on the store in several lanes. */
export function workOn(store: Store, seed: number): void {
  const random = randomFrom(seed);
  for (let number = 0; number < LANES; number += 1) void lane(store, number, random);
}

declare global {
  interface Window {
    readonly kill: KillPage;
  }
}
