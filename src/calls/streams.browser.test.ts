import { describe, expect, test, vi } from 'vitest';
import { freshMemory, reopen } from '../testing/memories.ts';
import { filesOf, flipBit } from '../testing/stored.ts';

const captures = () => ({});
const KIB = 1024;

const bytes = (length: number, seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed) % 251);

/** Chunks of a given size, one at each pull. */
function chunked(
  count: number,
  size: number,
  onCancel?: (reason: unknown) => void,
): ReadableStream<Uint8Array> {
  let given = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (given === count) controller.close();
        else controller.enqueue(bytes(size, given++));
      },
      cancel: (reason) => onCancel?.(reason),
    },
    { highWaterMark: 0 },
  );
}

async function all<T>(chunks: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return found;
}

/** Enough of a chunk to tell it from any other here; comparing each element would take most of the time. */
const tell = (chunk: Uint8Array): number[] => [chunk.length, ...chunk.subarray(0, 3), ...chunk.subarray(-3)];

const told = async (stream: AsyncIterable<Uint8Array>): Promise<number[][]> => (await all(stream)).map(tell);

const chunks = (count: number, size: number) =>
  Array.from({ length: count }, (_, at) => tell(bytes(size, at)));

describe('a stream of bytes', () => {
  test.each([
    ['small', 3, 10],
    ['in a segment', 20, 64 * KIB],
    ['in a file of its own', 80, 64 * KIB],
    ['empty', 0, 1],
  ])('%s: is given at once, kept, and given chunk by chunk', async (_, count, size) => {
    const { memory, reasons } = freshMemory();
    const run = vi.fn((chunkCount: number) => chunked(chunkCount, size));
    const options = { id: 'bytes', captures };
    const first = memory.cache(run, options);
    expect(await told(await first(count))).toEqual(chunks(count, size));
    await memory.flush();
    expect(reasons('store')).toEqual(['computed']);
    for (const kept of [memory, reopen(memory).memory]) {
      const again = await kept.cache(run, options)(count);
      expect(again).toBeInstanceOf(ReadableStream);
      expect(await told(again)).toEqual(chunks(count, size));
    }
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('every caller of a hit has a stream of its own, and may change what it gives', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(() => chunked(40, 64 * KIB), { id: 'own', captures });
    await all(await cached());
    await memory.flush();
    const [one, two] = await Promise.all([cached(), cached()]);
    for await (const chunk of one) chunk.fill(0);
    expect(await told(two)).toEqual(chunks(40, 64 * KIB));
    expect(await told(await cached())).toEqual(chunks(40, 64 * KIB));
  });

  test('what its reader changes is not what is kept', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(() => chunked(4, 10), { id: 'changed', captures });
    for await (const chunk of await cached()) chunk.fill(0);
    await memory.flush();
    expect(await told(await cached())).toEqual(chunks(4, 10));
  });

  test('given up half-way: the source is cancelled with the reason, and nothing is kept', async () => {
    const { memory, reasons } = freshMemory();
    const cancelled = vi.fn();
    const cached = memory.cache(() => chunked(100, 64 * KIB, cancelled), { id: 'half', captures });
    const reader = (await cached()).getReader();
    await reader.read();
    await reader.cancel('enough');
    expect(cancelled).toHaveBeenCalledWith('enough');
    await (await cached()).cancel('not even begun');
    expect(cancelled).toHaveBeenLastCalledWith('not even begun');
    await memory.flush();
    expect(reasons('skip')).toEqual(['stream-unfinished']);
    expect((await memory.stats()).entries).toBe(0);
  });

  test('a hit that is given up lets go of its entry', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(() => chunked(80, 64 * KIB), { id: 'let-go', captures });
    await all(await cached());
    await memory.flush();
    for await (const _ of await cached()) break;
    await memory.clear();
    expect(await told(await cached())).toEqual(chunks(80, 64 * KIB));
  });

  test.each([
    ['in its last block', 80, 64 * KIB, 1000],
    ['in its first block', 80, 64 * KIB, 80 * 64 * KIB - 1000],
  ])(
    'damaged %s: what was given is right, the reader is told, and the next call computes',
    async (_, count, size, fromEnd) => {
      const { memory } = freshMemory();
      const run = vi.fn(() => chunked(count, size));
      await all(await memory.cache(run, { id: 'damaged', captures })());
      await memory.close();
      const [file] = await filesOf(memory.name);
      if (file) await flipBit(file, fromEnd);
      const { memory: next, reasons } = reopen(memory);
      const again = next.cache(run, { id: 'damaged', captures });
      const given: number[][] = [];
      const reading = (async () => {
        for await (const chunk of await again()) given.push(tell(chunk));
      })();
      await expect(reading).rejects.toMatchObject({ name: 'DamagedEntryError' });
      expect(given).toEqual(chunks(given.length, size));
      expect(given.length).toBeLessThan(count);
      await next.flush();
      expect(reasons('damaged')).toHaveLength(1);
      expect(await told(await again())).toEqual(chunks(count, size));
      expect(run).toHaveBeenCalledTimes(2);
    },
  );

  test('an error comes through where it came, and nothing is kept', async () => {
    const { memory, reasons } = freshMemory();
    const failing = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start: (controller) => controller.enqueue(bytes(3, 0)),
        pull: () => Promise.reject(new RangeError('broken')),
      });
    const cached = memory.cache(failing, { id: 'failing', captures });
    const reader = (await cached()).getReader();
    expect((await reader.read()).value).toEqual(bytes(3, 0));
    await expect(reader.read()).rejects.toThrow(new RangeError('broken'));
    await memory.flush();
    expect(reasons('skip')).toEqual(['stream-unfinished']);
  });

  test('of a response, read with a buffer of the reader', async () => {
    const { memory } = freshMemory();
    const body = () => new Response(bytes(200 * KIB, 1)).body as ReadableStream<Uint8Array<ArrayBuffer>>;
    const cached = memory.cache(body, { id: 'body', captures });
    for (let call = 0; call < 2; call++) {
      const reader = (await cached()).getReader({ mode: 'byob' });
      const found: number[] = [];
      for (;;) {
        const { done, value } = await reader.read(new Uint8Array(50 * KIB));
        if (done) break;
        found.push(...value);
      }
      expect(Uint8Array.from(found)).toEqual(bytes(200 * KIB, 1));
      await memory.flush();
    }
    expect((await memory.stats()).hits).toBe(1);
  });

  test('identical calls at once: each has a whole stream, and none waits for the reader of another', async () => {
    const { memory } = freshMemory();
    const cached = memory.cache(() => chunked(3, 10), { id: 'at-once', captures });
    const [one, two] = await Promise.all([cached(), cached()]);
    expect(await told(two)).toEqual(chunks(3, 10));
    expect(await told(one)).toEqual(chunks(3, 10));
  });

  test('larger than the memory may be: comes through, and is not kept', async () => {
    const { memory, reasons } = freshMemory({ maxBytes: '1M' });
    const cached = memory.cache(() => chunked(40, 64 * KIB), { id: 'large', captures });
    expect(await told(await cached())).toEqual(chunks(40, 64 * KIB));
    await memory.flush();
    expect(reasons('skip')).toEqual(['stream-unfinished']);
  });

  test('arguments that change while it is read: nothing is kept', async () => {
    const { memory, reasons } = freshMemory();
    const options = { size: 10 };
    const cached = memory.cache(({ size }: { size: number }) => chunked(3, size), { id: 'args', captures });
    for await (const _ of await cached(options)) options.size = 11;
    await memory.flush();
    expect(reasons('skip')).toEqual(['arguments-changed']);
  });

  test('a signal of its caller goes on to abort the function while the stream comes', async () => {
    const { memory } = freshMemory();
    const controller = new AbortController();
    const endless = (signal: AbortSignal) =>
      new ReadableStream<number>({
        start: (out) => signal.addEventListener('abort', () => out.error(signal.reason)),
        pull: (out) => out.enqueue(1),
      });
    const stream = await memory.cache(endless, { id: 'signal', captures })(controller.signal);
    const reader = stream.getReader();
    expect((await reader.read()).value).toBe(1);
    controller.abort(new Error('stop'));
    await expect(reader.read().then(() => reader.read())).rejects.toThrow('stop');
  });
});

describe('an async generator', () => {
  interface Item {
    readonly at: number;
    readonly data: Float32Array;
    readonly more: Map<string, Date>;
  }

  async function* items(count: number, size: number): AsyncGenerator<Item, string> {
    for (let at = 0; at < count; at++) {
      yield { at, data: new Float32Array(size).fill(at), more: new Map([['d', new Date(at)]]) };
    }
    return 'the end';
  }

  test.each([
    [3, 4],
    [30, 64 * KIB],
  ])('of %i items is kept and given again, with what it returned', async (count, size) => {
    const { memory } = freshMemory();
    const run = vi.fn(items);
    const options = { id: 'items', captures };
    const tellItem = ({ at, data, more }: Item) => [
      at,
      data.constructor,
      ...data.subarray(-2),
      data.length,
      more,
    ];
    const expected = (await all(items(count, size))).map(tellItem);
    const first = await all(await memory.cache(run, options)(count, size));
    expect(first.map(tellItem)).toEqual(expected);
    await memory.flush();
    const again = await reopen(memory).memory.cache(run, options)(count, size);
    const found: Item[] = [];
    let step = await again.next();
    for (; !step.done; step = await again.next()) found.push(step.value);
    expect(found.map(tellItem)).toEqual(expected);
    expect(step.value).toBe('the end');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('given up half-way: its finally runs, and nothing is kept', async () => {
    const { memory, reasons } = freshMemory();
    const ended = vi.fn();
    async function* guarded() {
      try {
        for (let at = 0; at < 10; at++) yield at;
      } finally {
        ended();
      }
    }
    const cached = memory.cache(guarded, { id: 'guarded', captures });
    for await (const at of await cached()) if (at === 3) break;
    expect(ended).toHaveBeenCalledTimes(1);
    await memory.flush();
    expect(reasons('skip')).toEqual(['stream-unfinished']);
  });

  test('that is sent values, or gives what cannot be stored, works and is not kept', async () => {
    const { memory, reasons } = freshMemory();
    async function* echo(): AsyncGenerator<unknown, void, number> {
      const sent = yield 1;
      yield sent;
    }
    const talking = await memory.cache(echo, { id: 'echo', captures })();
    await talking.next();
    expect((await talking.next(7)).value).toBe(7);
    expect((await talking.next()).done).toBe(true);
    async function* functions() {
      yield () => 1;
    }
    const [give] = await all(await memory.cache(functions, { id: 'functions', captures })());
    expect(give?.()).toBe(1);
    await memory.flush();
    expect(reasons('skip')).toEqual(['stream-unfinished', 'stream-unfinished']);
  });

  test('what is thrown into it goes on to the function', async () => {
    const { memory } = freshMemory();
    async function* catching() {
      try {
        yield 1;
      } catch (error) {
        yield `caught ${error}`;
      }
    }
    const iterator = await memory.cache(catching, { id: 'catching', captures })();
    await iterator.next();
    expect((await iterator.throw('this')).value).toBe('caught this');
  });
});
