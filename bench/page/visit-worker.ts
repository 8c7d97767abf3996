/** A visit in a worker: the same work, with sync access handles in the same thread. */
import type { FillSpec, SampleLimits, VisitSpec } from '../protocol.ts';
import { Keepsake } from './keepsake.ts';
import { RawHandle } from './raw-handle.ts';
import { Visit, type VisitReply, type VisitRequest } from './visit.ts';

declare const self: DedicatedWorkerGlobalScope;

const visit = new Visit({
  keepsake: () => new Keepsake(),
  'raw-handle-fresh': () => new RawHandle('fresh'),
  'raw-handle-warm': () => new RawHandle('warm'),
});

// The page pairs each method with its own argument.
const run = ({ method, argument }: VisitRequest) => {
  switch (method) {
    case 'fill':
      return visit.fill(argument as FillSpec);
    case 'open':
      return visit.open(argument as VisitSpec);
    case 'observe':
      return visit.observe();
    case 'measure':
      return visit.measure(argument as SampleLimits);
  }
};

self.onmessage = ({ data }: MessageEvent<VisitRequest>) => {
  run(data).then(
    (outcome) => self.postMessage({ outcome } satisfies VisitReply),
    (error: unknown) => self.postMessage({ error: String(error) } satisfies VisitReply),
  );
};
