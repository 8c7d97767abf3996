import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { MappedArray } from '../arrays/arrays.ts';
import { EntryBusyError, ResultEvictedError } from '../errors/errors.ts';
import { heldLocks, pinLock, writerLock } from '../locks/locks.ts';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen } from '../testing/memories.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  await Memory.clearOrigin();
});

const MIB = 2 ** 20;
/** In the record, in a file and written anew as a whole, in a file and changed by blocks. */
const SMALL = 100;
const MIDDLE = (3 * MIB) / 4;
const LARGE = (10.5 * MIB) / 4;

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, at) => at);

/** Millions of elements: a plain loop takes milliseconds where toEqual() takes seconds. */
function expectSame(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  expect(found.findIndex((value, at) => value !== expected[at])).toBe(-1);
}

const open = (memory: Memory, length: number, mode: 'r' | 'r+' | 'w+' | 'c' = 'r+') =>
  memory.cache(ramp, { id: 'ramp', captures: () => ({}) }).with({ mmapMode: mode })(length);

async function filesOf(name: string): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const keepsake = await root.getDirectoryHandle('keepsake', { create: true });
  const folder = await keepsake.getDirectoryHandle(name, { create: true });
  const files: string[] = [];
  for await (const label of folder.values()) {
    for await (const file of (label as FileSystemDirectoryHandle).keys()) files.push(file);
  }
  return files;
}

describe.each([
  ['in its record', SMALL],
  ['in a small file', MIDDLE],
  ['in a large file', LARGE],
])("mode 'r+' on a result %s", (_, length) => {
  const expected = ramp(length);
  expected.set([-1, -2, -3], length - 50);
  expected.set([-4], 0);

  async function change(array: MappedArray<Float32Array>): Promise<void> {
    await array.set([-1, -2, -3], length - 50);
    await array.set([-4], 0);
  }

  test('writes are durable after flush(), in another page', async () => {
    const { memory, reasons } = freshMemory();
    await open(memory, length, 'r');
    const array = await open(memory, length);
    expect(array.mode).toBe('r+');
    await change(array);
    expectSame(await array.read(), expected);
    expectSame(await (await open(memory, length, 'r')).read(), ramp(length));
    await array.flush();
    expect(reasons('store')).toEqual(['computed', 'flushed']);
    expectSame(await array.read(), expected);
    await array.close();
    await memory.close();

    const { memory: later, reasons: laterReasons } = reopen(memory);
    expectSame(await (await open(later, length, 'r')).read(), expected);
    expectSame(await later.cache(ramp, { id: 'ramp', captures: () => ({}) })(length), expected);
    expect(laterReasons('compute')).toEqual([]);
  });

  test('a flush that dies before its transaction leaves the old revision whole', async () => {
    const { memory } = freshMemory();
    const array = await open(memory, length);
    await change(array);
    const files = await filesOf(memory.name);
    // The transaction that swaps the revisions fails in the middle, as when the process is killed there.
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === 'entries') throw new DOMException('killed', 'AbortError');
      return put.apply(this, args);
    });
    await expect(array.flush()).rejects.toThrow('killed');
    vi.restoreAllMocks();
    expect(await filesOf(memory.name)).toEqual(files);
    const { memory: other } = reopen(memory);
    expectSame(await (await open(other, length, 'r')).read(), ramp(length));
    const [info] = await Array.fromAsync(other.entries());
    expect(info?.sizeBytes).toBeGreaterThan(length * 4);
    // What was written is still there for another try.
    await array.flush();
    await array.close();
    await memory.close();
    await other.close();
    expectSame(await (await open(reopen(memory).memory, length, 'r')).read(), expected);
  });

  test('arrays that are open stay at their revision', async () => {
    const { memory } = freshMemory();
    const writer = await open(memory, length);
    const { memory: other } = reopen(memory);
    const reader = await open(other, length, 'r');
    await change(writer);
    await writer.flush();
    expectSame(await reader.read(), ramp(length));
    expectSame(await (await open(other, length, 'r')).read(), expected);
    await reader.close();
  });

  test('a result that is still being stored is written to once it is', async () => {
    const { memory, reasons } = freshMemory();
    await memory.cache(ramp, { id: 'ramp', captures: () => ({}) })(length);
    const array = await open(memory, length);
    await change(array);
    await array.close();
    expect(reasons('compute')).toHaveLength(1);
    expectSame(await (await open(memory, length, 'r')).read(), expected);
  });

  test('a second writer gets EntryBusyError until the first is closed', async () => {
    const { memory } = freshMemory();
    const first = await open(memory, length);
    const { memory: other } = reopen(memory);
    await expect(open(other, length)).rejects.toThrow(EntryBusyError);
    await expect(open(memory, length, 'w+')).rejects.toThrow(EntryBusyError);
    await change(first);
    await first.close(); // flushes
    const second = await open(other, length);
    expectSame(await second.read(), expected);
    await second.close();
    expect(await heldLocks(writerLock(memory.name, ''))).toEqual(new Set());
  });

  test('a result that was computed anew is not overwritten', async () => {
    const { memory } = freshMemory();
    const array = await open(memory, length);
    await change(array);
    await memory.cache(ramp, { id: 'ramp', captures: () => ({}) }).with({ forceFresh: true })(length);
    await memory.flush();
    await expect(array.flush()).rejects.toThrow(ResultEvictedError);
    await expect(array.close()).rejects.toThrow(ResultEvictedError);
    expectSame(await (await open(memory, length, 'r')).read(), ramp(length));
  });
});

describe('the bytes of a flush', () => {
  test('only changed blocks are written, totals follow, and many flushes do not pile up files', async () => {
    const { memory } = freshMemory();
    const array = await open(memory, LARGE);
    const expected = ramp(LARGE);
    for (let round = 0; round < 12; round += 1) {
      const at = ((round * 5) % 10) * (MIB / 4) + round;
      expected[at] = -round;
      await array.set([-round], at);
      await array.flush();
    }
    expectSame(await array.read(), expected);
    await array.close();
    await memory.flush();
    expect((await filesOf(memory.name)).length).toBeLessThanOrEqual(10);
    const [info] = await Array.fromAsync(memory.entries());
    const stats = await memory.stats();
    expect(info?.sizeBytes).toBeLessThan(LARGE * 4 + 10_000);
    expect(stats.bytes).toBe(info?.sizeBytes);
    await memory.close();
    const { memory: later } = reopen(memory);
    expectSame(await (await open(later, LARGE, 'r')).read(), expected);
    await later.clear();
    expect(await filesOf(memory.name)).toEqual([]);
  });

  test('arrays over one buffer see what the others write, and share the writer', async () => {
    const { memory } = freshMemory();
    const make = () => {
      const whole = new Float32Array(100_000);
      return { whole, part: whole.subarray(10, 20), other: new Uint8Array(3) };
    };
    const cached = memory.cache(make, { id: 'make', mmapMode: 'r+' });
    const { whole, part, other } = await cached();
    await part.set([5], 0);
    await other.set([7], 1);
    expect(await whole.at(10)).toBe(5);
    await Promise.all([whole.flush(), part.flush(), other.flush()]);
    await whole.close();
    await part.close();
    await expect(cached()).rejects.toThrow(EntryBusyError);
    await other.close();
    const again = await cached();
    expect(await again.part.at(0)).toBe(5);
    expect(await again.other.read()).toEqual(new Uint8Array([0, 7, 0]));
    for (const array of Object.values(again)) await array.close();
  });

  test('a result that is not stored has nothing to flush to, and says so', async () => {
    const memory = new Memory({ storage: null });
    const array = await open(memory, SMALL);
    await array.set([9], 0);
    expect(await array.at(0)).toBe(9);
    await expect(array.flush()).rejects.toMatchObject({ kind: 'StorageUnavailableError' });
  });
});

describe('pins', () => {
  test('an open array keeps its entry from being evicted, in every realm, until it is closed', async () => {
    const { memory } = freshMemory();
    const array = await open(memory, LARGE, 'r');
    await open(memory, MIDDLE, 'r').then((other) => other.close());
    await memory.flush();
    const { memory: other, reasons } = reopen(memory);
    await other.reduceSize({ bytes: 0 });
    expect(reasons('evict')).toHaveLength(1);
    expect(await array.at(-1)).toBe(LARGE - 1);
    await array.close();
    await vi.waitUntil(async () => (await heldLocks(pinLock(memory.name, ''))).size === 0);
    await other.reduceSize({ bytes: 0 });
    expect(reasons('evict')).toHaveLength(2);
  });

  test('a pin ends after 60 s without a use, and comes back with the next one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { memory } = freshMemory();
      const array = await open(memory, LARGE, 'r');
      const pins = () => heldLocks(pinLock(memory.name, ''));
      const pinned = async (): Promise<boolean> => {
        vi.advanceTimersByTime(0); // where the pin is asked for by a timer
        return (await pins()).size === 1;
      };
      await vi.waitUntil(pinned);
      vi.advanceTimersByTime(59_000);
      await array.at(0);
      vi.advanceTimersByTime(30_000);
      expect((await pins()).size).toBe(1);
      vi.advanceTimersByTime(61_000);
      await vi.waitUntil(async () => (await pins()).size === 0);
      await array.at(0);
      await vi.waitUntil(pinned);
      await array.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
