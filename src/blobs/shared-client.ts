/** One storage worker for all memories of the realm; it ends with the last of them. */
import { StorageWorkerClient } from './client.ts';
import type { OperationName, Operations, StorageClient } from './protocol.ts';

interface Shared {
  readonly client: StorageWorkerClient;
  readonly users: Set<SharedClient>;
}

type WorkerFactory = () => Worker;

/** By who starts the worker: memories with a factory of their own share one only if they share that. */
const sharedBy = new Map<WorkerFactory | undefined, Shared>();

function openShared(factory: WorkerFactory | undefined): Shared {
  const shared = sharedBy.get(factory) ?? { client: new StorageWorkerClient(factory), users: new Set() };
  sharedBy.set(factory, shared);
  return shared;
}

/** What a memory has of the worker. */
export class SharedClient implements StorageClient {
  readonly isInThread = false;
  readonly #folder: string;
  readonly #factory: WorkerFactory | undefined;
  #shared: Shared | undefined;

  constructor(folder: string, factory: WorkerFactory | undefined) {
    this.#folder = folder;
    this.#factory = factory;
  }

  get isAsleep(): boolean {
    return this.#shared?.client.isAsleep ?? true;
  }

  call<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    transfer?: Transferable[],
  ): Promise<Operations[Name]['reply']> {
    this.#shared ??= openShared(this.#factory);
    this.#shared.users.add(this);
    return this.#shared.client.call(name, request, transfer);
  }

  /** Lets go of this memory's files; the worker ends where nobody else uses it. */
  async close(): Promise<void> {
    const shared = this.#shared;
    if (!shared) return;
    this.#shared = undefined;
    shared.users.delete(this);
    if (shared.users.size > 0) {
      await shared.client.releaseAll(this.#folder);
      return;
    }
    if (sharedBy.get(this.#factory) === shared) sharedBy.delete(this.#factory);
    await shared.client.close();
  }
}
