import { afterAll, describe, expect, test } from 'vitest';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { changeRecords } from '../testing/stored.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

interface Options {
  metric: string;
  k: number;
  verbose?: boolean;
}

const embed = (points: number[], options: Options): string => `${points} ${options.metric}`;
const paths = ({ differences }: { differences: readonly { path: string }[] }): string[] =>
  differences.map(({ path }) => path);

describe('explain() says what differs from the nearest stored entry', () => {
  test('of an entry by its key, as a panel that has only that asks for it', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(embed, { id: 'embed' });
    await f([1, 2], { metric: 'l2', k: 3 });
    await f([1, 2], { metric: 'l1', k: 3 });
    await memory.flush();
    const [latest] = await Array.fromAsync(memory.entries({ order: 'createdAt' }));
    const explained = await memory.explain(latest?.key ?? '');
    expect(explained).toMatchObject({
      hit: true,
      reason: 'storage',
      identity: 'source',
      nearest: { functionId: 'embed' },
    });
    expect(explained.nearest?.key).not.toBe(latest?.key);
    expect(paths(explained)).toEqual(['arguments[1].metric']);
    expect(await memory.explain('nowhere')).toMatchObject({ hit: false, reason: 'absent', differences: [] });
  });

  test('arguments, by their path', async () => {
    const { memory, events } = freshMemory();
    const f = memory.cache(embed, { id: 'embed', ignore: ['options.verbose'] });
    await f([1, 2], { metric: 'l2', k: 3 });
    await f([9], { metric: 'cosine', k: 9 });
    await memory.flush();
    const before = events.length;
    expect(await f.explain([1, 2], { metric: 'l2', k: 3, verbose: true })).toEqual({
      hit: true,
      reason: 'storage',
      identity: 'source',
      key: expect.any(String),
      differences: [],
    });
    const explained = await f.explain([1, 2], { metric: 'l1', k: 3 });
    expect(explained).toMatchObject({
      hit: false,
      reason: 'absent',
      nearest: { argumentsPreview: '([1, 2], { metric: "l2", k: 3 })' },
    });
    expect(paths(explained)).toEqual(['arguments[1].metric']);
    expect(paths(await f.explain([9, 9], { metric: 'cosine', k: 9 }))).toEqual(['arguments[0]']);
    const gone = await f.explain([1, 2], { metric: 'l2' } as Options);
    expect(gone.differences).toEqual([
      { kind: 'argument', path: 'arguments[1].k', text: 'arguments[1].k is gone' },
    ]);
    expect(events).toHaveLength(before);
    expect(await Array.fromAsync(memory.entries())).toHaveLength(2);
  });

  test('captured values', async () => {
    const { memory } = freshMemory();
    let scale = 2;
    const f = memory.cache((x: number) => x * scale, {
      id: 'scaled',
      captures: () => ({ scale, unit: 'm' }),
    });
    await f(1);
    await memory.flush();
    scale = 3;
    expect((await f.explain(1)).differences).toEqual([
      { kind: 'captured', path: 'captures.scale', text: 'captures.scale differs' },
    ]);
  });

  test('the code, by what identifies it', async () => {
    const { memory } = freshMemory();
    const facts = (fingerprint: string): FunctionFacts => ({ id: 'a.ts#f', fingerprint, params: ['x'] });
    const [one, two] = [(x: number) => x, (x: number) => x + 0];
    await memory.cache(one, { id: 'source' })(1);
    await memory.cache(one, { id: 'version', version: 1 })(1);
    await memory.cache(one, {}, facts('F1'))(1);
    await memory.flush();
    const explained = [
      await memory.cache(two, { id: 'source' }).explain(1),
      await memory.cache(one, { id: 'version', version: 2 }).explain(1),
      await memory.cache(one, {}, facts('F2')).explain(1),
    ];
    expect(explained.map(({ identity, differences }) => [identity, differences])).toEqual([
      ['source', [{ kind: 'code', path: 'source', text: 'the function changed: its source' }]],
      ['version', [{ kind: 'code', path: 'version', text: 'the function changed: its version or source' }]],
      ['plugin', [{ kind: 'code', path: 'plugin', text: 'the function changed: the code that it reaches' }]],
    ]);
  });

  test('nothing, where nothing of the function is stored', async () => {
    const { memory } = freshMemory();
    const explained = await memory.cache(embed, { id: 'embed' }).explain([1], { metric: 'l2', k: 1 });
    expect(explained).toEqual({
      hit: false,
      reason: 'absent',
      identity: 'source',
      key: expect.any(String),
      differences: [],
    });
  });
});

describe('explain() says why an entry is not used', () => {
  test('expired, refused, damaged, of another format', async () => {
    const { memory } = freshMemory();
    await memory.cache(embed, { id: 'embed' })([1], { metric: 'l2', k: 1 });
    await memory.flush();
    const reasonWith = async (options: object): Promise<string> => {
      const page = reopen(memory).memory;
      const { hit, reason } = await page
        .cache(embed, { id: 'embed', ...options })
        .explain([1], { metric: 'l2', k: 1 });
      await page.close();
      expect(hit).toBe(reason === 'storage');
      return reason;
    };
    expect(await reasonWith({})).toBe('storage');
    expect(await reasonWith({ maxAgeMs: 0 })).toBe('expired');
    expect(await reasonWith({ maxAgeMs: 0, staleWhileRevalidateMs: 60_000 })).toBe('storage');
    expect(await reasonWith({ cacheValidationCallback: () => false })).toBe('invalid');
    expect(await reasonWith({ cacheValidationCallback: () => Promise.reject(new Error('broken')) })).toBe(
      'validator-threw',
    );
    await memory.close();
    await changeRecords(memory.name, (record) => {
      const { place } = record.skeleton as { place: ArrayBuffer }; // a record of the format in use
      new Uint8Array(place)[0]! ^= 1;
    });
    expect(await reasonWith({})).toBe('damaged');
    await changeRecords(memory.name, (record) => void Object.assign(record, { format: 99 }));
    expect(await reasonWith({})).toBe('format');
  });

  test('evicted, by this page', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(embed, { id: 'embed' });
    await f([1], { metric: 'l2', k: 1 });
    await memory.flush();
    await memory.reduceSize({ items: 0 });
    expect(await f.explain([1], { metric: 'l2', k: 1 })).toMatchObject({ hit: false, reason: 'evicted' });
    expect(await f.explain([2], { metric: 'l2', k: 1 })).toMatchObject({ hit: false, reason: 'absent' });
  });
});
