import { runJob } from './job.ts';

export interface LayoutOptions {
  readonly neighbours: number;
  readonly epochs: number;
  readonly seed: number;
  /** Cancels the computation; takes no part in what identifies the call. */
  readonly signal?: AbortSignal;
}

/** Returns [count, 2] positions in which digits of 784 grey levels that look alike lie close (UMAP). */
export function umapLayout(
  digits: Uint8Array<ArrayBuffer>,
  { signal, ...options }: LayoutOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
  return runJob({ job: 'layout', worker, request: { digits, ...options }, signal });
}
