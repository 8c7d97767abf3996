import { runJob } from './job.ts';

export interface DistanceOptions {
  readonly metric: 'euclidean';
  /** Cancels the computation; takes no part in what identifies the call. */
  readonly signal?: AbortSignal;
}

/** Returns the [count, count] distances between digits of 784 grey levels, where a full grey level counts as 1. */
export function pairwiseDistances(
  digits: Uint8Array<ArrayBuffer>,
  { metric, signal }: DistanceOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./distances-worker.ts', import.meta.url), { type: 'module' });
  return runJob({ job: 'distances', worker, request: { digits, metric }, signal });
}
