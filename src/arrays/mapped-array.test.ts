import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES, type BlobStore, type Slice, type SliceToRead } from '../blobs/blobs.ts';
import { plainXxh64 as checksum } from '../digest/plain/xxh64.ts';
import { DamagedEntryError, ResultEvictedError } from '../errors/errors.ts';
import { MappedArray, MappedBuffer, MemorySource, type MmapMode, noLease, tokenOfMapped } from './arrays.ts';
import { StoredSource, slicesOf } from './byte-source.ts';

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function mapped(array: Float64Array, mode: MmapMode = 'r'): MappedArray<Float64Array> {
  const buffer = new MappedBuffer(new MemorySource(bytesOf(array).slice(), checksum));
  return new MappedArray({
    buffer,
    byteOffset: 0,
    length: array.length,
    type: Float64Array,
    mode,
    lease: noLease,
  });
}

const ramp = (length: number): Float64Array => Float64Array.from({ length }, (_, at) => at);

describe('MappedArray', () => {
  test('says what it is', () => {
    const array = mapped(ramp(12));
    expect(array).toMatchObject({ dtype: 'float64', shape: [12], length: 12, byteLength: 96, mode: 'r' });
  });

  test('reshape() has rows, and is closed on its own', async () => {
    const array = mapped(ramp(12));
    const table = array.reshape(-1, 2, 2);
    expect(table.shape).toEqual([3, 2, 2]);
    expect(table.length).toBe(12);
    expect([...(await table.rows(1, 2))]).toEqual([4, 5, 6, 7]);
    expect([...(await table.rows(-1))]).toEqual([8, 9, 10, 11]);
    expect([...(await array.rows(10))]).toEqual([10, 11]);
    const into = new Float64Array(4);
    expect(await table.rows(0, 1, into)).toBe(into);
    await array.close();
    expect([...(await table.read(0, 2))]).toEqual([0, 1]);
    await expect(table.rows(0, 4)).rejects.toThrow(RangeError);
    for (const shape of [[5, -1], [12, 2], [-1, -1], [], [0, -1]])
      expect(() => table.reshape(...shape)).toThrow(RangeError);
    expect(mapped(ramp(0)).reshape(0, 3).shape).toEqual([0, 3]);
  });

  test('the lease goes with the last array over it', async () => {
    let released = 0;
    const lease = {
      ...noLease,
      release: async () => {
        released += 1;
      },
    };
    const buffer = new MappedBuffer(new MemorySource(bytesOf(ramp(4)), checksum));
    const array = new MappedArray({ buffer, byteOffset: 0, length: 4, type: Float64Array, mode: 'r', lease });
    const square = array.reshape(2, 2);
    await array.close();
    await array.close();
    expect(released).toBe(0);
    await square.close();
    expect(released).toBe(1);
  });

  test.each([
    [BigInt64Array, 'int64'],
    [Uint8ClampedArray, 'uint8'],
    [Int16Array, 'int16'],
    [BigUint64Array, 'uint64'],
  ])('%o has the dtype %s', (type, dtype) => {
    const buffer = new MappedBuffer(new MemorySource(new Uint8Array(8), checksum));
    // One class of several, which the type of one array cannot say.
    const view = {
      buffer,
      byteOffset: 0,
      length: 1,
      type: type as never,
      mode: 'r',
      lease: noLease,
    } as const;
    const array = new MappedArray(view);
    expect(array.dtype).toBe(dtype);
  });

  test('set() copies before it returns, converts as TypedArray.set(), and keeps the order of writes', async () => {
    const array = mapped(ramp(8), 'c');
    const values = new Float64Array([7, 8]);
    const writing = array.set(values, 1);
    values.fill(0);
    const later = array.set([9], 2);
    expect([...(await array.read(0, 4))]).toEqual([0, 7, 9, 3]);
    await Promise.all([writing, later]);
    await array.set([], 8);
    await expect(array.set([1, 2], 7)).rejects.toThrow(RangeError);
    await expect(array.set([1n] as never)).rejects.toThrow(TypeError);
  });

  test('chunks() gives all elements, the last piece shorter', async () => {
    const pieces = await Array.fromAsync(mapped(ramp(10)).chunks(4));
    expect(pieces.map((piece) => [...piece])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    for (const wrong of [0, -1, 1.5]) expect(() => mapped(ramp(3)).chunks(wrong)).toThrow(RangeError);
  });

  test('readSync() is refused outside of a dedicated worker, whatever backs the array', () => {
    expect(() => mapped(ramp(3)).readSync()).toThrow(/dedicated worker/);
  });

  test('blob() has the bytes', async () => {
    const blob = await mapped(ramp(5)).blob();
    expect(new Float64Array(await blob.arrayBuffer())).toEqual(ramp(5));
  });
});

describe('tokenOfMapped()', () => {
  test('is equal for equal content of one type, and for nothing else', () => {
    expect(tokenOfMapped(mapped(ramp(9)))).toBe(tokenOfMapped(mapped(ramp(9))));
    expect(tokenOfMapped(mapped(ramp(9)))).not.toBe(tokenOfMapped(mapped(ramp(10))));
    expect(tokenOfMapped(ramp(9))).toBeUndefined();
    expect(tokenOfMapped(mapped(ramp(9), 'c'))).toMatchObject({ refusal: expect.stringContaining("'c'") });
  });
});

/** Runs of stored bytes in memory, with a store that serves them and writes down what was asked. */
function stored(content: Uint8Array<ArrayBuffer>, runBlocks: readonly number[]) {
  const asked: SliceToRead[] = [];
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let at = 0;
  const runs = runBlocks.map((blocks, index) => {
    const bytes = content.slice(at, at + blocks * BLOCK_BYTES);
    at += bytes.byteLength;
    files.set(`f${index}`, bytes);
    const checks = Array.from({ length: Math.ceil(bytes.byteLength / BLOCK_BYTES) }, (_, block) =>
      checksum(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)),
    );
    return {
      file: `f${index}`,
      offset: 0,
      byteLength: bytes.byteLength,
      checks: BigUint64Array.from(checks),
    };
  });
  // Only reading is asked of it.
  const blobs = {
    tier: 'memory',
    async read(slices: readonly Slice[]) {
      asked.push(...slices);
      return slices.map(({ file, start = 0, end, into }) => {
        const bytes = files.get(file);
        if (!bytes) throw new DOMException(file, 'NotFoundError');
        into?.set(bytes.subarray(start, end));
        return bytes.slice(start, end).buffer;
      });
    },
  } as unknown as BlobStore;
  return { runs, blobs, asked, files };
}

const noise = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, at) => Math.imul(at, 2654435761) >>> 24);

describe('StoredSource', () => {
  const content = noise(3 * BLOCK_BYTES + 17);
  const options = { key: 'k', relocate: async () => undefined, onDamaged: () => undefined };

  test('reads across runs, a slice of each', async () => {
    const { runs, blobs, asked } = stored(content, [1, 1, 2]);
    const source = new StoredSource({ ...options, runs, blobs });
    const [start, end] = [BLOCK_BYTES - 5, 2 * BLOCK_BYTES + 5];
    expect(new Uint8Array(await source.read(start, end))).toEqual(content.slice(start, end));
    expect(asked.map(({ file, start: from, end: to }) => [file, from, to])).toEqual([
      ['f0', BLOCK_BYTES - 5, BLOCK_BYTES],
      ['f1', 0, BLOCK_BYTES],
      ['f2', 0, 5],
    ]);
    expect(slicesOf(runs, 3, 3)).toEqual([]);
  });

  test('digests as the same bytes in memory do, however they are cut', () => {
    const memory = new MemorySource(content, checksum);
    for (const cut of [[4], [1, 3], [2, 1, 1]]) {
      const { runs, blobs } = stored(content, cut);
      const source = new StoredSource({ ...options, runs, blobs });
      expect(source.digest(0, content.length)).toBe(memory.digest(0, content.length));
      expect(source.digest(BLOCK_BYTES, content.length)).toBe(memory.digest(BLOCK_BYTES, content.length));
      expect(source.digest(1, 9)).not.toBe(source.digest(0, 8));
    }
  });

  test('looks for bytes that moved once, and says when they are gone', async () => {
    const old = stored(content, [4]);
    const moved = stored(content, [4]);
    old.files.clear();
    moved.files.set('g', moved.files.get('f0') ?? new Uint8Array());
    const runs = moved.runs.map((run) => ({ ...run, file: 'g' }));
    const blobs = moved.blobs;
    moved.files.delete('f0');
    const found = new StoredSource({ ...options, runs: old.runs, blobs, relocate: async () => runs });
    expect(new Uint8Array(await found.read(3, 9))).toEqual(content.slice(3, 9));
    const gone = new StoredSource({ ...options, runs: old.runs, blobs });
    await expect(gone.read(3, 9)).rejects.toThrow(ResultEvictedError);
  });

  test('bytes that are not what was written: DamagedEntryError, reported', async () => {
    const { runs } = stored(content, [4]);
    const reported: DamagedEntryError[] = [];
    // A store that finds every block changed.
    const blobs = {
      tier: 'memory',
      read: () => Promise.reject(new DOMException('Block 0', 'DataError')),
    } as unknown as BlobStore;
    const onDamaged = (error: DamagedEntryError): void => void reported.push(error);
    const source = new StoredSource({ ...options, runs, blobs, onDamaged });
    await expect(source.read(0, 1)).rejects.toThrow(DamagedEntryError);
    expect(reported).toHaveLength(1);
  });
});

describe('MappedBuffer', () => {
  const content = noise(2 * BLOCK_BYTES + 100);

  test('lays writes over the source, across blocks, and gives persist() whole blocks', async () => {
    let persisted: readonly number[] = [];
    const expected = content.slice();
    const buffer = new MappedBuffer(new MemorySource(content, checksum), async ({ dirty, read }) => {
      persisted = [...dirty.keys()];
      return new MemorySource(new Uint8Array(await read(0, content.length)), checksum);
    });
    const patch = noise(200).fill(7);
    for (const start of [BLOCK_BYTES - 100, 2 * BLOCK_BYTES - 1]) {
      const bytes = patch.slice(0, 101);
      expected.set(bytes, start);
      await buffer.write(start, bytes);
    }
    expect(buffer.isDirty).toBe(true);
    expect(new Uint8Array(await buffer.read(0, content.length))).toEqual(expected);
    expect(new Uint8Array(await buffer.read(BLOCK_BYTES + 3, BLOCK_BYTES + 9))).toEqual(
      expected.slice(BLOCK_BYTES + 3, BLOCK_BYTES + 9),
    );
    await buffer.flush();
    expect(persisted).toEqual([0, 1, 2]);
    expect(buffer.isDirty).toBe(false);
    expect(new Uint8Array(await buffer.read(0, content.length))).toEqual(expected);
  });

  test('a flush that fails keeps what was written, for another try', async () => {
    let isFull = true;
    const buffer = new MappedBuffer(new MemorySource(content, checksum), async ({ read }) => {
      if (isFull) throw new Error('full');
      return new MemorySource(new Uint8Array(await read(0, content.length)), checksum);
    });
    await buffer.write(5, new Uint8Array([1, 2, 3]));
    await expect(buffer.flush()).rejects.toThrow('full');
    expect([...new Uint8Array(await buffer.read(5, 8))]).toEqual([1, 2, 3]);
    isFull = false;
    await buffer.flush();
    expect([...new Uint8Array(await buffer.read(5, 8))]).toEqual([1, 2, 3]);
  });
});
