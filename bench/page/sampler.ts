/** Turns a job's work into samples: what is done before, what is timed, what is checked after. */
import type { Fixture, Work } from '../jobs.ts';
import { type CallArguments, NotOfferedError, type Subject, type Value } from './subject.ts';
import { assertIsValueOf, computations, makeAhead } from './values.ts';

export interface Sampler {
  /** Opens the stores and does what brings the subject into the state to be measured. */
  warmUp(): Promise<void>;
  /** Milliseconds of one repetition; undefined when this page has no more to give. */
  sample(): Promise<number | undefined>;
}

/** Runs the garbage collector where the browser was started with it at hand: nobody pays for another's garbage. */
export const collectGarbage = (): void => {
  const { gc } = globalThis as { gc?: () => void }; // not part of any library
  gc?.();
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const argsOf = ({ byteLength }: Fixture, index: number): CallArguments => [index, { byteLength }];

/** Coprime to the number of entries that any fixture gives out. */
const STEP = 43;

/** Entries of a fixture in an order that is not the one they were stored in; the last one is for warming up. */
function* unseen({ count }: Fixture): Generator<number> {
  for (let turn = 0; turn < count - 1; turn += 1) yield (turn * STEP) % (count - 1);
}

/** Throws where a hit was none. */
async function hitOnly<T>(work: () => Promise<T>): Promise<T> {
  const before = computations.count;
  const value = await work();
  if (computations.count !== before) throw new Error('A call was computed that should have been found');
  return value;
}

function hitSampler(subject: Subject, { of, from }: Extract<Work, { kind: 'hit' }>): Sampler {
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

function openingHitSampler(subject: Subject, { of }: Extract<Work, { kind: 'opening-hit' }>): Sampler {
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

function hitsAtOnceSampler(subject: Subject, { of, from }: Extract<Work, { kind: 'hits-at-once' }>): Sampler {
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
    if (byteLength > 0) await subject.forget?.(args);
    return ms;
  };
  return {
    async warmUp() {
      makeAhead(byteLength);
      await subject.open('bench');
      await store([0, { byteLength: 0 }]);
      if (byteLength > 0 && byteLength <= 2 ** 20) await once();
    },
    async sample() {
      if (byteLength >= 2 ** 20) collectGarbage();
      return once();
    },
  };
}

function hitIntoSampler(subject: Subject, { of }: Extract<Work, { kind: 'hit-into' }>): Sampler {
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

function sliceSampler(subject: Subject, { of, sliceBytes }: Extract<Work, { kind: 'slice' }>): Sampler {
  const length = sliceBytes / 4;
  const args = argsOf(of, 0);
  const places = of.byteLength / sliceBytes;
  let place = 1;
  const slice = async (start: number): Promise<Float32Array> => {
    if (subject.slice) return subject.slice(args, start, start + length);
    // A copy, as a slice is: the whole value can go.
    return ((await subject.call(args)) as Float32Array).slice(start, start + length); // fixtures of slices are arrays
  };
  return {
    async warmUp() {
      await subject.open(of.store);
      await hitOnly(() => slice(0));
    },
    async sample() {
      collectGarbage();
      place = (place + 37) % places;
      let found: Float32Array | undefined;
      const ms = await hitOnly(() =>
        timed(async () => {
          found = await slice(place * length);
        }),
      );
      if (found?.length !== length || found[1] === found[2])
        throw new Error('A slice is not what was stored');
      return ms;
    },
  };
}

function randomSlicesSampler(subject: Subject, work: Extract<Work, { kind: 'random-slices' }>): Sampler {
  const { of, sliceBytes, count, pass } = work;
  const length = sliceBytes / 4;
  const places = of.byteLength / sliceBytes;
  const starts = Uint32Array.from({ length: count }, () => Math.floor(Math.random() * places) * length);
  const slices = async (all: Uint32Array): Promise<void> => {
    if (!subject.slices) throw new NotOfferedError('reads no slices');
    await subject.slices(argsOf(of, 0), all, length);
  };
  return {
    async warmUp() {
      await subject.open(of.store);
      await hitOnly(() => slices(pass === 'first' ? starts.subarray(0, 1) : starts));
    },
    sample: () => hitOnly(() => timed(() => slices(starts))),
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
