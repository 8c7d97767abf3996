/**
 * Servers that answer each request as a seed says: slow, cut, with wrong bytes, or never. Calls give their values, and
 * wait no longer than they are told to. `npm run packs` does 2,000 schedules; `VITE_KEEPSAKE_FIRST_SCHEDULE` begins
 * elsewhere.
 */
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { Memory } from '../../memory/memory.ts';
import { randomFrom } from '../faults/faults.ts';
import { freshMemory, freshName } from '../memories.ts';
import { isFirstBuffer, varied } from '../varied.ts';
import type { LoggedRequest } from './faulty-server.ts';

const wanted = import.meta.env.VITE_KEEPSAKE_SERVERS;
const enough = Number(wanted ?? 40);
const first = Number(import.meta.env.VITE_KEEPSAKE_FIRST_SCHEDULE ?? 0);
/** Where no number is asked for, no new schedule begins after so long. */
const limitMs = wanted === undefined ? 20_000 : Number.POSITIVE_INFINITY;
/** So many at once: they mostly wait. A browser has six connections to one server. */
const LANES = 3;
const TIMEOUT_MS = 600;
/** How long a pack may keep a call waiting: for its index and an entry's start, and then for its bytes. */
const PACK_MS = 2_000;
/** What a busy machine adds: all timers of a page are late, and the call itself takes its time. */
const SLACK_MS = Number(import.meta.env.VITE_KEEPSAKE_SLACK_MS ?? 5_000);
const HANG_MS = 60_000;

const server = inject('faultyServer');
const bucket = freshName();
const CALLS = [4, 10, 14];
const version = { id: 'varied', version: 1, trustVersion: true } as const;

const uncaught: string[] = [];
const hear = (event: ErrorEvent | PromiseRejectionEvent): void => {
  uncaught.push('reason' in event ? String(event.reason) : event.message);
};

const isRight = (value: ReturnType<typeof varied>, x: number): boolean =>
  value.x === x && isFirstBuffer(value.one, x) && value.two.every((each) => each === x + 0.25);

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  addEventListener('error', hear);
  addEventListener('unhandledrejection', hear);
  const remote = { url: `${server}/none/${bucket}`, write: true };
  const { memory, events } = freshMemory({ remote });
  const cached = memory.cache(varied, version);
  for (const x of CALLS) await cached(x);
  const body = await new Response(memory.export()).blob();
  await fetch(`${server}/none/${bucket}.pack`, { method: 'PUT', body });
  await vi.waitFor(
    async () => {
      const made: LoggedRequest[] = await (await fetch(`${server}/log/${bucket}/ac/`)).json();
      expect(
        made.filter(({ method, status }) => method === 'PUT' && status === 201),
        JSON.stringify(events),
      ).toHaveLength(3);
    },
    { timeout: 30_000, interval: 50 },
  );
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Memory.clearOrigin();
});

const counts = { pack: 0, remote: 0, computed: 0 };
/** The longest that a call took over computing, beyond what it may wait. */
let longestMs = Number.NEGATIVE_INFINITY;

async function run(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const pick = (limit: number): number => Math.floor(random() * limit);
  const wrong: string[] = [];
  const base = `${server}/random-${seed}/${bucket}`;
  const hasPack = pick(3) === 0;
  const hasRemote = !hasPack || pick(2) === 0;
  const { memory, reasons } = freshMemory({
    storage: 'memory',
    ...(hasPack && { packs: [`${base}.pack`] }),
    ...(hasRemote && { remote: { url: base, timeoutMs: TIMEOUT_MS, write: pick(2) === 0 } }),
  });
  const cached = memory.cache(varied, version);
  const mayWaitMs = (hasPack ? PACK_MS : 0) + (hasRemote ? TIMEOUT_MS : 0);
  const callOf = async (x: number): Promise<void> => {
    const isMapped = pick(4) === 0;
    const start = performance.now();
    const value = await (isMapped ? cached.with({ mmapMode: 'r' })(x) : cached(x));
    const overMs = performance.now() - start - mayWaitMs;
    longestMs = Math.max(longestMs, overMs);
    if (overMs > SLACK_MS) wrong.push(`the call of ${x} took ${Math.round(overMs)} ms too long`);
    if (!isMapped && !isRight(value as ReturnType<typeof varied>, x)) wrong.push(`the value of ${x}`); // not mapped
  };
  if (pick(2) === 0) await Promise.all(CALLS.map(callOf));
  else for (const x of CALLS) await callOf(x);
  for (const x of CALLS) await callOf(x);
  counts.pack += reasons('hit').filter((reason) => reason === 'pack').length;
  counts.remote += reasons('hit').filter((reason) => reason === 'remote').length;
  counts.computed += reasons('compute').length;
  await memory.close();
  return wrong;
}

async function runInTime(seed: number): Promise<string[]> {
  const hang = Promise.withResolvers<string[]>();
  const timer = setTimeout(() => hang.resolve(['it hangs']), HANG_MS);
  const failed = (error: unknown): string[] => [`threw ${error} ${(error as Error).stack}`];
  const wrong = await Promise.race([run(seed).catch(failed), hang.promise]);
  clearTimeout(timer);
  return wrong.map((each) => `seed ${seed}: ${each}`);
}

test('whatever servers answer, calls give their values in time', { timeout: 36_000_000 }, async () => {
  const wrong: string[] = [];
  const start = performance.now();
  let [begun, done] = [0, 0];
  const lane = async (): Promise<void> => {
    while (begun < enough && performance.now() - start < limitMs) {
      begun += 1;
      const found = await runInTime(first + begun - 1);
      for (const each of found) console.log(each);
      wrong.push(...found);
      done += 1;
      if (done % 100 === 0)
        console.log(`${done} schedules after ${Math.round((performance.now() - start) / 1_000)} s`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`${done} schedules, ${Math.round(longestMs)} ms late at most: ${JSON.stringify(counts)}`);
  expect(wrong).toEqual([]);
  expect(uncaught).toEqual([]);
  // Servers neither always serve, nor never.
  expect(counts.pack + counts.remote).toBeGreaterThan(0);
  expect(counts.computed).toBeGreaterThan(0);
});
