/** Storage that fails when a seed says so: a catalog and a blob store that stand between a Memory and its twins. */
import type { BlobStore } from '../../blobs/blobs.ts';
import type { Catalog } from '../../catalog/catalog.ts';

/** mulberry32 (Tommy Ettinger, public domain): the same faults for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What engines raise, by ENGINE and accident: full, gone, closed, broken, and a raw object as Firefox throws it. */
export const raised: readonly (() => unknown)[] = [
  () => new DOMException('Full', 'QuotaExceededError'),
  () => ({ name: 'NS_ERROR_FILE_NO_DEVICE_SPACE', message: '' }),
  () => new DOMException('Closed', 'InvalidStateError'),
  () => new DOMException('Aborted', 'AbortError'),
  () => new DOMException('Unknown', 'UnknownError'),
  () => new DOMException('Gone', 'NotFoundError'),
  () => new DOMException('Changed', 'NotReadableError'),
  () => new DOMException('Not what was written', 'DataError'),
  () => Object.assign(new Error('The storage worker is gone'), { name: 'WorkerError' }),
];

/** When operations fail, and how. */
export class FaultSchedule {
  readonly #random: () => number;
  readonly #share: number;
  /** Operations that failed. */
  faults = 0;
  /** After the worker is lost everything fails for a while. */
  #lostFor = 0;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    // From schedules with a single fault to those where hardly anything works.
    this.#share = [0.03, 0.1, 0.3, 0.7][seed % 4] ?? 0.1;
  }

  /** What to raise instead of, or after, the next operation; undefined where it works. */
  next(): { readonly error: unknown; readonly isDone: boolean } | undefined {
    if (this.#lostFor > 0) this.#lostFor -= 1;
    else if (this.#random() >= this.#share) return undefined;
    else if (this.#random() < 0.1) this.#lostFor = Math.floor(this.#random() * 8);
    this.faults += 1;
    const error = raised[Math.floor(this.#random() * raised.length)]?.();
    // The work may be done and only its reply lost.
    return { error, isDone: this.#random() < 0.3 };
  }

  /** Whether to flip a bit of something stored. */
  damages(): boolean {
    return this.#random() < this.#share / 4;
  }

  pick(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

type Method = (...args: unknown[]) => unknown;

async function faulty(schedule: FaultSchedule, work: () => unknown): Promise<unknown> {
  const fault = schedule.next();
  if (!fault) return work();
  if (fault.isDone) await work();
  throw fault.error;
}

/** The same object, whose asynchronous methods fail by the schedule; `special` has what is not that simple. */
function withFaults<T extends object>(
  target: T,
  schedule: FaultSchedule,
  special: Readonly<Record<string, (method: Method) => Method>>,
): T {
  return new Proxy(target, {
    get(object, name) {
      const found: unknown = Reflect.get(object, name);
      if (typeof found !== 'function' || typeof name !== 'string') return found;
      const method = found.bind(object) as Method; // a method of the target
      return special[name]?.(method) ?? ((...args: unknown[]) => faulty(schedule, () => method(...args)));
    },
  });
}

const asItIs = (method: Method): Method => method;

export const faultyCatalog = (catalog: Catalog, schedule: FaultSchedule): Catalog =>
  new Proxy(withFaults(catalog, schedule, { keyedBytes: asItIs, hurry: asItIs, close: asItIs }), {
    // What it forgets with the realm it claims to keep, so that the memory treats it as a database.
    get: (target, name) => (name === 'isPersistent' ? true : Reflect.get(target, name)),
  });

/** A write fails before it begins, on the way, or once it is done and nobody hears of it. */
const faultyWrite =
  (schedule: FaultSchedule) =>
  (write: Method): Method =>
  (...args) => {
    const fault = schedule.next();
    if (!fault) return write(...args);
    const failed = Promise.reject(fault.error);
    failed.catch(() => undefined);
    if (!fault.isDone) return { taken: failed, done: failed };
    const { taken, done } = write(...args) as ReturnType<BlobStore['write']>; // of a blob store
    const lost = done.then(() => failed);
    lost.catch(() => undefined);
    return { taken, done: lost };
  };

export const faultyBlobs = <T extends BlobStore>(blobs: T, schedule: FaultSchedule): T =>
  withFaults(blobs, schedule, {
    write: faultyWrite(schedule),
    settle: asItIs,
    opened: asItIs,
    close: asItIs,
  });
