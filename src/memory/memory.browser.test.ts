import { afterAll, describe, expect, test } from 'vitest';
import { freshMemory, reopen } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** WebKitGTK as it comes has no file system: everything is in the database. */
const hasFiles = 'storage' in navigator;

/** Every file below the folder of keepsake. */
async function listFiles(folder?: FileSystemDirectoryHandle, path = ''): Promise<string[]> {
  if (!hasFiles) return [];
  const root = folder ?? (await navigator.storage.getDirectory());
  const files: string[] = [];
  for await (const [name, handle] of root.entries()) {
    if (handle.kind === 'file') files.push(`${path}/${name}`);
    else files.push(...(await listFiles(handle as FileSystemDirectoryHandle, `${path}/${name}`)));
  }
  return files;
}

const filesOf = async (memory: Memory): Promise<string[]> =>
  (await listFiles()).filter((file) => file.startsWith(`/keepsake/${memory.name}/`));

describe('Memory.cache()', () => {
  test('computes a call once and gives the stored value to a later page', async () => {
    const { memory } = freshMemory();
    let runs = 0;
    const square = (x: number): number => {
      runs += 1;
      return x * x;
    };
    const cached = memory.cache(square, { id: 'square' });
    expect(await cached(7)).toBe(49);
    expect(await cached(7)).toBe(49);
    await memory.close();

    const later = reopen(memory);
    expect(await later.memory.cache(square, { id: 'square' })(7)).toBe(49);
    expect(runs).toBe(1);
    expect(later.reasons('hit')).toEqual(['storage']);
  });

  test('keeps large results in a safetensors file and gives them back equal', async () => {
    const { memory } = freshMemory();
    const ramp = (n: number) => ({
      label: 'ramp',
      values: Float64Array.from({ length: n }, (_, i) => i / 3),
    });
    const cached = memory.cache(ramp, { id: 'ramp' });
    const first = await cached(100_000);
    await memory.flush();
    expect(await filesOf(memory)).toHaveLength(hasFiles ? 1 : 0);
    await memory.close();

    const later = reopen(memory);
    const second = await later.memory.cache(ramp, { id: 'ramp' })(100_000);
    expect(later.reasons('hit')).toEqual(['storage']);
    expect(second).toEqual(first);
    expect(second.values).not.toBe(first.values);
  });

  test('hashes what real callers pass', async () => {
    const { memory, reasons } = freshMemory();
    const count = memory.cache((...args: unknown[]) => args.length, { id: 'count' });
    const calls = [
      [{ b: 1, a: [1, 'x', null] }],
      [{ a: [1, 'x', undefined], b: 1 }],
      [new Float32Array([1, 2])],
      [new Float64Array([1, 2])],
      [new Map([['k', 1n]])],
      [new Set([1, 2])],
      [new Date(0)],
      [2n ** 70n],
      ['1'],
      [1],
    ];
    for (const call of calls) await count(...call);
    expect(reasons('compute')).toHaveLength(calls.length);
    await count({ a: [1, 'x', null], b: 1 });
    await count(new Set([2, 1]));
    expect(reasons('compute')).toHaveLength(calls.length);
  });

  test('shares one computation between identical calls, each with a value of its own', async () => {
    const { memory, reasons } = freshMemory();
    const start = Promise.withResolvers<void>();
    const slow = memory.cache(
      async (n: number) => {
        await start.promise;
        return { list: new Uint8Array(n) };
      },
      { id: 'slow' },
    );
    const calls = [slow(3), slow(3), slow(3)];
    start.resolve();
    const values = await Promise.all(calls);
    expect(reasons('compute')).toEqual(['absent']);
    expect(new Set(values.map(({ list }) => list)).size).toBe(3);
    values[0]!.list[0] = 9;
    expect(values[1]!.list[0]).toBe(0);
    expect((await slow(3)).list[0]).toBe(0);
  });

  test('a function that throws: the error reaches the caller unchanged, nothing is stored', async () => {
    const { memory, events } = freshMemory();
    const error = new RangeError('no');
    let runs = 0;
    const failing = memory.cache(
      () => {
        runs += 1;
        throw error;
      },
      { id: 'failing' },
    );
    await expect(failing()).rejects.toBe(error);
    await expect(failing()).rejects.toBe(error);
    expect(runs).toBe(2);
    expect(await failing.checkCallInCache()).toBe(false);
    await memory.flush();
    expect(events.some(({ kind }) => kind === 'store')).toBe(false);
    expect(await filesOf(memory)).toEqual([]);
  });

  test('refuses what is not a function when it is wrapped', () => {
    const { memory } = freshMemory();
    expect(() => memory.cache(3 as never)).toThrow(TypeError);
    expect(() => memory.cache((() => 1) as () => number, { maxAge: 3 } as never)).toThrow(
      /no option "maxAge"/,
    );
  });

  test('aborts the function when its last caller has left, and not before', async () => {
    const { memory } = freshMemory();
    let inside: AbortSignal | undefined;
    const entered = Promise.withResolvers<void>();
    const slow = memory.cache(
      (_n: number, { signal }: { signal: AbortSignal }) => {
        inside = signal;
        entered.resolve();
        return new Promise<number>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
      { id: 'slow' },
    );
    const [one, two] = [new AbortController(), new AbortController()];
    const first = slow(1, { signal: one.signal });
    const second = slow(1, { signal: two.signal });
    await entered.promise;
    one.abort(new Error('first left'));
    await expect(first).rejects.toThrow('first left');
    expect(inside?.aborted).toBe(false);
    two.abort(new Error('second left'));
    await expect(second).rejects.toThrow('second left');
    expect(inside?.aborted).toBe(true);
  });
});

describe('entries() and deletion', () => {
  test('lists entries by last use and deletes one, a function, everything', async () => {
    const { memory } = freshMemory();
    const a = memory.cache((x: number) => new Uint8Array(100_000).fill(x), { id: 'a' });
    const b = memory.cache((x: number) => x + 1, { id: 'b' });
    await a(1);
    await a(2);
    await b(1);
    await memory.flush();
    await a(1);
    const listed = await Array.fromAsync(memory.entries());
    expect(listed.map(({ functionId }) => functionId)).toEqual(['a', 'b', 'a']);
    expect(listed[0]).toMatchObject({ hits: 1, argumentsPreview: '(1)' });
    expect(listed[0]!.sizeBytes).toBeGreaterThan(100_000);

    expect(await a.delete(2)).toMatchObject({ removed: 1 });
    expect(await a.checkCallInCache(2)).toBe(false);
    expect(await a.checkCallInCache(1)).toBe(true);
    expect(await a.clear()).toMatchObject({ removed: 1 });
    expect(await b.checkCallInCache(1)).toBe(true);
    expect(await memory.clear()).toMatchObject({ removed: 1 });
    expect(await Array.fromAsync(memory.entries())).toEqual([]);
    expect(await filesOf(memory)).toEqual([]);
  });

  test('a result in flight while the memory is cleared is not kept', async () => {
    const { memory, reasons } = freshMemory();
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const slow = memory.cache(
      async () => {
        entered.resolve();
        await leave.promise;
        return new Uint8Array(100_000);
      },
      { id: 'slow' },
    );
    const call = slow();
    await entered.promise;
    await memory.clear();
    leave.resolve();
    await call;
    await memory.flush();
    expect(reasons('skip')).toEqual(['cleared']);
    expect(await slow.checkCallInCache()).toBe(false);
    expect(await filesOf(memory)).toEqual([]);
  });

  test('clearOrigin() leaves no database and no file', async () => {
    const { memory } = freshMemory();
    await memory.cache(() => new Uint8Array(1_000_000), { id: 'large' })();
    await memory.flush();
    expect(await Memory.list()).toContain(memory.name);
    const { pending } = await Memory.clearOrigin();
    expect(pending).toEqual([]);
    expect(await Memory.list()).toEqual([]);
    expect(await listFiles()).toEqual([]);
  });
});
