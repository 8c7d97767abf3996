import { afterAll, afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { Memory } from '../memory/memory.ts';
import type { MemoryOptions, RemoteOptions } from '../options/options.ts';
import type { LoggedRequest } from '../testing/elsewhere/faulty-server.ts';
import { freshMemory, freshName } from '../testing/memories.ts';

const server = inject('faultyServer');
let runs = 0;
let bucket = '';

const ramp = (n: number) => {
  runs += 1;
  return { n, values: Float64Array.from({ length: n }, (_, i) => i / 3) };
};
const version = { id: 'ramp', version: 1, trustVersion: true } as const;
const isRamp = ({ values, n: found }: ReturnType<typeof ramp>, n: number): boolean =>
  found === n && values.length === n && values.every((each, at) => each === at / 3);

const urlOf = (fault = 'none'): string => `${server}/${fault}/${bucket}`;
const requests = async (): Promise<LoggedRequest[]> => (await fetch(`${server}/log/${bucket}`)).json();

function memoryWith(remote: Partial<RemoteOptions> = {}, options = version, memory: MemoryOptions = {}) {
  const watched = freshMemory({ ...memory, remote: { url: urlOf(), ...remote } });
  return { ...watched, cached: watched.memory.cache(ramp, options) };
}

const putsOf = async (folder: string): Promise<number> =>
  (await requests()).filter(
    ({ method, path, status }) =>
      method === 'PUT' && status === 201 && path.startsWith(`${bucket}/${folder}/`),
  ).length;

/** Computes the calls, and waits until they are sent. */
async function share(
  sizes: readonly number[],
  remote: Partial<RemoteOptions> = {},
  memory: MemoryOptions = {},
): Promise<void> {
  const { cached } = memoryWith({ write: true, ...remote }, version, memory);
  const before = await putsOf('ac');
  for (const n of sizes) await cached(n);
  await vi.waitFor(async () => expect(await putsOf('ac')).toBe(before + sizes.length), {
    timeout: 20_000,
    interval: 50,
  });
}

beforeEach(() => {
  runs = 0;
  bucket = freshName();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  await Memory.clearOrigin();
});

const keyPair = async () => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair; // two keys
  return { sign: pair.privateKey, verify: pair.publicKey };
};

describe('remote', () => {
  test('gives what another browser computed, in one, two or more parts', async () => {
    await share([3, 9_000, 600_000]);
    runs = 0;
    const { memory, cached, reasons } = memoryWith();
    for (const n of [3, 9_000, 600_000]) expect(isRamp(await cached(n), n)).toBe(true);
    expect(runs).toBe(0);
    expect(reasons('hit')).toEqual(['remote', 'remote', 'remote']);
    expect((await memory.stats()).elsewhere).toMatchObject({ remoteHits: 3 });
    expect(isRamp(await cached(600_000), 600_000)).toBe(true);
    await memory.flush();
    expect(isRamp(await cached(600_000), 600_000)).toBe(true);
    expect(reasons('hit').at(-1)).toBe('storage');
  });

  test("is sent what is kept in this page's memory only, whatever its size", async () => {
    await share([3, 9_000, 600_000], {}, { storage: 'memory' });
    runs = 0;
    const { cached, reasons } = memoryWith();
    for (const n of [3, 9_000, 600_000]) expect(isRamp(await cached(n), n)).toBe(true);
    expect(runs).toBe(0);
    expect(reasons('hit')).toEqual(['remote', 'remote', 'remote']);
  });

  test('serves a slice of a mapped array by range', async () => {
    await share([600_000]);
    const { cached } = memoryWith();
    const { values } = await cached.with({ mmapMode: 'r' })(600_000);
    const slice = await values.read(2 ** 18, 2 ** 18 + 100);
    expect(slice.every((each, at) => each === (2 ** 18 + at) / 3)).toBe(true);
    const ranges = (await requests()).filter(({ range }) => range !== undefined);
    expect(ranges.map(({ byteLength }) => byteLength)).toEqual([2 ** 20]);
    expect(runs).toBe(1);
  });

  test('is asked once for what is not there, and gets it when it is computed; bytes that are there are not sent again', async () => {
    await share([9_000]);
    expect(
      (await requests()).filter(({ method, path }) => method === 'GET' && path.includes('/ac/')),
    ).toHaveLength(1);
    const sent = await putsOf('cas');
    const { cached } = memoryWith({ write: true, read: false });
    await cached(9_000);
    await vi.waitFor(async () => expect(await putsOf('ac')).toBe(2), { timeout: 20_000, interval: 50 });
    expect(await putsOf('cas')).toBe(sent);
  });

  test('has only results of functions whose identity is whole, and of those that are named', async () => {
    const { memory } = memoryWith({ write: true, functions: ['named'] });
    await memory.cache(ramp, { id: 'source' })(3);
    await memory.cache(ramp, { id: 'with-source', version: 1 })(3);
    await memory.cache(ramp, version)(3);
    await memory.cache(ramp, { ...version, id: 'named' })(3);
    await vi.waitFor(async () => expect(await putsOf('ac')).toBe(1), { timeout: 20_000, interval: 50 });
    expect(
      (await requests()).filter(({ method, path }) => method === 'GET' && path.includes('/ac/')),
    ).toHaveLength(1);
  });

  test.each(['404', '403', '500', 'no-cors', 'cut', 'empty', 'html', 'wrong-bytes', 'hang', 'slow-400'])(
    'with fault "%s" is a miss in time',
    async (fault) => {
      await share([9_000]);
      runs = 0;
      const { cached } = memoryWith({ url: urlOf(fault), timeoutMs: 300 });
      const start = performance.now();
      expect(isRamp(await cached(9_000), 9_000)).toBe(true);
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(runs).toBe(1);
    },
  );

  test('is left alone once it has failed three times', async () => {
    const { cached, reasons } = memoryWith({ url: urlOf('500') });
    for (let n = 0; n < 8; n += 1) await cached(n);
    expect((await requests()).filter(({ method }) => method === 'GET')).toHaveLength(3);
    expect(reasons('storage').filter((reason) => reason.includes('left alone'))).toHaveLength(1);
    expect(runs).toBe(8);
  });

  test('is sent headers that a function makes', async () => {
    const asked: string[] = [];
    await share([3], {
      headers: ({ method }) => {
        asked.push(method);
        return { 'X-Token': 'secret' };
      },
    });
    expect(new Set(asked)).toEqual(new Set(['GET', 'HEAD', 'PUT']));
  });

  test('refuses options that are none', () => {
    const make = (remote: unknown) => () => new Memory({ remote: remote as RemoteOptions });
    expect(make({})).toThrow('remote.url');
    expect(make({ url: 'x', reads: true })).toThrow('no option "reads"');
    expect(make({ url: 'x', timeoutMs: -1 })).toThrow(RangeError);
    expect(() => new Memory({ packs: 'x' as never })).toThrow('give an array');
  });
});

describe('signatures', () => {
  test('let in what was signed with the private key', async () => {
    const { sign, verify } = await keyPair();
    await share([9_000], { sign });
    const raw = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey('raw', verify))));
    for (const key of [verify, await crypto.subtle.exportKey('jwk', verify), raw]) {
      const { cached, reasons } = memoryWith({ verify: key });
      await cached(9_000);
      expect(reasons('hit')).toEqual(['remote']);
    }
  });

  test.each([
    ['unsigned', async () => share([9_000]), 'it is not signed'],
    [
      'signed by another',
      async () => share([9_000], { sign: (await keyPair()).sign }),
      'its signature is wrong',
    ],
  ])('keep out what is %s, and say why', async (_, fill, reason) => {
    await fill();
    runs = 0;
    const { cached, reasons } = memoryWith({ verify: (await keyPair()).verify });
    expect(isRamp(await cached(9_000), 9_000)).toBe(true);
    expect(runs).toBe(1);
    expect(reasons('storage').some((each) => each.includes(reason))).toBe(true);
  });

  test('keep out an entry that was signed under another key, and bytes that were changed', async () => {
    const { sign, verify } = await keyPair();
    await share([9_000, 8_000], { sign });
    const [first = '', second = ''] = (await requests())
      .filter(({ method, path }) => method === 'PUT' && path.includes('/ac/'))
      .map(({ path }) => `${server}/none/${path}`);
    const [a, b] = await Promise.all([first, second].map(async (url) => (await fetch(url)).text()));
    await fetch(first, { method: 'PUT', body: b ?? '' });
    await fetch(second, { method: 'PUT', body: (a ?? '').replace('ramp', 'damp') });
    runs = 0;
    const { cached, reasons } = memoryWith({ verify });
    await cached(9_000);
    await cached(8_000);
    expect(runs).toBe(2);
    const said = reasons('storage').join('\n');
    expect(said).toContain('it is of another call');
    expect(said).toContain('its signature is wrong');
  });
});
