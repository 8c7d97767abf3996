import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ModuleSummary } from '../summary/module-summary.ts';
import { opaqueSummary, summarise } from '../summary/summarise.ts';

/** Enough for some 100,000 levels of code. Only what is used of it is ever taken from the machine. */
const stackSizeMb = 256;
/** A thread that has not answered by then never will. */
const limitMs = 30_000;

/** Summarises a module however deep its code is nested: what the stack of this thread cannot hold, another one's can. */
export function summariseAtAnyDepth(file: string, source: string): ModuleSummary {
  try {
    return summarise(file, source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return summariseInThread(file, source) ?? opaqueSummary(source, 'it is nested too deeply');
  }
}

/** What the thread is given. */
export interface DeepTask {
  readonly file: string;
  readonly source: string;
  /** Set to 1 when the answer is at the port. */
  readonly done: Int32Array;
  readonly port: MessagePort;
}

/** Waits for the thread, because bundlers' hooks may ask for a summary where nothing can be awaited. */
function summariseInThread(file: string, source: string): ModuleSummary | undefined {
  const { port1, port2 } = new MessageChannel();
  const task: DeepTask = { file, source, done: new Int32Array(new SharedArrayBuffer(4)), port: port2 };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'; // sources in tests, else the build
  const worker = new Worker(new URL(`./any-depth-thread.${extension}`, import.meta.url), {
    workerData: task,
    transferList: [port2],
    resourceLimits: { stackSizeMb },
  });
  worker.unref();
  worker.on('error', () => undefined); // then there is no answer, which says enough
  Atomics.wait(task.done, 0, 0, limitMs);
  const answer: { message: ModuleSummary } | undefined = receiveMessageOnPort(port1);
  port1.close();
  void worker.terminate(); // it is idle; nothing waits for its end
  return answer?.message;
}
