/** What a function returns after its signal fired is kept nowhere, and given to nobody else. */
import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen, type Watched } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** Steps that a test lets a function take. */
class Steps {
  taken = 0;
  readonly #entered = Promise.withResolvers<void>();
  #next = Promise.withResolvers<void>();

  /** Resolves when the function has begun to wait. */
  get entered(): Promise<void> {
    return this.#entered.promise;
  }

  wait(): Promise<void> {
    this.#entered.resolve();
    return this.#next.promise;
  }

  go(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

const captures = () => ({});

/** The next call, here and in the next page, computes and has all of it. */
async function expectNothingKept(
  { memory, reasons }: Watched,
  wrap: (memory: Memory) => () => Promise<unknown>,
): Promise<void> {
  await memory.flush();
  expect(reasons('skip')).toEqual(['aborted']);
  expect(reasons('store')).toEqual([]);
  expect(await wrap(reopen(memory).memory)()).toBe('whole');
  expect(await wrap(memory)()).toBe('whole');
}

class Job {
  readonly signal: AbortSignal;
  constructor(signal: AbortSignal) {
    this.signal = signal;
  }
}

/** Where a caller may put its signal. */
const places: Record<
  string,
  (signal: AbortSignal) => { readonly args: unknown[]; read(args: unknown[]): AbortSignal }
> = {
  'as an argument': (signal) => ({ args: [signal], read: ([own]) => own as AbortSignal }),
  'in options': (signal) => ({ args: [{ signal }], read: ([own]) => (own as Job).signal }),
  'in options of options': (signal) => ({
    args: [{ fetch: { signal } }],
    read: ([own]) => (own as { fetch: Job }).fetch.signal,
  }),
  'in a list of options': (signal) => ({ args: [[{ signal }]], read: ([own]) => (own as Job[])[0]!.signal }),
  'in an instance of a class': (signal) => ({
    args: [new Job(signal)],
    read: ([own]) => (own as Job).signal,
  }),
  'in an instance in options': (signal) => ({
    args: [{ job: new Job(signal) }],
    read: ([own]) => (own as { job: Job }).job.signal,
  }),
};

describe.each(Object.entries(places))('a signal %s', (_place, place) => {
  const wrapped = (memory: Memory, steps: Steps | undefined, isThrowing: boolean) =>
    memory.cache(
      async (...args: unknown[]) => {
        const signal = place(new AbortController().signal).read(args);
        await steps?.wait();
        if (signal.aborted && isThrowing) throw new Error('stopped');
        return signal.aborted ? 'half' : 'whole';
      },
      { id: 'stopped', captures, key: () => 1 },
    );
  const whole = (memory: Memory) => () =>
    wrapped(memory, undefined, false)(...place(new AbortController().signal).args);

  test('fires: its caller has its reason, and nothing is kept', async () => {
    const watched = freshMemory();
    const steps = new Steps();
    const controller = new AbortController();
    const call = wrapped(watched.memory, steps, false)(...place(controller.signal).args);
    await steps.entered;
    controller.abort(new Error('left'));
    await expect(call).rejects.toThrow('left');
    steps.go();
    await expectNothingKept(watched, whole);
  });

  test.each([false, true])(
    'fires for one of two callers (throwing: %s): the other has all of it',
    async (isThrowing) => {
      const { memory } = freshMemory();
      const steps = new Steps();
      const controller = new AbortController();
      const f = wrapped(memory, steps, isThrowing);
      const mine = f(...place(controller.signal).args);
      const other = f(...place(new AbortController().signal).args);
      await steps.entered;
      controller.abort(new Error('left'));
      await expect(mine).rejects.toThrow('left');
      steps.go();
      // One that runs for itself waits once more.
      const again = setInterval(() => steps.go());
      expect(await other).toBe('whole');
      clearInterval(again);
    },
  );

  test('fired in another realm: the one that waits takes over', async () => {
    const { memory } = freshMemory();
    const { memory: second } = reopen(memory);
    const steps = new Steps();
    const controller = new AbortController();
    const mine = wrapped(memory, steps, false)(...place(controller.signal).args);
    await steps.entered;
    const other = whole(second)();
    controller.abort(new Error('left'));
    await expect(mine).rejects.toThrow('left');
    steps.go();
    expect(await other).toBe('whole');
    expect(await whole(memory)()).toBe('whole');
  });
});

describe('a function that stops', () => {
  test('as it is aborted by itself, without a turn in between', async () => {
    const watched = freshMemory();
    const wrap =
      (memory: Memory, controller = new AbortController(), isAborting = false) =>
      () =>
        memory.cache(
          ({ signal }: { signal: AbortSignal }) => {
            if (isAborting) controller.abort(new Error('left'));
            return signal.aborted ? 'half' : 'whole';
          },
          { id: 'sync', captures },
        )({ signal: controller.signal });
    await expect(wrap(watched.memory, new AbortController(), true)()).rejects.toThrow('left');
    await expectNothingKept(watched, (memory) => wrap(memory));
  });

  test('late, long after its caller left', async () => {
    const watched = freshMemory();
    const steps = new Steps();
    const controller = new AbortController();
    const wrap = (memory: Memory, waiting?: Steps) =>
      memory.cache(
        async ({ signal }: { signal: AbortSignal }) => {
          await waiting?.wait();
          await waiting?.wait();
          return signal.aborted ? 'half' : 'whole';
        },
        { id: 'late', captures },
      );
    const call = wrap(watched.memory, steps)({ signal: controller.signal });
    await steps.entered;
    controller.abort(new Error('left'));
    await expect(call).rejects.toThrow('left');
    steps.go();
    await new Promise((resolve) => setTimeout(resolve));
    steps.go();
    await expectNothingKept(
      watched,
      (memory) => () => wrap(memory)({ signal: new AbortController().signal }),
    );
  });

  test('by a signal that it captured, and that is given to with()', async () => {
    const watched = freshMemory();
    const steps = new Steps();
    const controller = new AbortController();
    const wrap = (memory: Memory, signal: AbortSignal, waiting?: Steps) => () =>
      memory
        .cache(
          async () => {
            await waiting?.wait();
            return signal.aborted ? 'half' : 'whole';
          },
          { id: 'captured', captures },
        )
        .with({ signal })();
    const call = wrap(watched.memory, controller.signal, steps)();
    await steps.entered;
    controller.abort(new Error('left'));
    await expect(call).rejects.toThrow('left');
    steps.go();
    await expectNothingKept(watched, (memory) => wrap(memory, new AbortController().signal));
  });

  test('by a signal of its receiver: the caller has what it returned, and nobody else', async () => {
    const watched = freshMemory();
    const steps = new Steps();
    const controller = new AbortController();
    const wrap = (memory: Memory, waiting?: Steps) =>
      memory.cache(
        async function (this: Job) {
          await waiting?.wait();
          return this.signal.aborted ? 'half' : 'whole';
        },
        { id: 'receiver', captures },
      );
    const call = wrap(watched.memory, steps).call(new Job(controller.signal));
    await steps.entered;
    controller.abort();
    steps.go();
    expect(await call).toBe('half');
    await expectNothingKept(
      watched,
      (memory) => () => wrap(memory).call(new Job(new AbortController().signal)),
    );
  });

  test('before it was entered: it is not entered', async () => {
    const { memory } = freshMemory();
    const controller = new AbortController();
    let runs = 0;
    const f = memory.cache((_signal: AbortSignal) => ++runs, { id: 'left', captures });
    const call = f(controller.signal);
    controller.abort(new Error('left'));
    await expect(call).rejects.toThrow('left');
    await memory.flush();
    expect(runs).toBe(0);
  });
});

test('what was returned before its signal fired is kept', async () => {
  const { memory, reasons } = freshMemory();
  const controller = new AbortController();
  const f = memory.cache((_signal: AbortSignal) => new Float32Array(100_000), { id: 'whole', captures });
  await f(controller.signal);
  controller.abort();
  await memory.flush();
  expect(reasons('store')).toEqual(['computed']);
});
