import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const ramp = (n: number) => ({ n, values: Float64Array.from({ length: n }, (_, i) => i / 3), name: 'ramp' });
const version = { id: 'ramp', version: 1 } as const;

/** Compared by hand: a matcher takes seconds. */
const isRamp = (value: unknown, n: number): boolean => {
  const { values, ...rest } = value as ReturnType<typeof ramp>; // else it is none
  const wanted = ramp(n);
  const isEqual = values.length === n && values.every((each, at) => Object.is(each, wanted.values[at]));
  return isEqual && rest.n === n && rest.name === 'ramp';
};

const packOf = async (memory: Memory, query = {}): Promise<Blob> => new Response(memory.export(query)).blob();

/** A memory with results of all sizes: in the record, in two, in a segment, in a file of their own. */
async function filled(sizes: readonly number[] = [3, 9_000, 60_000, 600_000]) {
  const watched = freshMemory();
  const cached = watched.memory.cache(ramp, version);
  for (const size of sizes) await cached(size);
  return watched;
}

describe('Memory.export() and import()', () => {
  const sizes = [3, 9_000, 60_000, 600_000];

  test.each([
    ['a Blob', (pack: Blob) => pack],
    ['a stream', (pack: Blob) => pack.stream()],
    ['a URL', (pack: Blob) => URL.createObjectURL(pack)],
  ])('carry results to another memory by %s, byte by byte, without computing', async (_, origin) => {
    const { memory } = await filled(sizes);
    const pack = await packOf(memory);
    const other = freshMemory();
    const report = await other.memory.import(origin(pack));
    expect(report).toEqual({ imported: 4, present: 0, damaged: 0, missing: 0, refused: 0 });
    const again = await other.memory.import(origin(pack));
    expect(again).toEqual({ imported: 0, present: 4, damaged: 0, missing: 0, refused: 0 });
    const same = other.memory.cache(ramp, version);
    for (const size of sizes) expect(isRamp(await same(size), size)).toBe(true);
    expect(other.reasons('compute')).toEqual([]);
    expect(other.reasons('hit')).toEqual(['storage', 'storage', 'storage', 'storage']);
    await memory.close();
    const later = reopen(other.memory);
    for (const size of sizes) expect(isRamp(await later.memory.cache(ramp, version)(size), size)).toBe(true);
    expect((await later.memory.stats()).entries).toBe(4);
  });

  test('carry packed bytes as they are, and details', async () => {
    const { memory } = freshMemory({ compress: { format: 'gzip', minBytes: 100 } });
    await memory.cache(ramp, { ...version, tags: ['a'] })(50_000);
    const other = freshMemory();
    expect((await other.memory.import(await packOf(memory, { tag: 'a' }))).imported).toBe(1);
    expect(isRamp(await other.memory.cache(ramp, version)(50_000), 50_000)).toBe(true);
    expect(other.reasons('compute')).toEqual([]);
    const [before] = await Array.fromAsync(memory.entries());
    const [after] = await Array.fromAsync(other.memory.entries());
    expect(after?.tags).toEqual(['a']);
    expect(after?.argumentsPreview).toBe(before?.argumentsPreview);
    expect(after?.sizeBytes).toBe(before?.sizeBytes);
    expect(after?.createdAt).toBe(before?.createdAt);
    expect(after?.lastUsedAt).toBeGreaterThan(before?.createdAt ?? 0);
  });

  test('leave out results that are known by their source alone, unless asked', async () => {
    const { memory } = freshMemory();
    await memory.cache(ramp, { id: 'source' })(3);
    const other = freshMemory();
    expect((await other.memory.import(await packOf(memory))).imported).toBe(0);
    expect((await other.memory.import(await packOf(memory, { identity: 'any' }))).imported).toBe(1);
  });

  test('leave out an entry that goes while the pack is written', async () => {
    const { memory } = await filled([3, 600_000]);
    const cached = memory.cache(ramp, version);
    await memory.flush();
    const reader = memory.export().getReader();
    const chunks = [await reader.read()];
    await cached.delete(600_000);
    for (let next = chunks[0]; next && !next.done; ) {
      next = await reader.read();
      chunks.push(next);
    }
    const pack = new Blob(chunks.flatMap(({ value }) => (value ? [new Uint8Array(value)] : [])));
    const { memory: other } = freshMemory();
    expect(await other.import(pack)).toMatchObject({ imported: 1, missing: 1, damaged: 0 });
  });

  test('refuse what is no pack, of another version, or damaged in its index; take what is whole', async () => {
    const { memory } = await filled([3, 600_000, 9]);
    const pack = new Uint8Array(await (await packOf(memory)).arrayBuffer());
    const changed = (at: number): Blob => {
      const copy = pack.slice();
      copy[at] = (copy[at] ?? 0) ^ 1;
      return new Blob([copy]);
    };
    const { memory: other } = freshMemory();
    await expect(other.import(new Blob(['nothing']))).rejects.toThrow('cut off');
    await expect(other.import(changed(0))).rejects.toThrow('it is no pack');
    await expect(other.import(changed(8))).rejects.toThrow('format 0');
    await expect(other.import(changed(100))).rejects.toThrow('index is damaged');
    expect(await other.import(changed(3_000_000))).toMatchObject({ imported: 2, damaged: 1 });
    const { memory: third } = freshMemory();
    expect(await third.import(new Blob([pack.slice(0, -9_000)]))).toMatchObject({ imported: 1, damaged: 2 });
  });

  test('stop at a signal, and go on where they were', async () => {
    const { memory } = await filled();
    const pack = await packOf(memory);
    const { memory: other } = freshMemory();
    const controller = new AbortController();
    const onProgress = ({ entries }: { entries: number }) =>
      entries === 2 && controller.abort(new Error('enough'));
    await expect(other.import(pack, { signal: controller.signal, onProgress })).rejects.toThrow('enough');
    expect(await other.import(pack)).toMatchObject({ present: 2, imported: 2 });
  });

  test('do not bring back what a clear() removed meanwhile', async () => {
    const { memory } = await filled([600_000]);
    const pack = await packOf(memory);
    const { memory: other } = freshMemory();
    const slow = pack.stream().pipeThrough(
      new TransformStream({
        async flush() {},
        async transform(chunk, controller) {
          if (chunk.length > 0) await other.clear();
          controller.enqueue(chunk);
        },
      }),
    );
    expect(await other.import(slow)).toMatchObject({ imported: 0, refused: 1 });
  });
});
