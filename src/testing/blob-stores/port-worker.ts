/** Stands in for storage workers: each has a port to a worker that they share, as starting one takes longer than most of what tests ask of it. */

/** What the storage client uses of a Worker. */
type Used = Pick<Worker, 'postMessage' | 'onmessage' | 'onerror' | 'onmessageerror' | 'terminate'>;

/** A store that is closed lets go of its files before it terminates, and so of its port. */
export function workerThrough(shared: Worker, details: object = {}): Worker {
  const { port1, port2 } = new MessageChannel();
  shared.postMessage({ ...details, port: port2 }, [port2]);
  const worker: Used = {
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    postMessage: (message: unknown, transfer?: Transferable[] | StructuredSerializeOptions) =>
      port1.postMessage(message, Array.isArray(transfer) ? transfer : []),
    terminate: () => port1.close(),
  };
  port1.onmessage = (event) => worker.onmessage?.call(worker as Worker, event); // nobody looks at `this`
  return worker as Worker; // all that is used of it
}

let shared: Worker | undefined;

/** For `workerFactory`. */
export function portWorker(): Worker {
  shared ??= new Worker(new URL('./port-storage.ts', import.meta.url), { type: 'module' });
  return workerThrough(shared);
}
