import type { JobReply, JobRequest } from './job-protocol.ts';

export type JobName = 'distances' | 'layout' | 'density' | 'spectrogram' | 'enlarge';
export type JobReport = { readonly job: JobName } & Exclude<JobReply, { kind: 'result' }>;

const reported = 'keepsake-demo-report';

/**
 * Hears how every computation on this page gets on. Progress goes by way of the page's own events: neither an argument
 * nor a variable of the computing functions, it takes no part in their keys.
 */
export function onJobReport(listener: (report: JobReport) => void): void {
  // runJob() is the only one to dispatch this event.
  addEventListener(reported, (event) => listener((event as CustomEvent<JobReport>).detail));
}

interface Job {
  readonly job: JobName;
  readonly worker: Worker;
  readonly request: JobRequest;
  readonly signal: AbortSignal | undefined;
}

/** Runs one request in a worker of its own; aborting ends the worker and rejects with the signal's reason. */
export function runJob<Result = Float32Array<ArrayBuffer>>({
  job,
  worker,
  request,
  signal,
}: Job): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const abort = () => reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  worker.addEventListener('error', (event) => reject(new Error(event.message || `The ${job} worker failed`)));
  worker.addEventListener('message', ({ data }: MessageEvent<JobReply<Result>>) => {
    if (data.kind === 'result') return resolve(data.values);
    dispatchEvent(new CustomEvent<JobReport>(reported, { detail: { job, ...data } }));
  });
  worker.postMessage(request);
  return promise.finally(() => {
    signal?.removeEventListener('abort', abort);
    worker.terminate();
  });
}
