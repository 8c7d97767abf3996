/**
 * Mutated packs, imported, and served beside the page: whatever was done to a pack, calls give their values.
 * `npm run packs` does 10,000 of them; `VITE_KEEPSAKE_FIRST_PACK` begins elsewhere.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Memory } from '../../memory/memory.ts';
import { randomFrom } from '../faults/faults.ts';
import { freshMemory, type Watched } from '../memories.ts';
import type { Pick } from '../mutations/mutated-bytes.ts';
import { isFirstBuffer, isPacked, isVaried, variedCalls } from '../varied.ts';
import { mutatePack, type OpenedPack, openWhole } from './mutated-packs.ts';

const wanted = import.meta.env.VITE_KEEPSAKE_PACKS;
const enough = Number(wanted ?? 60);
const first = Number(import.meta.env.VITE_KEEPSAKE_FIRST_PACK ?? 0);
/** Where no number is asked for, no new pack begins after so long. */
const limitMs = wanted === undefined ? 8_000 : Number.POSITIVE_INFINITY;
/** So many packs at once: they mostly wait. */
const LANES = 8;
/** Nothing takes so long, on the slowest machine. */
const HANG_MS = 60_000;

/** Compressed, in the record, in two records, and one in both packs. */
const CALLS = [
  [0, 3, 4, 10],
  [1, 5, 4],
] as const;
const ALL = [...new Set(CALLS.flat())];

const uncaught: string[] = [];
const hear = (event: ErrorEvent | PromiseRejectionEvent): void => {
  uncaught.push('reason' in event ? String(event.reason) : event.message);
};

beforeAll(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  addEventListener('error', hear);
  addEventListener('unhandledrejection', hear);
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Memory.clearOrigin();
});

async function packOf(calls: readonly number[]): Promise<OpenedPack> {
  const { memory } = freshMemory({ storage: 'memory' });
  const f = variedCalls(memory);
  for (const x of calls) await f(x)(x);
  const bytes = await new Response(memory.export({ identity: 'any' })).arrayBuffer();
  await memory.close();
  return openWhole(new Uint8Array(bytes));
}

const counts = { imported: 0, damaged: 0, unread: 0, served: 0, computed: 0 };

/** What calls of the memory give; they end it. */
async function callAll({ memory, reasons }: Watched, pick: Pick): Promise<string[]> {
  const wrong: string[] = [];
  const f = variedCalls(memory);
  for (const x of ALL) {
    if (!isPacked(x) && pick(3) === 0) {
      const { one } = await f(x).with({ mmapMode: 'r' })(x);
      // Who reads later than the call learns by an error that what it was given is damaged.
      const bytes = await one
        .read()
        .catch((error: Error) => void expect(error.name).toBe('DamagedEntryError'));
      await one.close();
      if (bytes && !isFirstBuffer(bytes, x)) wrong.push(`the mapped value of ${x}`);
    }
    if (!isVaried(await f(x)(x), x)) wrong.push(`the value of ${x}`);
  }
  counts.served += reasons('hit').filter((reason) => reason === 'pack').length;
  counts.computed += reasons('compute').length;
  await memory.close();
  return wrong;
}

async function imported(blob: Blob, url: string, pick: Pick): Promise<string[]> {
  const watched = freshMemory({ storage: 'memory' });
  const origin = [blob, blob.stream(), url][pick(3)] ?? blob;
  try {
    const report = await watched.memory.import(origin);
    counts.imported += report.imported;
    counts.damaged += report.damaged;
  } catch (error) {
    counts.unread += 1;
    const { name } = error as Error; // what is thrown here is an error
    // A range behind the end of a Blob is no answer, but a request that failed.
    const isFetch = origin === url && name === 'TypeError';
    if (name !== 'PackFormatError' && !isFetch)
      return [`import() threw ${error}`, ...(await callAll(watched, pick))];
  }
  return callAll(watched, pick);
}

const served = (url: string, pick: Pick): Promise<string[]> =>
  callAll(freshMemory({ storage: 'memory', packs: [url] }), pick);

async function run(packs: readonly OpenedPack[], seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const pick: Pick = (limit) => Math.floor(random() * limit);
  const { bytes, what } = await mutatePack(packs, pick);
  const blob = new Blob([bytes]);
  const url = URL.createObjectURL(blob);
  const hang = Promise.withResolvers<string[]>();
  const timer = setTimeout(() => hang.resolve(['it hangs']), HANG_MS);
  const work = async (): Promise<string[]> => [
    ...(await imported(blob, url, pick)),
    ...(await served(url, pick)),
  ];
  const wrong = await Promise.race([
    work().catch((error: unknown) => [`threw ${error} ${(error as Error).stack}`]),
    hang.promise,
  ]);
  clearTimeout(timer);
  URL.revokeObjectURL(url);
  return wrong.map((each) => `seed ${seed}, ${what}: ${each}`);
}

test('whatever is done to a pack, calls give their values', { timeout: 36_000_000 }, async () => {
  const packs = await Promise.all(CALLS.map(packOf));
  const wrong: string[] = [];
  const start = performance.now();
  let [begun, done] = [0, 0];
  const lane = async (): Promise<void> => {
    while (begun < enough && performance.now() - start < limitMs) {
      begun += 1;
      const found = await run(packs, first + begun - 1);
      for (const each of found) console.log(each);
      wrong.push(...found);
      done += 1;
      if (done % 500 === 0)
        console.log(`${done} packs after ${Math.round((performance.now() - start) / 1_000)} s`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`${done} packs: ${JSON.stringify(counts)}`);
  expect(wrong).toEqual([]);
  expect(uncaught).toEqual([]);
  // Neither are all of them turned away, nor none.
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(done / 10);
});
