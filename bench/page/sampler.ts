/** Turns a job's work into samples: what is done before, what is timed, what is checked after. */
import type { Fixture, Work } from '../job.ts';
import {
  firstVisitSampler,
  hitIntoSampler,
  hitSampler,
  hitsAtOnceSampler,
  openingHitSampler,
} from './hit-samplers.ts';
import { collectGarbage, type Sampler, timed } from './sampling.ts';
import { firstSliceSampler, randomSlicesSampler, sliceSampler } from './slice-samplers.ts';
import { type CallArguments, NotOfferedError, type Subject } from './subject.ts';
import { computations, makeAhead } from './values.ts';

function storeSampler(subject: Subject, { byteLength }: Extract<Work, { kind: 'store' }>): Sampler {
  // No other page and no fixture has these.
  let index = 1_000_000 + Math.floor(Math.random() * 1e9);
  const store = async (args: CallArguments): Promise<void> => {
    await subject.call(args);
    await subject.stored?.();
  };
  const once = async (): Promise<number> => {
    index += 1;
    const args: CallArguments = [index, { byteLength }];
    const before = computations.count;
    const ms = await timed(() => store(args));
    if (computations.count !== before + 1) throw new Error('A call was found that should have been computed');
    // Small entries may stay; large ones would fill the disk.
    if (byteLength >= 2 ** 20) await subject.forget?.(args);
    return ms;
  };
  return {
    async warmUp() {
      makeAhead(byteLength);
      await subject.open('bench');
      await store([0, { byteLength: 0 }]);
      if (byteLength === 0 || byteLength > 2 ** 20) return;
      // One stays: nobody's store is empty again after each result.
      await store([index, { byteLength }]);
      await once();
    },
    async sample() {
      if (byteLength >= 2 ** 20) collectGarbage();
      return once();
    },
  };
}

function clearSampler(subject: Subject, { of, by }: Extract<Work, { kind: 'clear' }>): Sampler {
  let isUsed = false;
  const empty = async (): Promise<void> => {
    const method = by === 'clear' ? subject.clear?.() : subject.reduceSize?.(0);
    if (!method) throw new NotOfferedError(`has no ${by}()`);
    await method;
  };
  return {
    async warmUp() {
      await subject.open(of.store);
      await empty();
      await fill(subject, of);
    },
    async sample() {
      if (isUsed) return undefined;
      isUsed = true;
      return timed(empty);
    },
  };
}

function reduceSampler(subject: Subject, { of, items }: Extract<Work, { kind: 'reduce' }>): Sampler {
  let left = of.count;
  return {
    async warmUp() {
      await subject.open(of.store);
      await subject.clear?.();
      await fill(subject, of);
      await subject.ready?.();
    },
    async sample() {
      left -= items;
      if (left < of.count / 2) return undefined;
      return timed(async () => {
        if (!subject.reduceSize) throw new NotOfferedError('has no reduceSize()');
        await subject.reduceSize(left);
      });
    },
  };
}

function hashSampler(subject: Subject, { argument, count }: Extract<Work, { kind: 'hash' }>): Sampler {
  const floats = new Float32Array(count).map((_, at) => at / 3);
  const hashed = argument === 'array' ? floats : Array.from(floats);
  const hash = async (): Promise<void> => {
    if (!subject.hash) throw new NotOfferedError('makes no keys');
    await subject.hash(hashed);
  };
  return {
    async warmUp() {
      await subject.open('bench');
      await hash();
    },
    sample: () => timed(hash),
  };
}

function tierCallsSampler(subject: Subject, { count }: Extract<Work, { kind: 'tier-calls' }>): Sampler {
  const callMany = async (): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await subject.callPrimitive?.(7, 'seven');
  };
  return {
    async warmUp() {
      if (!subject.callPrimitive) throw new NotOfferedError('has no memory tier');
      await subject.open('bench');
      await callMany();
    },
    sample: async () => (await timed(callMany)) / count,
  };
}

/** What to do for a piece of work. */
export function samplerOf(subject: Subject, work: Work): Sampler {
  switch (work.kind) {
    case 'hit':
      return hitSampler(subject, work);
    case 'opening-hit':
      return openingHitSampler(subject, work);
    case 'first-visit':
      return firstVisitSampler(subject, work);
    case 'first-slice':
      return firstSliceSampler(subject, work);
    case 'hits-at-once':
      return hitsAtOnceSampler(subject, work);
    case 'store':
      return storeSampler(subject, work);
    case 'hit-into':
      return hitIntoSampler(subject, work);
    case 'slice':
      return sliceSampler(subject, work);
    case 'random-slices':
      return randomSlicesSampler(subject, work);
    case 'clear':
      return clearSampler(subject, work);
    case 'reduce':
      return reduceSampler(subject, work);
    case 'hash':
      return hashSampler(subject, work);
    case 'tier-calls':
      return tierCallsSampler(subject, work);
  }
}

/** How many small entries are stored at once. */
const AT_ONCE = 500;

/** Stores the entries of a fixture through the public API. */
export async function fill(subject: Subject, { count, byteLength }: Omit<Fixture, 'store'>): Promise<void> {
  makeAhead(byteLength);
  const atOnce = byteLength === 0 ? AT_ONCE : 1;
  for (let from = 0; from < count; from += atOnce) {
    const indices = Array.from({ length: Math.min(atOnce, count - from) }, (_, at) => from + at);
    await Promise.all(indices.map((index) => subject.call([index, { byteLength }])));
    // The next value is made in the same array.
    await subject.stored?.();
  }
}
