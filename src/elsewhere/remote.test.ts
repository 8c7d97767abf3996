/** The shared tier where results are kept in the memory of a process, in Node. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Memory, type MemoryOptions } from '../memory/memory.ts';
import { FaultyServer, type LoggedRequest } from '../testing/elsewhere/faulty-server.ts';

const server = new FaultyServer();
let origin = '';

beforeAll(async () => {
  origin = await server.listen();
});

afterAll(() => server.close());

const bytes = (size: number) => new Uint8Array(size).fill(size % 251);

function open(bucket: string, remote: Partial<NonNullable<MemoryOptions['remote']>>) {
  const memory = new Memory({
    name: `${bucket} ${Math.random()}`,
    storage: 'memory',
    remote: { url: `${origin}/none/${bucket}`, ...remote },
  });
  const hits: string[] = [];
  memory.addEventListener('hit', ({ detail }) => void hits.push(detail.reason));
  return { memory, hits, cached: memory.cache(bytes, { id: 'bytes', version: 1, trustVersion: true }) };
}

async function sentOf(bucket: string): Promise<number> {
  const log: LoggedRequest[] = await (await fetch(`${origin}/log/${bucket}`)).json();
  return log.filter(({ method, path, status }) => method === 'PUT' && status === 201 && path.includes('/ac/'))
    .length;
}

const waiting = { timeout: 20_000, interval: 20 };

test('all results are sent, whatever their size, and come back', async () => {
  const sizes = [0, 1, 24, 1_000, 15_001, 60_003, 400_007, 1_500_001];
  const { memory, cached } = open('sizes', { write: true });
  for (const size of sizes) await cached(size);
  await vi.waitFor(async () => expect(await sentOf('sizes')).toBe(sizes.length), waiting);
  await memory.close();
  const other = open('sizes', {});
  for (const size of sizes) expect(await other.cached(size)).toEqual(bytes(size));
  expect(other.hits).toEqual(sizes.map(() => 'remote'));
  await other.memory.close();
});

test('what went before it was sent is no failure of the server: the rest is sent', async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { memory, cached } = open('went', { write: true, read: false, headers: () => gate.then(() => ({})) });
  const keys: string[] = [];
  memory.addEventListener('store', ({ detail }) => void keys.push(detail.key));
  for (const size of [1, 2, 3, 4, 5, 6]) await cached(size);
  // The first one waits for its headers.
  await memory.delete(...keys.slice(1, 5));
  release();
  await vi.waitFor(async () => expect(await sentOf('went')).toBe(2), waiting);
  await memory.close();
});
