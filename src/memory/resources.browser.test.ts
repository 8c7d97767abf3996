import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serve } from '../blobs/worker/serve.ts';
import { freshName } from '../testing/memories.ts';
import { Memory } from './memory.ts';

const own = (id: string) => ({ id, captures: () => ({}) });

/** Workers that were started and not ended. */
let workers: Set<Worker>;
let started = 0;

beforeEach(() => {
  workers = new Set();
  started = 0;
  vi.stubGlobal(
    'Worker',
    class extends Worker {
      constructor(url: URL, options: WorkerOptions) {
        super(url, options);
        started += 1;
        workers.add(this);
      }
      override terminate(): void {
        workers.delete(this);
        super.terminate();
      }
    },
  );
});

afterEach(() => vi.unstubAllGlobals());

const locksOf = async (names: readonly string[]): Promise<(string | undefined)[]> => {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending]
    .map(({ name }) => name)
    .filter((name) => names.some((each) => name?.includes(each)));
};

const deleteDatabase = (name: string): Promise<string> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(`keepsake/${name}`);
    request.onsuccess = () => resolve('deleted');
    request.onblocked = () => resolve('blocked');
    request.onerror = () => resolve('failed');
  });

/** Of each call: most are small, one in a hundred is in a segment, one in two hundred in a file. */
const sizeOf = (x: number): number => (x % 200 === 7 ? 5 << 20 : x % 100 === 3 ? 200_000 : 50);

/** `VITE_KEEPSAKE_CALLS=1000` makes ten thousand in all. */
const CALLS = Number(import.meta.env.VITE_KEEPSAKE_CALLS ?? 200);

test('calls in ten memories have one worker; closed, they leave no lock, handle or connection', async () => {
  const memories = Array.from({ length: 10 }, () => new Memory({ name: freshName() }));
  const names = memories.map(({ name }) => name);
  const functions = memories.map((memory) =>
    memory.cache(async (x: number) => new Uint8Array(sizeOf(x)).fill(x), own('sized')),
  );
  const callAll = async (f: (x: number) => Promise<Uint8Array>, from: number): Promise<void> => {
    for (let x = from; x < CALLS; x += 4) {
      const value = await f(x);
      if (value.length !== sizeOf(x) || value.at(-1) !== x % 256) throw new Error(`value of ${x}`);
    }
  };
  await Promise.all(functions.flatMap((f) => [0, 1, 2, 3].map((from) => callAll(f, from))));
  expect(started).toBe(1);
  for (const memory of memories) await memory.close();
  expect(workers.size).toBe(0);
  await expect.poll(() => locksOf(names)).toEqual([]);
  for (const name of names) expect(await deleteDatabase(name)).toBe('deleted');
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('keepsake');
  for (const name of names) await folder.removeEntry(name, { recursive: true });
}, 120_000);

test('a memory that is closed leaves the files of the others alone, which go on to write', async () => {
  const [one, two] = [new Memory({ name: freshName() }), new Memory({ name: freshName() })];
  const [f, g] = [one, two].map((memory) =>
    memory.cache(async (x: number) => new Uint8Array(200_000).fill(x), own('sized')),
  );
  await f?.(1);
  await g?.(1);
  await one.close();
  await g?.(2);
  await two.flush();
  expect([started, workers.size]).toEqual([1, 1]);
  const again = new Memory({ name: two.name, memoryTierBytes: 0 });
  const misses: string[] = [];
  again.addEventListener('miss', ({ detail }) => misses.push(detail.reason));
  const h = again.cache(g?.fn ?? (async () => new Uint8Array()), own('sized'));
  expect([(await h(1))[0], (await h(2))[0]]).toEqual([1, 2]);
  expect(misses).toEqual([]);
  await two.close();
  expect(workers.size).toBe(1);
  await again.close();
  expect(workers.size).toBe(0);
});

test('forty memories that are dropped leave one worker', async () => {
  for (let at = 0; at < 40; at += 1) {
    const memory = new Memory({ name: freshName() });
    await memory.cache(async (x: number) => new Uint8Array(100_000 + x), own('sized'))(at);
    await memory.flush();
  }
  expect([started, workers.size]).toEqual([1, 1]);
});

test('an answer that cannot be sent is an answer', async () => {
  const { port1, port2 } = new MessageChannel();
  const replies: unknown[] = [];
  port2.onmessage = ({ data }) => replies.push(data);
  serve(port1 as unknown as Parameters<typeof serve>[0], async () => async () => ({
    value: () => 1,
    transfer: [],
  })); // a port has both members
  port2.postMessage({ id: 7, name: 'list', folder: 'x', lock: freshName() });
  await expect.poll(() => replies).toHaveLength(1);
  expect(replies[0]).toMatchObject({ id: 7, isDone: false, error: { name: 'DataCloneError' } });
  const detached = new ArrayBuffer(8);
  structuredClone(detached, { transfer: [detached] });
  serve(port1 as unknown as Parameters<typeof serve>[0], async () => async () => ({
    value: 1,
    transfer: [detached],
  })); // as above
  port2.postMessage({ id: 8, name: 'list', folder: 'x', lock: freshName() });
  await expect.poll(() => replies).toHaveLength(2);
  expect(replies[1]).toMatchObject({ id: 8, isDone: false });
  port1.close();
});
