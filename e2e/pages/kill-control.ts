/** The same work on a bare database, without keepsake: what the browser itself loses when it is killed. */
import { bytesOf, isBytesOf } from './bytes-of.ts';
import { completed, openMarked, openWitness, resultOf } from './kill-witness.ts';
import { type KillPage, report, SEEDS, type Verified, workOn } from './kill-work.ts';

/** As large as the records that keepsake keeps in its database, and some that Chromium moves to files. */
const SIZES = [300, 20_000, 48_000, 100_000, 700_000];
const sizeOf = (seed: number): number => SIZES[seed % SIZES.length] ?? 0;

const witness = await openWitness();
const { db, madeAt } = await openMarked('control', 'values');

const change = (how: (values: IDBObjectStore) => unknown): Promise<void> => {
  const tx = db.transaction('values', 'readwrite', { durability: 'relaxed' });
  how(tx.objectStore('values'));
  return completed(tx);
};

async function get(seed: number): Promise<Verified> {
  const size = sizeOf(seed);
  const found: unknown = await resultOf(db.transaction('values').objectStore('values').get(seed));
  if (found instanceof Uint8Array) return { seed, how: 'hit', isRight: isBytesOf(found, seed, size) };
  await change((values) => values.put(bytesOf(seed, size), seed));
  await report('stored', seed);
  return { seed, how: 'computed', isRight: true };
}

const remove = (seed: number): Promise<void> => change((values) => values.delete(seed));

const kill: KillPage = {
  async verify() {
    const verified: Verified[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) verified.push(await get(seed));
    return { verified, written: [], damaged: 0 };
  },
  leftovers: async () => ({ files: [], orphans: 0, entries: 0, madeAt, witness }),
  work: (seed) => workOn({ get, remove }, seed),
};

Object.assign(window, { kill });
