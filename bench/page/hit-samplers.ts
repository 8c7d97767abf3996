/** Whole values that are stored already: one by one, all at once, first of a page, into a given buffer. */
import type { Fixture, Work } from '../job.ts';
import { argsOf, collectGarbage, hitOnly, type Sampler, timed } from './sampling.ts';
import { type CallArguments, NotOfferedError, type Subject, type Value } from './subject.ts';
import { assertIsValueOf } from './values.ts';

/** Coprime to the number of entries that any fixture gives out. */
const STEP = 43;

/** Entries of a fixture in an order that is not the one they were stored in; the last one is for warming up. */
function* unseen({ count }: Fixture): Generator<number> {
  for (let turn = 0; turn < count - 1; turn += 1) yield (turn * STEP) % (count - 1);
}

export function hitSampler(subject: Subject, { of, from }: Extract<Work, { kind: 'hit' }>): Sampler {
  const indices = unseen(of);
  const isFirstOfPage = from === 'storage' && of.count === 1;
  // Another entry starts what has to be started.
  const starter: CallArguments = isFirstOfPage ? [23, { byteLength: 2 ** 20 }] : argsOf(of, of.count - 1);
  let isUsed = false;
  const next = (): number | undefined => {
    if (from === 'tier') return of.count - 1;
    if (of.count > 1) return indices.next().value ?? undefined;
    if (isUsed && isFirstOfPage) return undefined;
    isUsed = true;
    return 0;
  };
  return {
    async warmUp() {
      await subject.open(of.store);
      await hitOnly(() => subject.call(starter));
      await subject.ready?.();
    },
    async sample() {
      const index = next();
      if (index === undefined) return undefined;
      const args = argsOf(of, index);
      if (of.byteLength >= 2 ** 20) collectGarbage();
      let value: Value | undefined;
      const ms = await hitOnly(() =>
        timed(async () => {
          value = await subject.call(args);
        }),
      );
      if (value !== undefined) assertIsValueOf(value, args);
      return ms;
    },
  };
}

export function firstVisitSampler(
  subject: Subject,
  { of, until }: Extract<Work, { kind: 'first-visit' }>,
): Sampler {
  const count = until === 'first' ? 1 : of.count;
  let isOpened = false;
  return {
    async warmUp() {},
    async sample() {
      if (isOpened) return undefined;
      isOpened = true;
      const check: (() => void)[] = [];
      const ms = await hitOnly(() =>
        timed(async () => {
          await subject.open(of.store);
          for (let index = 0; index < count; index += 1) {
            const args = argsOf(of, index);
            const value = await subject.call(args);
            // The values of some MiB go as a page's would; one is looked at, untimed.
            if (index === count - 1) check.push(() => assertIsValueOf(value, args));
          }
        }),
      );
      for (const each of check) each();
      return ms;
    },
  };
}

export function openingHitSampler(subject: Subject, { of }: Extract<Work, { kind: 'opening-hit' }>): Sampler {
  let isOpened = false;
  return {
    async warmUp() {},
    async sample() {
      if (isOpened) return undefined;
      isOpened = true;
      return hitOnly(() =>
        timed(async () => {
          await subject.open(of.store);
          await subject.call(argsOf(of, 0));
        }),
      );
    },
  };
}

export function hitsAtOnceSampler(
  subject: Subject,
  { of, from }: Extract<Work, { kind: 'hits-at-once' }>,
): Sampler {
  const all = Array.from({ length: of.count }, (_, index) => argsOf(of, index));
  const callAll = (): Promise<readonly Value[]> =>
    subject.callAll?.(all) ?? Promise.all(all.map((args) => subject.call(args)));
  let isUsed = false;
  return {
    async warmUp() {
      await subject.open(of.store);
      if (from === 'tier') await hitOnly(callAll);
      else await hitOnly(() => subject.call([0, { byteLength: 64 * 1024 }]));
    },
    async sample() {
      if (isUsed && from === 'storage') return undefined;
      isUsed = true;
      return hitOnly(() => timed(callAll));
    },
  };
}

export function hitIntoSampler(subject: Subject, { of }: Extract<Work, { kind: 'hit-into' }>): Sampler {
  const into = new Float32Array(of.byteLength / 4).fill(1);
  const args = argsOf(of, 0);
  const callInto = async (): Promise<void> => {
    if (!subject.callInto) throw new NotOfferedError('has no way to give a buffer');
    await subject.callInto(args, into);
  };
  return {
    async warmUp() {
      await subject.open(of.store);
      await callInto();
    },
    async sample() {
      into.fill(1);
      const ms = await hitOnly(() => timed(callInto));
      assertIsValueOf(into, args);
      return ms;
    },
  };
}
