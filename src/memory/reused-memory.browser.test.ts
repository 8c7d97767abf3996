/** Functions return memory that they fill anew, or that grows: the caller and the store have what was returned. */
import { afterAll, describe, expect, test } from 'vitest';
import { freshMemory, freshName, reopen } from '../testing/memories.ts';
import { callRefilled, isAll, type Kept } from '../testing/scratch.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const MiB = 2 ** 20;
/** In the skeleton, in the record, in a segment, in files of one turn and of several. */
const sizes = [16, 10_000, 100_000, 3 * MiB, 7 * MiB];

describe('memory that is filled anew in the task after', () => {
  test.each(sizes)('%d numbers, in the page', async (elementCount) => {
    const { isCallersRight, isStoredRight } = await callRefilled(freshName(), elementCount);
    expect({ isCallersRight, isStoredRight }).toEqual({ isCallersRight: true, isStoredRight: true });
  });

  test.each(sizes)('%d numbers, as the first result of a worker', async (elementCount) => {
    const worker = new Worker(new URL('../testing/scratch-worker.ts', import.meta.url), { type: 'module' });
    const kept = await new Promise<Kept>((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => resolve(data));
      worker.addEventListener('error', reject);
      worker.postMessage([freshName(), elementCount]);
    });
    worker.terminate();
    expect(kept).toEqual({ isCallersRight: true, isStoredRight: true });
  });

  test('24 Mi numbers: too many to copy, so they are not stored', async () => {
    expect((await callRefilled(freshName(), 24 * MiB)).isStoredRight).not.toBe(false);
  });

  test('while a Blob among the arguments is read again', async () => {
    const { memory } = freshMemory();
    const scratch = new Float32Array(MiB);
    const f = memory.cache(
      async (_blob: Blob) => {
        scratch.fill(1);
        setTimeout(() => scratch.fill(9));
        return scratch;
      },
      { id: 'blob', captures: () => ({}) },
    );
    const blob = new Blob([new Uint8Array(4 * MiB)]);
    expect(isAll(await f(blob), 1)).toBe(true);
    await memory.flush();
    expect(isAll(await f(blob), 1)).toBe(true);
  });

  test('in the memory of the page alone', async () => {
    const { memory, reasons } = freshMemory();
    const scratch = new Float32Array(10_000);
    const f = memory.cache(async () => {
      scratch.fill(1);
      setTimeout(() => scratch.fill(9));
      return scratch;
    });
    const [first, second] = await Promise.all([f(), f()]);
    expect(isAll(first, 1) && isAll(second, 1)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve));
    expect(isAll(await f(), 1)).toBe(true);
    expect(reasons('compute')).toHaveLength(1);
  });
});

describe('calls at once into one memory', () => {
  const scratch = new Uint8Array(48 * MiB);
  const ways = {
    synchronous: (k: number, n: number) => scratch.fill(k, 0, n).subarray(0, n),
    asynchronous: async (k: number, n: number) => scratch.fill(k, 0, n).subarray(0, n),
    'asynchronous, of a promise': (k: number, n: number) =>
      Promise.resolve(scratch.fill(k, 0, n).subarray(0, n)),
  } as const;

  test('that wait for the same thing: no entry holds what another call filled in', async () => {
    const ready = Promise.withResolvers<void>();
    const steps = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const shared = new Uint8Array(MiB);
    let bothEntered = Promise.withResolvers<void>();
    const enter = (k: number): void => {
      if (k === 2) bothEntered.resolve();
    };
    const functions = {
      together: async (k: number) => {
        enter(k);
        await ready.promise;
        return shared.fill(k);
      },
      'in halves': async (k: number) => {
        shared.fill(k, 0, MiB / 2);
        enter(k);
        await steps[k - 1]?.promise;
        return shared.fill(k, MiB / 2);
      },
    };
    for (const [id, fn] of Object.entries(functions)) {
      const { memory } = freshMemory();
      const options = { id, captures: () => ({}) };
      const f = memory.cache(fn, options);
      bothEntered = Promise.withResolvers();
      const calls = [f(1), f(2)];
      await bothEntered.promise;
      ready.resolve();
      steps[0]?.resolve();
      await calls[0];
      steps[1]?.resolve();
      await Promise.all(calls);
      await memory.flush();
      await memory.close();
      const { memory: next } = reopen(memory);
      const again = next.cache(fn, options);
      for (const k of [1, 2]) {
        const result = await again(k);
        expect([id, k, result[0], result[MiB - 1]]).toEqual([id, k, k, k]);
      }
    }
  });

  test.each(Object.entries(ways))('%s: each entry holds its own', async (name, fill) => {
    for (const n of [64, 50_000, MiB, 12 * MiB, 48 * MiB]) {
      const { memory } = freshMemory();
      const options = { id: name, captures: () => ({}), ignore: [1] };
      const f = memory.cache(fill, options);
      const results = await Promise.all([1, 2, 3].map((k) => f(k, n)));
      if (n < 32 * MiB) expect(results.map((result) => result[n - 1])).toEqual([1, 2, 3]);
      await memory.flush();
      await memory.close();
      const again = reopen(memory);
      const g = again.memory.cache(fill, options);
      for (const k of [1, 2, 3]) {
        const result = await g(k, n);
        expect([n, result[0], result[n - 1]]).toEqual([n, k, k]);
      }
    }
  });
});

describe('WebAssembly memory that grows before the caller is answered', () => {
  /** The bare function's caller goes on one microtask after the return. */
  const microtasks = (count: number) => (grow: () => void) => {
    let later = Promise.resolve();
    for (let passed = 1; passed < count; passed += 1) later = later.then(() => undefined);
    void later.then(grow);
  };
  const ends = {
    'two microtasks later': microtasks(2),
    'twelve microtasks later': microtasks(12),
    'a task later': (grow: () => void) => void setTimeout(grow),
  } as const;
  const views = {
    'a few numbers': (buffer: ArrayBuffer) => new Float32Array(buffer, 64, 16),
    'a MiB of it': (buffer: ArrayBuffer) => new Float32Array(buffer, 64, MiB / 4),
    'eleven MiB of it': (buffer: ArrayBuffer) => new Float32Array(buffer, 64, (11 * MiB) / 4),
  } as const;

  for (const [when, end] of Object.entries(ends)) {
    test.each(Object.entries(views))(`${when}: %s`, async (_name, view) => {
      const { memory } = freshMemory();
      const heap = new WebAssembly.Memory({ initial: 192 });
      const f = memory.cache(
        async () => {
          const result = view(heap.buffer).fill(1);
          end(() => void heap.grow(1));
          return { result };
        },
        { id: 'heap', captures: () => ({}) },
      );
      const { result } = await f();
      await new Promise((resolve) => setTimeout(resolve));
      expect(isAll(result, 1)).toBe(true);
      await memory.flush();
      expect(isAll((await f()).result, 1)).toBe(true);
    });
  }
});

test('one number of 192 MiB that changes 25 to 45 ms after the return is in no entry', async () => {
  for (const delayMs of [25, 35, 45]) {
    const { memory } = freshMemory();
    const heap = new Uint8Array(192 * MiB + 64);
    const written = Promise.withResolvers<void>();
    const options = { id: 'late', captures: () => ({}) };
    const f = memory.cache(async () => {
      heap[190 * MiB + 77] = 1;
      setTimeout(() => {
        heap[190 * MiB + 77] = 2;
        written.resolve();
      }, delayMs);
      return heap.subarray(0, 192 * MiB);
    }, options);
    const value = await f();
    expect(value[190 * MiB + 77]).toBe(1);
    await written.promise;
    await memory.close();
    const { memory: next } = reopen(memory);
    const again = next.cache(f.fn, { ...options, mmapMode: 'r' as const });
    if (await again.checkCallInCache()) expect(await (await again()).at(190 * MiB + 77)).toBe(1);
    await next.clear();
    await next.close();
  }
});
