import { expect, onTestFinished, test } from 'vitest';
import { freshMemory, reopen } from '../testing/memories.ts';

const never = new Promise<never>(() => undefined);
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

/** A function whose first runs never settle. */
function stuckFirst(runs = 1) {
  const counted = { entered: 0 };
  const fn = async (x: number): Promise<number> => {
    counted.entered += 1;
    return counted.entered > runs ? x * 2 : never;
  };
  return { fn, counted };
}

/** Calls it with a signal that fires once the function was entered. */
async function giveUp(
  call: (signal: AbortSignal) => Promise<unknown>,
  counted: { readonly entered: number },
): Promise<void> {
  const controller = new AbortController();
  const outcome = reasonOf(call(controller.signal));
  const before = counted.entered;
  await expect.poll(() => counted.entered).toBe(before + 1);
  controller.abort('given up');
  expect(await outcome).toBe('given up');
}

const own = { id: 'stuck', captures: () => ({}) };

test('a run that its callers gave up blocks the next call neither here nor in another realm', async () => {
  const { fn, counted } = stuckFirst(2);
  const { memory } = freshMemory();
  const f = memory.cache(fn, own);
  await giveUp((signal) => f.with({ signal })(1), counted);
  await giveUp((signal) => f.with({ signal, forceFresh: true })(1), counted);
  expect(await reopen(memory).memory.cache(fn, own)(1)).toBe(2);
  expect(await f(1)).toBe(2);
  expect(counted.entered).toBe(3);
});

test('what an abandoned run returns after all is not stored', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const values = [promise, Promise.resolve(2)];
  let entered = 0;
  const { memory, events } = freshMemory();
  const f = memory.cache(
    (_: number) => {
      entered += 1;
      return values[entered - 1] ?? Promise.reject(new Error('once too often'));
    },
    { id: 'late', captures: () => ({}) },
  );
  await giveUp((signal) => f.with({ signal })(1), {
    get entered() {
      return entered;
    },
  });
  expect(await f(1)).toBe(2);
  await memory.flush();
  resolve(1);
  await new Promise((done) => setTimeout(done));
  await memory.flush();
  expect(events.filter(({ kind }) => kind === 'store')).toHaveLength(1);
  expect(
    await reopen(memory)
      .memory.cache(async (_: number) => 0, own)
      .checkCallInCache(1),
  ).toBe(false);
  expect(await f(1)).toBe(2);
});

test('with a call in a mode, and with one that is given up while the store is asked', async () => {
  const { fn, counted } = stuckFirst();
  const { memory } = freshMemory({ mmapMode: 'r' });
  const f = memory.cache(fn, own);
  await giveUp((signal) => f.with({ signal })(1), counted);
  expect(await reasonOf(f.with({ signal: AbortSignal.abort('at once') })(1))).toBe('at once');
  const controller = new AbortController();
  const outcome = reasonOf(f.with({ signal: controller.signal })(1));
  controller.abort('while it looks');
  expect(await outcome).toBe('while it looks');
  expect(await f(1)).toBe(2);
});

test('a validator that never answers keeps the caller no longer than its signal, and no other call', async () => {
  const { memory } = freshMemory();
  let isStuck = false;
  const f = memory.cache(async (x: number) => x * 2, {
    ...own,
    cacheValidationCallback: () => (isStuck ? never : true),
  });
  await f(1);
  await memory.flush();
  isStuck = true;
  expect(await reasonOf(f.with({ signal: AbortSignal.timeout(50) })(1))).toMatchObject({
    name: 'TimeoutError',
  });
  await memory.flush();
  isStuck = false;
  expect(await f(1)).toBe(2);
});

test('a renewal that hangs blocks nobody', async () => {
  const { memory } = freshMemory();
  let entered = 0;
  const f = memory.cache(
    async (x: number) => {
      entered += 1;
      return entered === 2 ? never : x * entered;
    },
    { ...own, maxAgeMs: 0, staleWhileRevalidateMs: 60_000 },
  );
  expect(await f(1)).toBe(1);
  await memory.flush();
  expect(await f(1)).toBe(1);
  await expect.poll(() => entered).toBe(2);
  expect(await f.with({ forceFresh: true })(1)).toBe(3);
  await memory.flush();
  const twin = reopen(memory).memory.cache(async (x: number) => x * 7, own);
  expect(await twin.with({ forceFresh: true })(1)).toBe(7);
  // An entry that was made since is renewed in its turn.
  expect(await f(1)).toBe(3);
  await expect.poll(() => entered).toBe(4);
});

test('singleFlightTimeoutMs: a call passes one that is stuck, in its realm and elsewhere', async () => {
  const { fn, counted } = stuckFirst();
  const { memory } = freshMemory({ singleFlightTimeoutMs: 100 });
  const f = memory.cache(fn, own);
  const stuck = f(1);
  await expect.poll(() => counted.entered).toBe(1);
  const elsewhere = reopen(memory, { singleFlightTimeoutMs: 100 }).memory.cache(fn, own);
  const fresh = reopen(memory, { singleFlightTimeoutMs: 100 }).memory.cache(fn, own);
  expect(await Promise.all([elsewhere(1), fresh.with({ forceFresh: true })(1)])).toEqual([2, 2]);
  expect(await f(1)).toBe(2);
  expect(await Promise.race([stuck, 'stuck'])).toBe('stuck');
  expect(() => freshMemory({ singleFlightTimeoutMs: -1 })).toThrow(RangeError);
});

test('a caller with a signal leaves a stuck run of another realm', async () => {
  const { fn, counted } = stuckFirst();
  const { memory } = freshMemory();
  void memory.cache(fn, own)(1);
  await expect.poll(() => counted.entered).toBe(1);
  const twin = reopen(memory).memory.cache(fn, own);
  const calls = [
    twin.with({ signal: AbortSignal.timeout(50) }),
    twin.with({ signal: AbortSignal.timeout(60), forceFresh: true }),
  ];
  for (const call of calls) expect(await reasonOf(call(1))).toMatchObject({ name: 'TimeoutError' });
});

test('calls that stay keep a run that others leave', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let entered = 0;
  const { memory } = freshMemory();
  const f = memory.cache(
    (_: number) => {
      entered += 1;
      return promise;
    },
    { id: 'kept', captures: () => ({}) },
  );
  const controller = new AbortController();
  const leaves = reasonOf(f.with({ signal: controller.signal })(1));
  const stays = f(1);
  await expect.poll(() => entered).toBe(1);
  controller.abort('it left');
  expect(await leaves).toBe('it left');
  const joins = f(1);
  resolve(3);
  expect(await Promise.all([stays, joins])).toEqual([3, 3]);
  expect(entered).toBe(1);
});

test('flush() and close() inside of a function end, and wait for no run that does not', async () => {
  const { memory, reasons } = freshMemory();
  let entered = 0;
  const stuck = memory.cache(
    (_: number) => {
      entered += 1;
      return never;
    },
    { id: 'stuck', captures: () => ({}) },
  );
  void stuck(1);
  await expect.poll(() => entered).toBe(1);
  const flushes = memory.cache(
    async (x: number) => {
      await memory.flush();
      return x;
    },
    { id: 'flushes', captures: () => ({}) },
  );
  expect(await flushes(1)).toBe(1);
  await memory.flush();
  expect(reasons('store')).toHaveLength(1);
  const twin = reopen(memory);
  const closes = twin.memory.cache(
    async (x: number) => {
      await twin.memory.close();
      return x;
    },
    { id: 'closes', captures: () => ({}) },
  );
  expect(await closes(1)).toBe(1);
  await memory.close();
});

test('flush() waits for what was computed before it, however slow its storing', async () => {
  const { memory, reasons } = freshMemory();
  const large = memory.cache(async (x: number) => new Uint8Array(24 << 20).fill(x), {
    id: 'large',
    captures: () => ({}),
  });
  const values = Promise.all([large(1), large(2)]);
  await large(3);
  await memory.flush();
  expect((await values).map((each) => each[0])).toEqual([1, 2]);
  await memory.flush();
  expect(reasons('store')).toHaveLength(3);
});

test('close() lets go of the locks of what still computes', async () => {
  const { fn, counted } = stuckFirst();
  const { memory } = freshMemory();
  onTestFinished(() => memory.close());
  void memory.cache(fn, own)(1);
  await expect.poll(() => counted.entered).toBe(1);
  await memory.close();
  const { held = [], pending = [] } = await navigator.locks.query();
  const left = [...held, ...pending].filter(({ name }) => name?.includes(memory.name));
  expect(left).toEqual([]);
  expect(await reopen(memory).memory.cache(fn, own)(1)).toBe(2);
});
