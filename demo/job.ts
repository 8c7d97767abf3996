import type { DistancesRequest, JobReply, LayoutRequest } from './job-protocol.ts';

export type JobName = 'distances' | 'layout';
export type JobReport = { readonly job: JobName } & Exclude<JobReply, { kind: 'result' }>;
type Listener = (report: JobReport) => void;

// keepsake-ignore FP002: they hear of progress, and no result depends on them
const listeners = new Set<Listener>();

/** Hears how every computation on this page gets on; progress is no argument, so it takes no part in the key. */
export function onJobReport(listener: Listener): void {
  listeners.add(listener);
}

interface Job {
  readonly job: JobName;
  readonly worker: Worker;
  readonly request: DistancesRequest | LayoutRequest;
  readonly signal: AbortSignal | undefined;
}

/** Runs one request in a worker of its own; aborting ends the worker and rejects with the signal's reason. */
export function runJob({ job, worker, request, signal }: Job): Promise<Float32Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Float32Array<ArrayBuffer>>();
  const abort = () => reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  worker.addEventListener('error', (event) => reject(new Error(event.message || `The ${job} worker failed`)));
  worker.addEventListener('message', ({ data }: MessageEvent<JobReply>) => {
    if (data.kind === 'result') return resolve(data.values);
    for (const listener of listeners) listener({ job, ...data });
  });
  worker.postMessage(request);
  return promise.finally(() => {
    signal?.removeEventListener('abort', abort);
    worker.terminate();
  });
}
