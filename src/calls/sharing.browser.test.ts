import { expect, test } from 'vitest';
import { freshMemory, reopen } from '../testing/memories.ts';

const own = (id: string) => ({ id, captures: () => ({}) });

const withBlobs: Record<string, () => unknown> = {
  'one in an object': () => ({ thumb: new Blob(['x'], { type: 'text/x' }) }),
  'a File beside an array': () => [
    new File(['name'], 'name.txt', { type: 'text/plain' }),
    new Float32Array(1000).fill(2),
  ],
  'a large one, twice': () => {
    const blob = new Blob([new Uint8Array(9 << 20).fill(7)]);
    return { first: blob, second: blob };
  },
};

test.each(Object.keys(withBlobs))(
  'five calls at once of a function whose result holds Blobs compute once: %s',
  async (name) => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(async (_: number) => withBlobs[name]?.(), own('blobs'));
    const values = await Promise.all([1, 1, 1, 1, 1].map((x) => f(x)));
    expect(reasons('compute')).toHaveLength(1);
    expect(new Set(values).size).toBe(5);
    const textsOf = (value: unknown): Promise<string[]> =>
      Promise.all(
        Object.values(value as object).map((each) =>
          each instanceof Blob ? each.text() : String(each.length),
        ),
      ); // as above
    const [texts] = await Promise.all(values.map(textsOf));
    for (const value of values) expect(await textsOf(value)).toEqual(texts);
    const [first, other] = values as Record<string, unknown>[];
    for (const [key, value] of Object.entries(first ?? {})) {
      expect(Object.prototype.toString.call(other?.[key])).toBe(Object.prototype.toString.call(value));
      if (value instanceof Blob) expect(other?.[key]).toMatchObject({ type: value.type, size: value.size });
      if (value instanceof File) expect(other?.[key]).toMatchObject({ name: value.name });
    }
    await memory.flush();
    expect(await reopen(memory).memory.cache(f.fn, own('blobs')).checkCallInCache(1)).toBe(true);
  },
);

/** Gives memory to another thread, which is what a transfer is for. */
const transfer = (...transferred: Transferable[]): void => {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(transferred.length, transferred);
  port1.close();
  port2.close();
};

interface Case {
  readonly make: () => unknown[];
  readonly run: (...args: never[]) => unknown;
  readonly isKept: boolean;
}

const numbers = (fill: number, length = 100_000): Float64Array<ArrayBuffer> =>
  new Float64Array(length).fill(fill);

const transfers: Record<string, Case> = {
  'the only argument': {
    make: () => [numbers(3)],
    run: (array: Float64Array) => {
      const [value] = array;
      transfer(array.buffer);
      return value;
    },
    isKept: true,
  },
  'a buffer in options, late': {
    make: () => [{ deep: [numbers(3).buffer], name: 'x' }],
    run: async ({ deep: [buffer] }: { deep: [ArrayBuffer] }) => {
      await new Promise((resolve) => setTimeout(resolve));
      transfer(buffer);
      return 3;
    },
    isKept: true,
  },
  'one of two': {
    make: () => [numbers(3), numbers(4)],
    run: (array: Float64Array) => {
      transfer(array.buffer);
      return 3;
    },
    isKept: true,
  },
  'two views of one memory, and an image': {
    make: () => {
      const { buffer } = numbers(3);
      return [new Uint8Array(buffer, 8, 8), new Uint8Array(buffer, 800), new ImageData(8, 8)];
    },
    run: (array: Uint8Array<ArrayBuffer>, _: unknown, image: ImageData) => {
      transfer(array.buffer, image.data.buffer);
      return 3;
    },
    isKept: true,
  },
  'one of two, while the other changes': {
    make: () => [numbers(3), numbers(4)],
    run: (array: Float64Array, other: Float64Array) => {
      transfer(array.buffer);
      other[77] = 0;
      return 3;
    },
    isKept: false,
  },
  'while a number beside it changes': {
    make: () => [numbers(3), { n: 1 }],
    run: (array: Float64Array, options: { n: number }) => {
      transfer(array.buffer);
      options.n = 2;
      return 3;
    },
    isKept: false,
  },
  'while another array takes its place': {
    make: () => [{ array: numbers(3) }],
    run: (options: { array: Float64Array }) => {
      transfer(options.array.buffer);
      options.array = numbers(5);
      return 3;
    },
    isKept: false,
  },
};

test.each(Object.entries(transfers))(
  'an argument that the function transfers away: %s',
  async (_, { make, run, isKept }) => {
    const { memory, reasons } = freshMemory();
    const f = memory.cache(run as (...args: unknown[]) => unknown, own('transfers')); // each case knows its arguments
    expect(await f(...make())).toBe(3);
    await memory.flush();
    expect(reasons('skip')).toEqual(isKept ? [] : ['arguments-changed']);
    expect(
      await reopen(memory)
        .memory.cache(f.fn, own('transfers'))
        .checkCallInCache(...make()),
    ).toBe(isKept);
  },
);
