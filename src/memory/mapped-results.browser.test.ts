import { afterAll, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { MappedArray } from '../arrays/arrays.ts';
import { DamagedEntryError, MemoryClosedError, ResultEvictedError } from '../errors/errors.ts';
import { freshMemory, freshName, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const MIB = 2 ** 20;
/** 3.5 blocks of doubles: larger than a record, and no whole number of blocks. */
const LARGE = (3.5 * MIB) / 8;

const ramp = (length: number): Float64Array => Float64Array.from({ length }, (_, at) => at / 3);

/** Millions of elements: a plain loop takes milliseconds where toEqual() takes seconds. */
function expectSame(found: Float64Array, expected: Float64Array): void {
  expect(found.length).toBe(expected.length);
  expect(found.findIndex((value, at) => value !== expected[at])).toBe(-1);
}

/** Changes a byte of the only file that the memory has stored. */
async function damageFile(name: string, position: number): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const folder = await (await root.getDirectoryHandle('keepsake')).getDirectoryHandle(name);
  for await (const label of folder.values()) {
    for await (const file of (label as FileSystemDirectoryHandle).values()) {
      const writable = await (file as FileSystemFileHandle).createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position, data: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]) });
      await writable.close();
    }
  }
}

describe('mmapMode', () => {
  test('every typed array of a result is mapped, on the first call as on later ones, whatever its size', async () => {
    const { memory, reasons } = freshMemory();
    const result = (n: number) => ({
      large: ramp(n),
      list: [new Uint8Array([1, 2, 3]), 'text', null] as const,
      byName: new Map([['empty', new Int16Array(0)]]),
      set: new Set([1]),
      bytes: new Uint8Array([5, 6]).buffer,
      view: new DataView(new Uint8Array([7, 8]).buffer),
      date: new Date(0),
    });
    const cached = memory.cache(result, { id: 'result', mmapMode: 'r' });
    const first = await cached(LARGE);
    await memory.close();
    const later = reopen(memory);
    const second = await later.memory.cache(result, { id: 'result', mmapMode: 'r' })(LARGE);
    expect(reasons('compute')).toHaveLength(1);
    expect(later.reasons('hit')).toEqual(['storage']);
    for (const { large, list, byName, set, bytes, view, date } of [first, second]) {
      expect(large).toBeInstanceOf(MappedArray);
      expect(large).toMatchObject({ dtype: 'float64', shape: [LARGE], byteLength: 3.5 * MIB, mode: 'r' });
      expect(list[0]).toBeInstanceOf(MappedArray);
      expect([...list.slice(1)]).toEqual(['text', null]);
      expect(byName.get('empty')).toMatchObject({ dtype: 'int16', length: 0 });
      expect([set.size, bytes.byteLength, view.getUint8(1), date.getTime()]).toEqual([1, 2, 8, 0]);
    }
    expect(await second.list[0].read()).toEqual(new Uint8Array([1, 2, 3]));
    expect(await second.byName.get('empty')?.read()).toEqual(new Int16Array(0));
    expectSame(await second.large.read(), ramp(LARGE));
  });

  test('slices across blocks, single elements, chunks and blobs of a stored file', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp' });
    const array = await cached.with({ mmapMode: 'r' })(LARGE);
    const whole = ramp(LARGE);
    for (const [start, end] of [
      [MIB / 8 - 3, MIB / 8 + 3],
      [0, 1],
      [LARGE - 5, LARGE],
      [-7, -2],
      [5, 5],
      [9, 3],
      [0, (2 * MIB) / 8 + 1],
    ] as const) {
      expect(await array.read(start, end)).toEqual(
        whole.slice(start, Math.max(end, start < 0 ? end : start)),
      );
    }
    expect(await array.at(-1)).toBe(whole.at(-1));
    expect(await array.at(17)).toBe(whole[17]);
    let seen = 0;
    for await (const chunk of array.chunks(100_000)) {
      expect(chunk).toEqual(whole.subarray(seen, seen + 100_000));
      seen += chunk.length;
    }
    expect(seen).toBe(LARGE);
    expect(new Float64Array(await (await array.blob()).arrayBuffer())).toEqual(whole);
    expect(() => array.readSync(0, 1)).toThrow(/dedicated worker/);
  });

  test('a range outside of the array is a RangeError that names length and range', async () => {
    const { memory } = freshMemory();
    const array = await memory.cache(ramp, { id: 'ramp', mmapMode: 'r' })(100);
    await expect(array.read(0, 101)).rejects.toThrow(RangeError);
    await expect(array.read(-101, 3)).rejects.toThrow('[-101, 3)');
    await expect(array.read(0, 101)).rejects.toThrow('100 elements');
    await expect(array.at(100)).rejects.toThrow(RangeError);
  });

  // The test harms a file: WebKitGTK as it comes has none.
  test.skipIf(!('storage' in navigator))(
    'a hit reads the skeleton and no buffer: damage shows when its block is read',
    async () => {
      const { memory } = freshMemory();
      await memory.cache(ramp, { id: 'ramp' })(LARGE);
      await memory.close();
      await damageFile(memory.name, 2 * MIB + 5_000);
      const later = reopen(memory);
      const array = await later.memory.cache(ramp, { id: 'ramp', mmapMode: 'r' })(LARGE);
      expect(later.reasons('hit')).toEqual(['storage']);
      expect(await array.read(0, 9)).toEqual(ramp(9));
      await expect(array.read()).rejects.toThrow(DamagedEntryError);
      await later.memory.flush();
      expect(later.reasons('damaged')).toHaveLength(1);
      const again = await later.memory.cache(ramp, { id: 'ramp', mmapMode: 'r' })(LARGE);
      expect(later.reasons('compute')).toHaveLength(1);
      expectSame(await again.read(), ramp(LARGE));
    },
  );

  test('an array whose entry is gone rejects with ResultEvictedError', async () => {
    const { memory } = freshMemory();
    const array = await memory.cache(ramp, { id: 'ramp', mmapMode: 'r' })(LARGE);
    expect(await array.at(3)).toBe(1);
    await memory.clear();
    await expect(array.read(0, 1)).rejects.toThrow(ResultEvictedError);
  });

  test('the mode of the call, of the function and of the memory: the first that is given holds', async () => {
    const memory = new Memory({ name: freshName(), mmapMode: 'c' });
    const small = () => new Uint8Array([1, 2]);
    const plain = memory.cache(small, { id: 'small', mmapMode: null });
    const inherited = memory.cache(small, { id: 'small' });
    expect(await plain()).toEqual(new Uint8Array([1, 2]));
    expect((await inherited()).mode).toBe('c');
    expect((await plain.with({ mmapMode: 'r' })()).mode).toBe('r');
    expect(await inherited.with({ mmapMode: null })()).toBeInstanceOf(Uint8Array);
    expect((await inherited.with({ mmapMode: 'w+' })()).mode).toBe('w+');
    expect((await memory.run(small)).mode).toBe('c');
    await memory.close();
    // Closed, or without a store: computed, and mapped all the same.
    expect((await inherited()).mode).toBe('c');
    const unstored = new Memory({ storage: null, mmapMode: 'r' });
    expect(await (await unstored.cache(small)()).read()).toEqual(new Uint8Array([1, 2]));
  });

  test('types follow the mode', () => {
    const { memory } = freshMemory();
    const result = () => ({ a: new Float32Array(2), n: [1, new Map([['k', new Uint8Array()]])] as const });
    const plain = memory.cache(result, { id: 'types' });
    expectTypeOf<Awaited<ReturnType<typeof plain>>>().toEqualTypeOf<ReturnType<typeof result>>();
    const mapped = memory.cache(result, { id: 'types', mmapMode: 'r' });
    type Result = Awaited<ReturnType<typeof mapped>>;
    expectTypeOf<Result['a']>().toEqualTypeOf<MappedArray<Float32Array<ArrayBuffer>>>();
    expectTypeOf<Result['n'][1]>().toEqualTypeOf<Map<string, MappedArray<Uint8Array<ArrayBuffer>>>>();
    expectTypeOf<Result['n'][0]>().toEqualTypeOf<1>();
    const byCall = plain.with({ mmapMode: 'c' });
    expectTypeOf<Awaited<ReturnType<typeof byCall>>>().toEqualTypeOf<Result>();
    const back = mapped.with({ mmapMode: null });
    expectTypeOf<Awaited<ReturnType<typeof back>>>().toEqualTypeOf<ReturnType<typeof result>>();
    const kept = mapped.with({ forceFresh: true });
    expectTypeOf<Awaited<ReturnType<typeof kept>>>().toEqualTypeOf<Result>();
  });

  test('mistakes in the ways of a call are TypeErrors when they are given', () => {
    const { memory } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp', compress: 'gzip' });
    expect(() => cached.with({ mmapMode: 'x' as never })).toThrow(TypeError);
    expect(() => cached.with({ mmapMode: 'r' })).toThrow(/contradict/);
    expect(() => cached.with({ into: [] as never })).toThrow(/typed array/);
    expect(() => cached.with({ mode: 'r' } as never)).toThrow(/no option "mode"/);
    expect(() => cached.with({ mmapMode: 'r', into: new Float64Array(1) } as never)).toThrow(TypeError);
  });

  test('entries that were compressed are mapped over memory', async () => {
    const { memory } = freshMemory();
    await memory.cache(ramp, { id: 'ramp', compress: 'gzip' })(LARGE);
    await memory.flush();
    const array = await memory.cache(ramp, { id: 'ramp', mmapMode: 'r', captures: () => ({}) })(LARGE);
    expect(await array.read(-3)).toEqual(ramp(LARGE).slice(-3));
  });

  test('arrays inside of what a codec makes are the codec own, and stay as they are', async () => {
    class Matrix {
      readonly data: Float64Array;
      constructor(data: Float64Array) {
        this.data = data;
      }
    }
    const codec = {
      name: 'Matrix',
      is: (value: unknown): value is Matrix => value instanceof Matrix,
      encode: ({ data }: Matrix) => ({ data }),
      decode: ({ data }: { data: Float64Array }) => new Matrix(data),
    };
    const { memory } = freshMemory();
    const make = () => ({ matrix: new Matrix(ramp(5_000)), plain: ramp(4_000) });
    const cached = memory.cache(make, { id: 'make', codecs: [codec as never], mmapMode: 'r' });
    for (const { matrix, plain } of [await cached(), await cached()]) {
      expect((matrix as unknown as Matrix).data).toEqual(ramp(5_000));
      expect(plain).toBeInstanceOf(MappedArray);
    }
  });

  test('a result that cannot be stored is mapped over memory', async () => {
    const { memory, reasons } = freshMemory();
    const make = () => ({ array: ramp(10), dispose: () => 3 });
    const { array, dispose } = await memory.cache(make, { id: 'make', mmapMode: 'c' })();
    expect(reasons('skip')).toEqual(['unserializable']);
    expect(dispose()).toBe(3);
    expect(await array.read(1, 3)).toEqual(ramp(10).slice(1, 3));
  });

  test('a mapped call that waited for another tab reads only the skeleton, and shares its lookup', async () => {
    const { memory } = freshMemory();
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const slow = async (length: number) => {
      entered.resolve();
      await leave.promise;
      return ramp(length);
    };
    const options = { id: 'slow', captures: () => ({}) };
    const first = memory.cache(slow, options)(LARGE);
    await entered.promise;
    const other = reopen(memory);
    const waiting = other.memory.cache(slow, options);
    const [mapped, plain] = [waiting.with({ mmapMode: 'r' })(LARGE), waiting(LARGE)];
    await vi.waitUntil(() => other.reasons('miss').length > 0); // it waits for the lock
    leave.resolve();
    await first;
    expect((await mapped).length).toBe(LARGE);
    expectSame(await plain, ramp(LARGE));
    expect(other.reasons('compute')).toEqual([]);
    expectSame(await (await mapped).read(), ramp(LARGE));
  });

  test('plain and mapped calls at once share one computation', async () => {
    const { memory, reasons } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp' });
    const [plain, mapped, other] = await Promise.all([
      cached(LARGE),
      cached.with({ mmapMode: 'r' })(LARGE),
      cached.with({ mmapMode: 'c' })(LARGE),
    ]);
    expect(reasons('compute')).toHaveLength(1);
    expect(await mapped.read(0, 9)).toEqual(plain.slice(0, 9));
    expect(await other.read(0, 9)).toEqual(plain.slice(0, 9));
  });
});

describe("modes 'r' and 'c'", () => {
  test("'r' refuses writes", async () => {
    const { memory } = freshMemory();
    const array = await memory.cache(ramp, { id: 'ramp', mmapMode: 'r' })(10);
    await expect(array.set([1], 0)).rejects.toThrow(TypeError);
    await array.flush();
  });

  test("'c' keeps writes in its own object", async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(ramp, { id: 'ramp', mmapMode: 'c' });
    for (const length of [10, LARGE]) {
      const array = await cached(length);
      const other = await cached(length);
      await array.set([-1, -2], length - 2);
      await array.flush();
      expect([...(await array.read(-3))]).toEqual([(length - 3) / 3, -1, -2]);
      expect(await other.read(-3)).toEqual(ramp(length).slice(-3));
      expect(await (await cached(length)).read(-3)).toEqual(ramp(length).slice(-3));
    }
  });

  test('a closed array throws MemoryClosedError', async () => {
    const { memory } = freshMemory();
    const array = await memory.cache(ramp, { id: 'ramp', mmapMode: 'c' })(LARGE);
    await array.close();
    await array.close();
    await expect(array.read()).rejects.toThrow(MemoryClosedError);
    await expect(array.set([1])).rejects.toThrow(MemoryClosedError);
    await expect(array.flush()).rejects.toThrow(MemoryClosedError);
    expect(() => array.chunks(1)).toThrow(MemoryClosedError);
  });
});
