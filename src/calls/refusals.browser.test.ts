/** What cannot be hashed rejects the call before the function is entered; what cannot be stored reaches its caller all the same. */
import { afterAll, describe, expect, test } from 'vitest';
import { UnhashableArgumentError, UnserializableResultError } from '../errors/errors.ts';
import { Memory } from '../memory/memory.ts';
import { freshMemory } from '../testing/memories.ts';
import { filesOf } from '../testing/stored.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

class Secret {
  #inside = 1;
  get inside(): number {
    return this.#inside;
  }
}
class Registry extends Map<string, number> {}

/** One of each sort that has no value of its own. */
const valueless: readonly (readonly [string, () => unknown])[] = [
  ['a function', () => () => 1],
  ['a class', () => class A {}],
  ['a symbol', () => Symbol('s')],
  ['a promise', () => Promise.resolve(1)],
  ['a DOM node', () => document.createElement('canvas')],
  ['the window', () => globalThis],
  ['a readable stream', () => new Blob(['a']).stream()],
  ['a writable stream', () => new WritableStream()],
  ['a message port', () => new MessageChannel().port1],
  ['a generator', () => (function* () {})()],
  ['an iterator', () => new Map().entries()],
  ['a WeakMap', () => new WeakMap()],
  ['a WeakRef', () => new WeakRef({})],
  ['a proxy of a function', () => new Proxy(() => 1, {})],
  ['an instance with private fields', () => new Secret()],
  ['an instance of a subclass of a built-in', () => new Registry()],
  ['an object with a symbol for a name', () => ({ [Symbol('s')]: 1 })],
  ['an object whose getter throws', () => Object.defineProperty({}, 'x', { enumerable: true, get: thrower })],
];

function thrower(): never {
  throw new RangeError('no');
}

/** Alone these are refused as arguments; as results they could be read back. */
const onlyUnhashable: readonly (readonly [string, () => unknown])[] = [
  ['a transferred buffer', () => transferred()],
];

function transferred(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

describe('UnhashableArgumentError', () => {
  test.each([...valueless, ...onlyUnhashable])(
    '%s: names the path, and the function is not entered',
    async (_, make) => {
      const { memory, events } = freshMemory();
      let runs = 0;
      const f = memory.cache(
        (..._args: unknown[]) => {
          runs += 1;
        },
        { id: 'f', captures: () => ({}) },
      );
      const inside = { layers: [{ onEnd: make() }] };
      const calls = [() => f(1, inside), () => f.compute(1, inside), () => f.callAndShelve(1, inside)];
      const verbs = [
        () => f.checkCallInCache(1, inside),
        () => f.delete(1, inside),
        () => f.explain(1, inside),
      ];
      for (const call of [...calls, ...verbs]) {
        const error: unknown = await call().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(UnhashableArgumentError);
        expect(Reflect.get(Object(error), 'path')).toMatch(/^arguments\[1\]\.layers\[0\]\.onEnd/);
      }
      expect(runs).toBe(0);
      expect(events.filter(({ kind }) => kind !== 'storage')).toEqual([]);
    },
  );

  test.each([
    ['Map value', () => new Map([['a key', () => 1]]), 'arguments[0].get("a key")'],
    ['Map key', () => new Map([[() => 1, 1]]), 'arguments[0].keys()[0]'],
    ['Set member', () => new Set([1, () => 1]), 'arguments[0].values()[1]'],
    ['odd name', () => ({ 'odd name': { '0': Symbol() } }), 'arguments[0]["odd name"]["0"]'],
    ['argument itself', () => Symbol(), 'arguments[0]'],
    ['error cause', () => new Error('a', { cause: [thrower] }), 'arguments[0].cause[0]'],
    ['very deep', () => deep(100_000, () => 1), /^arguments\[0\]\.d\.d.*…\(\d+ more\)….*\.d$/],
  ] as const)('a %s has the path %3$s', async (_, make, path) => {
    const f = freshMemory().memory.cache((_value: unknown) => 1, { id: 'f', captures: () => ({}) });
    const error: unknown = await f(make()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnhashableArgumentError);
    const found = String(Reflect.get(Object(error), 'path'));
    if (typeof path === 'string') expect(found).toBe(path);
    else expect(found).toMatch(path);
    expect(String(error)).toMatch(
      /leave it out with the "ignore" option, or give the call's identity with the "key"/,
    );
  });

  test('is not thrown for captured values, and is for what key() returns', async () => {
    const { memory, events } = freshMemory();
    const hooks = { onEnd: document.createElement('a') };
    const captures = memory.cache(() => 1, { id: 'c', captures: () => ({ hooks }) });
    expect(await captures()).toBe(1);
    const path = 'captures.hooks.onEnd';
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'skip', reason: 'untold', error: expect.objectContaining({ path }) }),
    );
    const keyed = memory.cache((_x: number) => 1, { id: 'k', key: (x) => ({ x, onEnd: thrower }) });
    await expect(keyed(1)).rejects.toMatchObject({ path: expect.stringMatching(/^key\(\).*\.onEnd$/) });
  });

  test('ignore and key are ways out, and an AbortSignal needs none', async () => {
    const { memory, reasons } = freshMemory();
    const ignoring = memory.cache((x: number, _options: object) => x, {
      id: 'i',
      ignore: ['_options.onEnd'],
    });
    expect(await ignoring(1, { onEnd: thrower, scale: 2 })).toBe(1);
    expect(await ignoring(1, { onEnd: () => 2, scale: 2 })).toBe(1);
    expect(await ignoring(1, { scale: 2 })).toBe(1);
    expect(await ignoring(1, { scale: 3 })).toBe(1);
    expect(reasons('compute')).toHaveLength(2);
    const keyed = memory.cache((x: number, _onEnd: () => void) => x, { id: 'k', key: (x) => x });
    expect(await keyed(1, thrower)).toBe(1);
    expect(await keyed(1, () => undefined)).toBe(1);
    expect(reasons('compute')).toHaveLength(3);
    const signalled = memory.cache((x: number, _o?: object) => x, { id: 's' });
    await signalled(1, { signal: new AbortController().signal });
    await signalled(1, {});
    await signalled(1, { signal: AbortSignal.timeout(60_000) });
    expect(reasons('compute')).toHaveLength(4);
  });
});

function deep(depth: number, value: unknown): unknown {
  let inner = value;
  for (let level = 0; level < depth; level += 1) inner = { d: inner };
  return inner;
}

describe('UnserializableResultError', () => {
  test.each(valueless)('%s: the caller gets the value, and nothing is left behind', async (_, make) => {
    const { memory, events } = freshMemory();
    const inside = make();
    const large = new Float64Array(20_000);
    const f = memory.cache(() => ({ large, layers: [{ onEnd: inside }] }), { id: 'f', captures: () => ({}) });
    const value = await f();
    expect(value.layers[0]!.onEnd === inside).toBe(true);
    expect(value.large).toBe(large);
    await memory.flush();
    const skip = events.find((event) => event.kind === 'skip');
    expect(skip).toMatchObject({ reason: 'unserializable', error: expect.any(UnserializableResultError) });
    expect(String(Reflect.get(Object(skip?.error), 'path'))).toMatch(/^result\.layers\[0\]\.onEnd/);
    expect(await f.checkCallInCache()).toBe(false);
    expect(await Array.fromAsync(memory.entries())).toEqual([]);
    expect(await filesOf(memory.name)).toEqual([]);
  });

  test('compute() and callAndShelve() give it too', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(() => thrower, { id: 'f', captures: () => ({}) });
    expect((await f.compute()).value).toBe(thrower);
    const shelved = await f.callAndShelve();
    expect(await shelved.get()).toBe(thrower);
    expect(() => shelved.toJSON()).toThrow(/is not stored, so there is nothing to refer to/);
    expect(await shelved.clear()).toMatchObject({ removed: 1 });
    await expect(shelved.get()).rejects.toMatchObject({ kind: 'ResultEvictedError' });
  });

  test('joined callers each get a value of their own', async () => {
    const { memory } = freshMemory();
    const f = memory.cache(async () => ({ hook: () => 1, list: [0] }), { id: 'f', captures: () => ({}) });
    const [one, two] = await Promise.all([f(), f()]);
    one.list.push(1);
    expect(two.list).toEqual([0]);
    expect(two.hook()).toBe(1);
  });

  test('a codec that fails, in either direction, costs nobody the value', async () => {
    class Point {
      x = 1;
    }
    const { memory, reasons } = freshMemory();
    const codec = (encode: () => unknown, decode: () => unknown) => ({
      name: 'point',
      is: (value: unknown) => value instanceof Point,
      encode,
      decode,
    });
    const failing = memory.cache(() => new Point(), { id: 'encode', codecs: [codec(thrower, thrower)] });
    expect(await failing()).toBeInstanceOf(Point);
    expect(reasons('skip')).toEqual(['unserializable']);
    const unreadable = memory.cache(() => new Point(), { id: 'decode', codecs: [codec(() => 1, thrower)] });
    expect(await unreadable()).toBeInstanceOf(Point);
    await memory.flush();
    expect(await unreadable()).toBeInstanceOf(Point);
    const joined = await Promise.all([unreadable(), unreadable()]);
    for (const point of joined) expect(point).toBeInstanceOf(Point);
  });
});
