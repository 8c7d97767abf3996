import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { Memory } from '../memory/memory.ts';
import type { MemoryOptions } from '../options/options.ts';
import type { LoggedRequest } from '../testing/elsewhere/faulty-server.ts';
import { freshMemory, freshName, reopen } from '../testing/memories.ts';

const server = inject('faultyServer');
const path = `${freshName()}.pack`;
const urlOf = (fault = 'none'): string => `${server}/${fault}/${path}`;
const requests = async (): Promise<LoggedRequest[]> => (await fetch(`${server}/log/${path}`)).json();

const SIZES = [3, 9_000, 600_000];
let runs = 0;

const ramp = (n: number) => {
  runs += 1;
  return { n, values: Float64Array.from({ length: n }, (_, i) => i / 3) };
};
const version = { id: 'ramp', version: 1, trustVersion: true } as const;

const isRamp = ({ values, n: found }: ReturnType<typeof ramp>, n: number): boolean =>
  found === n && values.length === n && values.every((each, at) => each === at / 3);

const memoryWith = (packs: MemoryOptions['packs'] = [urlOf()]) => {
  const watched = freshMemory({ ...(packs && { packs }) });
  return { ...watched, cached: watched.memory.cache(ramp, version) };
};

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { memory, cached } = memoryWith([]);
  for (const n of SIZES) await cached(n);
  const body = await new Response(memory.export()).blob();
  await fetch(urlOf(), { method: 'PUT', body });
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Memory.clearOrigin();
});

describe('packs', () => {
  test('answer the first call, are read by range, and what was read is kept', async () => {
    runs = 0;
    const before = (await requests()).length;
    const { memory, cached, reasons } = memoryWith();
    for (const n of SIZES) expect(isRamp(await cached(n), n)).toBe(true);
    expect(runs).toBe(0);
    expect(reasons('hit')).toEqual(['pack', 'pack', 'pack']);
    const made = (await requests()).slice(before).filter(({ method }) => method === 'GET');
    expect(made[0]?.range).toBe('bytes=0-65535');
    expect(made.length).toBeLessThanOrEqual(5);
    expect((await memory.stats()).elsewhere).toMatchObject({ packHits: 3, remoteHits: 0 });
    await memory.close();
    const later = reopen(memory);
    for (const n of SIZES) expect(isRamp(await later.memory.cache(ramp, version)(n), n)).toBe(true);
    expect(later.reasons('hit')).toEqual(['storage', 'storage', 'storage']);
  });

  test('give each of the callers at once a value of its own', async () => {
    runs = 0;
    const { cached } = memoryWith();
    const [a, b] = await Promise.all([cached(600_000), cached(600_000)]);
    a?.values.fill(0);
    expect(b && isRamp(b, 600_000)).toBe(true);
    expect(isRamp(await cached(600_000), 600_000)).toBe(true);
    expect(runs).toBe(0);
  });

  test('have no answer to other calls, which compute and are kept', async () => {
    runs = 0;
    const { cached, reasons } = memoryWith();
    expect(isRamp(await cached(5), 5)).toBe(true);
    expect(runs).toBe(1);
    expect(reasons('miss')).toEqual(['absent']);
  });

  test('serve a slice of a mapped array by the blocks that it is in', async () => {
    runs = 0;
    const before = (await requests()).length;
    const { memory, cached, reasons } = memoryWith();
    const { values } = await cached.with({ mmapMode: 'r' })(600_000);
    const start = 2 * 2 ** 17;
    const slice = await values.read(start, start + 2 ** 17);
    expect(slice.every((each, at) => each === (start + at) / 3)).toBe(true);
    const across = await values.read(start - 10, start + 10);
    expect(across.every((each, at) => each === (start - 10 + at) / 3)).toBe(true);
    expect(reasons('hit')).toEqual(['pack']);
    const made = (await requests()).slice(before).filter(({ method }) => method === 'GET');
    expect(made.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(2.2 * 2 ** 20);
    await values.close();
    const copy = await cached.with({ mmapMode: 'c' })(600_000);
    await copy.values.set([7], 0);
    expect(await copy.values.at(0)).toBe(7);
    expect(runs).toBe(0);
    await memory.close();
  });

  test('are stored before an array of them is written to', async () => {
    runs = 0;
    const { cached } = memoryWith();
    const { values } = await cached.with({ mmapMode: 'r+' })(600_000);
    await values.set([42], 1);
    await values.flush();
    await values.close();
    expect((await cached(600_000)).values[1]).toBe(42);
    expect(runs).toBe(0);
  });

  test.each([
    '404',
    '403',
    '500',
    'no-cors',
    'cut',
    'empty',
    'html',
    'wrong-bytes',
    'wrong-length',
    'wrong-range',
  ])('that a server answers with fault "%s" are said once, and calls compute', async (fault) => {
    runs = 0;
    const { cached, reasons } = memoryWith([urlOf(fault)]);
    expect(isRamp(await cached(600_000), 600_000)).toBe(true);
    expect(isRamp(await cached(9_000), 9_000)).toBe(true);
    expect(runs).toBe(2);
    expect(reasons('storage').filter((reason) => reason.includes(path))).toHaveLength(1);
  });

  test.each(['no-range', 'redirect', 'no-etag', 'slow-30'])(
    'are read from a server with "%s"',
    async (fault) => {
      runs = 0;
      const { cached, reasons } = memoryWith([urlOf(fault)]);
      for (const n of SIZES) expect(isRamp(await cached(n), n)).toBe(true);
      expect(runs).toBe(0);
      expect(reasons('hit')).toEqual(['pack', 'pack', 'pack']);
    },
  );

  test('that do not answer are waited for two seconds, once', async () => {
    runs = 0;
    const { cached } = memoryWith([urlOf('hang')]);
    const start = performance.now();
    await cached(3);
    expect(performance.now() - start).toBeLessThan(8_000);
    const later = performance.now();
    await cached(4);
    expect(performance.now() - later).toBeLessThan(1_900);
    expect(runs).toBe(2);
  });

  test('respect what the function says of age and validity', async () => {
    runs = 0;
    const { memory } = memoryWith();
    const old = memory.cache(ramp, { ...version, maxAgeMs: 1 });
    await old(3);
    expect(runs).toBe(1);
    const { memory: other } = memoryWith();
    const refusing = other.cache(ramp, { ...version, cacheValidationCallback: () => false });
    await refusing(3);
    expect(runs).toBe(2);
  });
});
