import { runJob } from '../job.ts';

export interface DensityOptions {
  /** Standard deviation of the kernel, in cells of the surface. */
  readonly bandwidth: number;
  /** Cancels the computation; takes no part in what identifies the call. */
  readonly signal?: AbortSignal;
}

/** Returns the [300, 480] flights per cell of the surface, each of [count, 2] flights spread as a Gaussian. */
export function flightDensity(
  flights: Int16Array<ArrayBuffer>,
  { signal, bandwidth }: DensityOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./density-worker.ts', import.meta.url), { type: 'module' });
  return runJob({ job: 'density', worker, request: { flights, bandwidth }, signal });
}
