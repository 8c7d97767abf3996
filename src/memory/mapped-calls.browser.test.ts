import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';
import { MappedArray } from '../arrays/arrays.ts';
import { EntryBusyError, MemoryClosedError, UnhashableArgumentError } from '../errors/errors.ts';
import { heldLocks } from '../locks/locks.ts';
import type { MappedWorkerReport } from '../testing/mapped-worker.ts';
import { freshMemory, freshName, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const MIB = 2 ** 20;
const LARGE = (3.5 * MIB) / 8;

const ramp = (length: number): Float64Array => Float64Array.from({ length }, (_, at) => at / 3);

/** Millions of elements: a plain loop takes milliseconds where toEqual() takes seconds. */
function expectSame(found: Float64Array, expected: Float64Array): void {
  expect(found.length).toBe(expected.length);
  expect(found.findIndex((value, at) => value !== expected[at])).toBe(-1);
}

describe('into', () => {
  test('fills the buffer of the caller, which stays attached, on the first call as on later ones', async () => {
    const { memory, reasons } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp' });
    const buffer = new Float64Array(LARGE);
    expect(await cached.with({ into: buffer })(LARGE)).toBe(buffer);
    expectSame(buffer, ramp(LARGE));
    await memory.flush();
    const longer = new Float64Array(LARGE + 10).fill(9);
    const filled = await cached.with({ into: longer })(LARGE);
    expect(filled.buffer).toBe(longer.buffer);
    expectSame(filled, ramp(LARGE));
    expect(longer.at(-1)).toBe(9);
    expect(reasons('compute')).toHaveLength(1);
  });

  test('refuses another type and a buffer that is too short', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp' });
    const array = await cached.with({ mmapMode: 'r' })(LARGE);
    await expect(array.read(0, 10, new Float32Array(10) as never)).rejects.toThrow(TypeError);
    await expect(array.read(0, 10, new Float64Array(9))).rejects.toThrow(RangeError);
    const target = new Float64Array(3);
    expect(await array.read(2, 5, target)).toBe(target);
    expect(target).toEqual(ramp(5).slice(2));
    await expect(cached.with({ into: new Float32Array(LARGE) })(LARGE)).rejects.toThrow(TypeError);
    await expect(cached.with({ into: new Float64Array(3) })(LARGE)).rejects.toThrow(RangeError);
    const text = memory.cache(() => 'text', { id: 'text' });
    await expect(text.with({ into: new Uint8Array(9) })()).rejects.toThrow(/one typed array/);
  });
});

describe('as an argument', () => {
  test("'r' hashes as its content, unread; other modes are refused", async () => {
    const { memory, reasons } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp' });
    const sum = memory.cache(
      async (array: MappedArray<Float64Array>) => {
        let total = 0;
        for await (const chunk of array.chunks(50_000)) for (const value of chunk) total += value;
        return total;
      },
      { id: 'sum' },
    );
    const first = await cached.with({ mmapMode: 'r' })(LARGE);
    const total = await sum(first);
    await memory.flush();
    const second = await cached.with({ mmapMode: 'r' })(LARGE);
    expect(await sum(second)).toBe(total);
    await sum(await cached.with({ mmapMode: 'r' })(LARGE - 1));
    expect(reasons('compute')).toHaveLength(4);
    const writable = await cached.with({ mmapMode: 'c' })(LARGE);
    await expect(sum(writable)).rejects.toThrow(UnhashableArgumentError);
    await expect(sum(writable)).rejects.toThrow(/arguments\[0\].*mode 'c'/);
  });
});

describe('readSync()', () => {
  test('reads stored results without waiting, in a dedicated worker', async () => {
    const worker = new Worker(new URL('../testing/mapped-worker.ts', import.meta.url), { type: 'module' });
    const report = await new Promise<MappedWorkerReport>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(freshName());
    });
    worker.terminate();
    expect(report.error).toBeUndefined();
    expect(report.steps).toHaveLength(16);
    expect(report.steps.filter((step) => !step.endsWith(': true'))).toEqual([]);
  });
});

describe('Memory.close()', () => {
  test('stores what was written and lets go; arrays throw MemoryClosedError from then on', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp', captures: () => ({}) });
    const [small, large] = [
      await cached.with({ mmapMode: 'r' })(5),
      await cached.with({ mmapMode: 'r+' })(LARGE),
    ];
    await large.set([-5], 1);
    await memory.close();
    for (const array of [small, large]) await expect(array.read(0, 1)).rejects.toThrow(MemoryClosedError);
    await large.close();
    expect(await heldLocks(`keepsake/${memory.name}/`)).toEqual(new Set());
    const { memory: later } = reopen(memory);
    const again = later.cache(ramp, { id: 'ramp', captures: () => ({}) });
    const array = await again.with({ mmapMode: 'r+' })(LARGE);
    expect(await array.at(1)).toBe(-5);
    await array.close();
  });
});

describe('ShelvedResult.map()', () => {
  test('opens the stored result by slice, in any mode', async () => {
    const { memory } = freshMemory();
    const shelved = await memory.cache(ramp, { id: 'ramp' }).callAndShelve(LARGE);
    const array = await shelved.map();
    expectTypeOf(array).toEqualTypeOf<MappedArray<Float64Array>>();
    expect(array).toBeInstanceOf(MappedArray);
    expect(await array.read(3, 6)).toEqual(ramp(6).slice(3));
    const writer = await memory.shelved<Float64Array>(shelved.toJSON()).map('r+');
    await expect(shelved.map('r+')).rejects.toThrow(EntryBusyError);
    await writer.set([7], 0);
    await writer.close();
    expect((await shelved.get())[0]).toBe(7);
    await shelved.clear();
    await expect(shelved.map()).rejects.toMatchObject({ kind: 'ResultEvictedError' });
  });

  test('maps a result that is not stored over memory', async () => {
    const memory = new Memory({ storage: null });
    const shelved = await memory.cache(ramp).callAndShelve(5);
    expect(await (await shelved.map()).read()).toEqual(ramp(5));
  });
});
