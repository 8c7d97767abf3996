/** The realm's side of the storage worker: starts it, matches replies to requests, transfers. */
import { wait } from '../deferred/deferred.ts';
import type { ErrorData, OperationName, Operations, Reply, StorageClient } from './protocol.ts';
import { TrustedWorker } from './trusted-worker.ts';
import { monitorWorker } from './worker-liveness.ts';
import { observeStart } from './worker-start.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** An error that was raised in the worker; `name` is the one it had there. */
export class StorageWorkerError extends Error {
  constructor({ name, message }: ErrorData) {
    super(message);
    this.name = name;
  }
}

// The build knows this exact form, whatever Worker is, and ships the worker as a file of its own, as strict content
// policies demand.
const startBy = (Worker: typeof TrustedWorker): Worker =>
  new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module', name: 'keepsake-storage' });

const startDefault = (): Worker => startBy(TrustedWorker);

/** A worker of which nothing was asked for so long is ended; the next request starts another. Its files close before. */
const IDLE_MS = 30_000;

/** How long a worker is waited for that is to be ended. */
const RELEASE_MS = 1_000;

/** What a second worker can do as well, where the first has ended: nothing of these is transferred, or done by halves. */
const repeatable: ReadonlySet<OperationName> = new Set([
  'probe',
  'read',
  'records',
  'release',
  'remove',
  'list',
] satisfies OperationName[]);

/** Without a worker there is nothing of these to do. */
const needless: ReadonlySet<OperationName> = new Set([
  'settle',
  'release',
  'releaseAll',
] satisfies OperationName[]);

const ended = 'WorkerEndedError';

export class StorageWorkerClient implements StorageClient {
  readonly isInThread = false;
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  // A page that may come back from the back-forward cache must not hold files meanwhile.
  readonly #onPageHide = (): void => void this.releaseAll();
  #worker: Worker | undefined;
  #watch: ReturnType<typeof monitorWorker> | undefined;
  #lock = '';
  #answeredAt: number | undefined;
  #starting: ReturnType<typeof observeStart> | undefined;
  #lastId = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(start: () => Worker = startDefault) {
    this.#start = start;
  }

  /** Whether a request would have to wait for a worker to start. */
  get isAsleep(): boolean {
    return this.#worker === undefined;
  }

  async call<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    transfer: Transferable[] = [],
  ): Promise<Operations[Name]['reply']> {
    if (!this.#worker && needless.has(name)) return undefined as Operations[Name]['reply']; // each of them has none
    try {
      return await this.#send(name, request, transfer);
    } catch (error) {
      const isLost = error instanceof StorageWorkerError && error.name === ended;
      if (!isLost || !repeatable.has(name)) throw error;
      return this.#send(name, request, transfer);
    }
  }

  #send<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    transfer: Transferable[],
  ): Promise<Operations[Name]['reply']> {
    return new Promise((resolve, reject) => {
      this.#worker ??= this.#open();
      this.#lastId += 1;
      const id = this.#lastId;
      // The reply's type is what Operations promises for this name.
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ ...request, id, name, lock: this.#lock }, transfer);
      this.#watch?.notice();
    });
  }

  /** Lets go of every file and ends the worker; what still waits is rejected. */
  async close(): Promise<void> {
    // Chromium lets a terminated worker run on for 2 s: files are closed first.
    await this.releaseAll();
    this.#fail({ name: 'AbortError', message: 'The storage worker was closed' });
  }

  /**
   * Lets go of the files of a memory, or of all. Resolves when that is done; after a while at any rate, for a worker that
   * does not answer any more.
   */
  async releaseAll(folder?: string): Promise<void> {
    if (!this.#worker) return;
    const released = this.call('releaseAll', folder === undefined ? {} : { folder });
    await Promise.race([released, wait(RELEASE_MS)]).catch(() => undefined); // a dead worker holds nothing
  }

  #begin(): Worker {
    this.#starting = observeStart(this.#start === startDefault);
    try {
      return this.#start();
    } catch (error) {
      this.#starting.failed(String(error));
      throw error;
    }
  }

  #open(): Worker {
    const worker = this.#begin();
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#settle(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#answeredAt === undefined) this.#starting?.failed(event.message ?? '');
      this.#fail({ name: 'WorkerError', message: event.message || 'The storage worker could not start' });
    };
    worker.onmessageerror = () => this.#fail({ name: 'WorkerError', message: 'A reply could not be read' });
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    this.#lock = `keepsake-worker:${crypto.randomUUID()}`;
    this.#answeredAt = undefined;
    this.#watch = monitorWorker({
      lock: this.#lock,
      answeredAt: () => this.#answeredAt,
      isAwaited: () => this.#waiting.size > 0,
      onDeath: () => this.#fail({ name: ended, message: 'The storage worker has ended' }),
    });
    return worker;
  }

  #settle(reply: Reply): void {
    this.#starting?.done();
    this.#answeredAt = performance.now();
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.isDone) waiting?.resolve(reply.value);
    else waiting?.reject(new StorageWorkerError(reply.error));
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#endIfIdle(), IDLE_MS);
  }

  async #endIfIdle(): Promise<void> {
    if (this.#waiting.size > 0) return;
    await this.releaseAll();
    clearTimeout(this.#idleTimer); // of that reply
    if (this.#waiting.size === 0) this.#fail({ name: ended, message: 'The storage worker was idle' });
  }

  #fail(error: ErrorData): void {
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#watch?.stop();
    clearTimeout(this.#idleTimer);
    this.#worker?.terminate();
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new StorageWorkerError(error));
  }
}
