/** The page's end of a visit in a worker. */
import type { FillSpec, Outcome, SampleLimits, VisitSpec } from '../protocol.ts';
import type { Observed, Visiting, VisitReply, VisitRequest } from './visit.ts';

export class VisitInWorker implements Visiting {
  readonly #worker = new Worker(new URL('./visit-worker.ts', import.meta.url), { type: 'module' });

  fill(spec: FillSpec): Promise<Outcome<undefined>> {
    return this.#ask('fill', spec);
  }

  open(spec: VisitSpec): Promise<Outcome<undefined>> {
    return this.#ask('open', spec);
  }

  observe(): Promise<Outcome<Observed>> {
    return this.#ask('observe');
  }

  measure(limits: SampleLimits): Promise<Outcome<readonly number[]>> {
    return this.#ask('measure', limits);
  }

  /** One request at a time. */
  #ask<T>(method: VisitRequest['method'], argument?: unknown): Promise<Outcome<T>> {
    return new Promise((resolve, reject) => {
      this.#worker.onerror = ({ message }) => reject(new Error(message || 'The worker could not start'));
      this.#worker.onmessage = ({ data }: MessageEvent<VisitReply>) => {
        if ('error' in data) reject(new Error(data.error));
        // The worker runs the method of the same name on the same class.
        else resolve(data.outcome as Outcome<T>);
      };
      this.#worker.postMessage({ method, argument } satisfies VisitRequest);
    });
  }
}
