/** Parts of a stored array. */
import type { Fixture, Work } from '../job.ts';
import { argsOf, collectGarbage, hitOnly, type Sampler, timed } from './sampling.ts';
import { NotOfferedError, type Subject } from './subject.ts';

/** A part of a stored array, by whatever way the subject has. */
async function sliceOf(subject: Subject, of: Fixture, start: number, length: number): Promise<Float32Array> {
  const args = argsOf(of, 0);
  if (subject.slice) return subject.slice(args, start, start + length);
  // A copy, as a slice is: the whole value can go.
  return ((await subject.call(args)) as Float32Array).slice(start, start + length); // fixtures of slices are arrays
}

function assertIsSlice(found: Float32Array | undefined, length: number): void {
  if (found?.length !== length || found[1] === found[2]) throw new Error('A slice is not what was stored');
}

export function firstSliceSampler(
  subject: Subject,
  { of, sliceBytes }: Extract<Work, { kind: 'first-slice' }>,
): Sampler {
  const length = sliceBytes / 4;
  let isOpened = false;
  return {
    async warmUp() {},
    async sample() {
      if (isOpened) return undefined;
      isOpened = true;
      let found: Float32Array | undefined;
      const ms = await hitOnly(() =>
        timed(async () => {
          await subject.open(of.store);
          found = await sliceOf(subject, of, 5 * length, length);
        }),
      );
      assertIsSlice(found, length);
      return ms;
    },
  };
}

export function sliceSampler(
  subject: Subject,
  { of, sliceBytes }: Extract<Work, { kind: 'slice' }>,
): Sampler {
  const length = sliceBytes / 4;
  const places = of.byteLength / sliceBytes;
  let place = 1;
  const slice = (start: number): Promise<Float32Array> => sliceOf(subject, of, start, length);
  return {
    async warmUp() {
      await subject.open(of.store);
      await hitOnly(() => slice(0));
      await subject.ready?.();
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
      assertIsSlice(found, length);
      return ms;
    },
  };
}

export function randomSlicesSampler(
  subject: Subject,
  work: Extract<Work, { kind: 'random-slices' }>,
): Sampler {
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
