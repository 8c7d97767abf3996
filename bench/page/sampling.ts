/** What all samplers share: a repetition to time, and what makes it a fair one. */
import type { Fixture } from '../job.ts';
import type { CallArguments } from './subject.ts';
import { computations } from './values.ts';

export interface Sampler {
  /** Opens the stores and does what brings the subject into the state to be measured. */
  warmUp(): Promise<void>;
  /** Milliseconds of one repetition; undefined when this page has no more to give. */
  sample(): Promise<number | undefined>;
}

/** Runs the garbage collector where the browser was started with it at hand: nobody pays for another's garbage. */
export const collectGarbage = (): void => void exposedCollector()?.();

/** The same from an empty stack, so that nothing on it keeps anything alive. */
export const collectAllGarbage = async (): Promise<void> =>
  void (await exposedCollector()?.({ type: 'major', execution: 'async' }));

type Collector = (options?: { type: 'major'; execution: 'async' }) => unknown;

// V8's own function, not part of any library.
const exposedCollector = (): Collector | undefined => (globalThis as { gc?: Collector }).gc;

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export const argsOf = ({ byteLength }: Fixture, index: number): CallArguments => [index, { byteLength }];

/** Throws where a hit was none. */
export async function hitOnly<T>(work: () => Promise<T>): Promise<T> {
  const before = computations.count;
  const value = await work();
  if (computations.count !== before) throw new Error('A call was computed that should have been found');
  return value;
}
