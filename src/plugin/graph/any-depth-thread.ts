import { workerData } from 'node:worker_threads';
import { summarise } from '../summary/summarise.ts';
import type { DeepTask } from './any-depth.ts';

const { file, source, done, port } = workerData as DeepTask; // from summariseInThread, which is the only one to start it

try {
  port.postMessage(summarise(file, source));
} finally {
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}
