import { describe, expect, test, vi } from 'vitest';
import { MappedArray } from '../arrays/arrays.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { defineCodec } from '../values/values.ts';

/** Its state cannot be seen from outside. */
class Matrix {
  readonly #data: Float64Array;
  readonly shape: readonly number[];

  constructor(data: Float64Array, shape: readonly number[]) {
    this.#data = data;
    this.shape = shape;
  }

  read(): Float64Array {
    return this.#data;
  }
}

const soon = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), 1));

const atOnce = defineCodec({
  name: 'test.Matrix',
  is: (value): value is Matrix => value instanceof Matrix,
  encode: (matrix) => ({ data: matrix.read(), shape: matrix.shape }),
  decode: ({ data, shape }) => new Matrix(data, shape),
});

const later = defineCodec({
  name: 'test.LateMatrix',
  is: (value): value is Matrix => value instanceof Matrix,
  encode: (matrix) => soon({ data: matrix.read(), shape: matrix.shape }),
  decode: ({ data, shape }) => soon(new Matrix(data, shape)),
});

const matrix = (...numbers: number[]): Matrix => new Matrix(Float64Array.from(numbers), [numbers.length]);
const numbersOf = (value: Matrix): number[] => [...value.read()];
const captures = () => ({});

describe('codecs of a Memory', () => {
  test('serve every function, after those of the function', async () => {
    const { memory } = freshMemory({ codecs: [atOnce] });
    const run = vi.fn(
      (value: Matrix) =>
        new Matrix(
          value.read().map((each) => 2 * each),
          [3],
        ),
    );
    const double = memory.cache(run, { id: 'double', captures });
    expect(numbersOf(await double(matrix(1, 2, 3)))).toEqual([2, 4, 6]);
    expect(numbersOf(await double(matrix(4, 5, 6)))).toEqual([8, 10, 12]);
    expect(numbersOf(await double(matrix(1, 2, 3)))).toEqual([2, 4, 6]);
    expect(run).toHaveBeenCalledTimes(2);
    await memory.flush();

    const next = reopen(memory, { codecs: [atOnce] });
    const again = next.memory.cache(run, { id: 'double', captures });
    const found = await again(matrix(1, 2, 3));
    expect(found).toBeInstanceOf(Matrix);
    expect(numbersOf(found)).toEqual([2, 4, 6]);
    expect(next.reasons('hit')).toEqual(['storage']);
  });

  test('are checked when they are given', () => {
    expect(() => freshMemory({ codecs: [{ name: 'x' } as never] })).toThrow(TypeError);
    expect(() => freshMemory({ codecs: atOnce as never })).toThrow(TypeError);
    expect(() => freshMemory({ codecs: [atOnce, { ...atOnce }] })).toThrow(
      '"codecs" has two named "test.Matrix"',
    );
  });
});

describe('codecs that take their time', () => {
  test('are awaited, nested too, for arguments and results, in the page and after it', async () => {
    const { memory, reasons } = freshMemory({ codecs: [later] });
    const run = vi.fn(
      (values: { list: Matrix[] }) =>
        new Map([
          ['first', values.list],
          ['more', [matrix(7)]],
        ]),
    );
    const options = { id: 'nested', captures };
    const first = memory.cache(run, options);
    await first({ list: [matrix(1), matrix(2)] });
    const here = await first({ list: [matrix(1), matrix(2)] });
    expect(here.get('first')?.map(numbersOf)).toEqual([[1], [2]]);
    await first({ list: [matrix(1), matrix(3)] });
    expect(run).toHaveBeenCalledTimes(2);
    expect(reasons('skip')).toEqual([]);
    await memory.flush();

    const next = reopen(memory, { codecs: [later] });
    const there = await next.memory.cache(run, options)({ list: [matrix(1), matrix(2)] });
    expect(there.get('more')?.[0]).toBeInstanceOf(Matrix);
    expect(there.get('more')?.map(numbersOf)).toEqual([[7]]);
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('give each of several callers a value of its own, untouched by the first', async () => {
    const { memory } = freshMemory({ codecs: [later] });
    const run = async () => soon([matrix(1, 2), new Float64Array([5])] as const);
    const cached = memory.cache(run, { id: 'shared', captures });
    const [one, two] = await Promise.all([
      cached().then((value) => {
        value[0].read().fill(9);
        value[1].fill(9);
        return value;
      }),
      cached(),
    ]);
    expect(numbersOf(one[0])).toEqual([9, 9]);
    expect(numbersOf(two[0])).toEqual([1, 2]);
    expect([...two[1]]).toEqual([5]);
  });

  test('arrays of what they make are mapped, where they say how', async () => {
    const mapping = {
      ...later,
      mapped: ({ data, shape }: { data: MappedArray; shape: number[] }) => data.reshape(...shape),
    };
    const { memory, reasons } = freshMemory({ codecs: [mapping] });
    const run = () => ({
      m: new Matrix(
        Float64Array.from({ length: 12 }, (_, at) => at),
        [4, 3],
      ),
    });
    const cached = memory.cache(run, { id: 'mapped', captures, mmapMode: 'r' });
    for (const { m } of [await cached(), await cached()]) {
      const array = m as unknown as MappedArray;
      expect(array).toBeInstanceOf(MappedArray);
      expect(array.shape).toEqual([4, 3]);
      expect(await array.rows(1, 3)).toEqual(new Float64Array([3, 4, 5, 6, 7, 8]));
    }
    const plain = await cached.with({ mmapMode: null })();
    expect((plain.m as unknown as Matrix).read()[11]).toBe(11);
    expect(reasons('hit')).toHaveLength(2);
  });
});

describe('hash()', () => {
  test('tells objects apart in place of encode()', async () => {
    const sorted = { ...atOnce, hash: (value: Matrix) => soon(value.read().toSorted()) };
    const { memory } = freshMemory({ codecs: [sorted] });
    const run = vi.fn((value: Matrix) => value);
    const cached = memory.cache(run, { id: 'hash', captures });
    expect(numbersOf(await cached(matrix(3, 1)))).toEqual([3, 1]);
    expect(numbersOf(await cached(matrix(1, 3)))).toEqual([3, 1]);
    expect(numbersOf(await cached(matrix(1, 4)))).toEqual([1, 4]);
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('errors of a codec', () => {
  const failing = (how: 'is' | 'encode' | 'decode', isLate: boolean) => ({
    ...atOnce,
    [how]: () => {
      if (isLate) return Promise.reject(new Error('no luck'));
      throw new Error('no luck');
    },
  });

  test.each([
    ['is', false],
    ['encode', false],
    ['encode', true],
  ] as const)('%s() of an argument is named, late: %s', async (how, isLate) => {
    const { memory } = freshMemory({ codecs: [failing(how, isLate)] });
    const cached = memory.cache((value: Matrix[]) => value.length, { id: 'f', captures });
    const call = cached([matrix(1)]);
    await expect(call).rejects.toThrow(
      how === 'is'
        ? 'the codec "test.Matrix"'
        : 'Cannot hash arguments[0][0]: what made the codec "test.Matrix" throw "Error: no luck"',
    );
    await expect(call).rejects.toMatchObject({
      kind: 'UnhashableArgumentError',
      cause: { message: 'no luck' },
    });
  });

  test.each([[false], [true]])('encode() of a result is named, late: %s', async (isLate) => {
    const { memory, events } = freshMemory({ codecs: [failing('encode', isLate)] });
    const cached = memory.cache(() => ({ deep: [matrix(1)] }), { id: 'f', captures });
    expect(numbersOf((await cached()).deep[0] as Matrix)).toEqual([1]);
    await memory.flush();
    expect(events.find(({ kind }) => kind === 'skip')).toMatchObject({
      reason: 'unserializable',
      error: { path: 'result.deep[0]', message: expect.stringContaining('the codec "test.Matrix"') },
    });
  });

  test.each([[false], [true]])('decode() is named, and the call computes, late: %s', async (isLate) => {
    const { memory } = freshMemory({ codecs: [atOnce] });
    const options = { id: 'f', captures };
    const run = () => [matrix(1)];
    await memory.cache(run, options)();
    await memory.flush();
    const next = reopen(memory, { codecs: [failing('decode', isLate)] });
    const [value] = await next.memory.cache(run, options)();
    expect(value).toBeInstanceOf(Matrix);
    const damaged = next.events.find(({ kind }) => kind === 'damaged');
    expect(damaged?.reason).toContain('the codec "test.Matrix" threw "Error: no luck"');
  });
});

describe('static keepsake', () => {
  class Named {
    static readonly keepsake = defineCodec({
      name: 'test.Named',
      is: (value): value is Named => value instanceof Named,
      encode: (value) => value.secret(),
      decode: (secret) => new Named(secret),
    });
    readonly #secret: string;
    constructor(secret: string) {
      this.#secret = secret;
    }
    secret(): string {
      return this.#secret;
    }
  }

  test('tells instances apart and stores them, with no list of codecs', async () => {
    const { memory } = freshMemory();
    const run = vi.fn((value: Named) => new Named(`${value.secret()}!`));
    const options = { id: 'named', captures };
    const cached = memory.cache(run, options);
    expect((await cached(new Named('a'))).secret()).toBe('a!');
    expect((await cached(new Named('b'))).secret()).toBe('b!');
    await memory.flush();
    const next = reopen(memory);
    expect((await next.memory.cache(run, options)(new Named('a'))).secret()).toBe('a!');
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('is not that of a subclass, which has more to tell', async () => {
    class Twice extends Named {
      readonly times = 2;
    }
    const { memory, reasons } = freshMemory();
    const cached = memory.cache(() => new Twice('a'), { id: 'twice', captures });
    expect((await cached()).times).toBe(2);
    expect((await cached()).times).toBe(2);
    expect(reasons('skip')).toEqual(['unserializable', 'unserializable']);
  });

  class Listed {
    static readonly keepsake = {
      name: 'test.Listed',
      is: (value: unknown) => value instanceof Listed,
      encode: (value: Listed) => value.x,
      decode: (x: number) => new Listed(x),
    };
    readonly x: number;
    constructor(x: number) {
      this.x = x;
    }
  }

  test('that no later page would know is refused as a result, and served where its class is listed', async () => {
    const { memory, events } = freshMemory();
    const run = vi.fn(() => new Listed(3));
    await memory.cache(run, { id: 'unlisted', captures })();
    await memory.flush();
    const skip = events.find(({ kind }) => kind === 'skip');
    expect(skip).toMatchObject({ error: { message: expect.stringContaining('the codec "test.Listed"') } });

    const options = { id: 'listed', captures, codecs: [Listed] };
    await memory.cache(run, options)();
    await memory.flush();
    const found = await reopen(memory).memory.cache(run, options)();
    expect(found).toBeInstanceOf(Listed);
    expect(run).toHaveBeenCalledTimes(2);
  });
});
