/** One lookup or computation that any number of identical calls of this realm wait for. */
import { deferred } from '../deferred/deferred.ts';
import { isPromise } from '../values/values.ts';
import { leave, newName, type Waitable } from './chain.ts';

/** What a flight brings. */
export interface FlightResult {
  readonly value: unknown;
  /** Makes another copy, or a promise of one; undefined where the value cannot be copied. */
  readonly copy?: (() => unknown) | undefined;
  /** The entry is stored, and nobody has read it. */
  readonly isUnread?: boolean;
  /** A stream that still comes: the starter's signals go on to abort it. */
  readonly isStream?: boolean;
}

/** What a waiter gets: its own value, or the news that it must see for itself. */
export type Delivery =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'stored' }
  | { readonly kind: 'not-shareable' };

interface Waiter {
  resolve(delivery: Delivery | Promise<Delivery>): void;
  reject(error: unknown): void;
}

const notShareable = { kind: 'not-shareable' } as const;
const delivery = (value: unknown): Delivery => ({ kind: 'value', value });

/** A codec may fail to make the copy: then its caller computes. */
function copied(copy: () => unknown): Delivery | Promise<Delivery> {
  try {
    const value = copy();
    return isPromise(value) ? Promise.resolve(value).then(delivery, () => notShareable) : delivery(value);
  } catch {
    return notShareable;
  }
}

export class Flight implements Waitable {
  readonly name = newName();
  readonly waitsFor: Waitable[] = [];
  /** The lock under which it computes, whether or not it is held. */
  readonly lock: string;
  /** Data of the arguments that is not in the key, as text: calls that differ in it may be calls of one another. */
  readonly variant: string;
  readonly #waiters = new Set<Waiter>();
  /** Who started it: the function runs with that caller's arguments. */
  #starter: Waiter | undefined;
  readonly #controller = new AbortController();
  readonly #end = deferred<void>();
  readonly #waits = deferred<void>();
  readonly #released = deferred<undefined>();
  /** Aborted when nobody waits any more, to let go of the callers' signals. */
  readonly #listening = new AbortController();
  /** The function has returned: what it returned is kept, whoever still waits. */
  #isComputed = false;
  /** The value has been handed out; it may still be on its way into the store. */
  isSettled = false;

  constructor(lock = '', variant = '') {
    this.lock = lock;
    this.variant = variant;
  }

  /** Whether another caller can join. */
  get isOpen(): boolean {
    return !this.isSettled && !this.signal.aborted;
  }

  /** Fires when the last waiter has left before the function returned. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The flight is over: what was to be stored is stored, or nobody waits for it. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Resolves when it waits for what may never come, its function or somebody's lock, or when it is over. */
  get waits(): Promise<void> {
    return Promise.race([this.#waits.promise, this.#end.promise]);
  }

  /** It waits from now on for what may never come. */
  noteWaiting(): void {
    this.#waits.resolve();
  }

  /** Resolves with the work, or when the flight is released, whatever comes of the work. */
  until<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.#released.promise]);
  }

  /** Its locks go, and it ends: nobody waits for it any more, or nothing of it can be kept. */
  release(): void {
    this.#released.resolve(undefined);
  }

  /** Resolves when it is released. */
  get released(): Promise<undefined> {
    return this.#released.promise;
  }

  /** Waits for the result; leaves, with the signal's reason, when one of the signals fires. */
  join(signals: readonly AbortSignal[]): Promise<Delivery> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject };
      this.#starter ??= waiter;
      this.#waiters.add(waiter);
      for (const signal of signals) {
        const leaveIt = (): void => this.#leave(waiter, signal.reason);
        if (signal.aborted) leaveIt();
        else signal.addEventListener('abort', leaveIt, { once: true, signal: this.#listening.signal });
      }
    });
  }

  /** The function has returned. From now on the flight goes on to its end without a waiter, too. */
  computed(): void {
    this.#isComputed = true;
  }

  /** Gives who started it the value and each other one a copy, all made before any of them runs on. */
  settle({ value, copy, isUnread, isStream = false }: FlightResult): void {
    const waiters = this.#takeWaiters(isStream);
    if (isUnread) {
      for (const waiter of waiters) waiter.resolve({ kind: 'stored' });
      return;
    }
    const deliveries = waiters.map((waiter) => {
      if (waiter === this.#starter) return delivery(value);
      return copy ? copied(copy) : notShareable;
    });
    for (const [at, waiter] of waiters.entries()) waiter.resolve(deliveries[at] ?? notShareable);
  }

  /** `isShared`: whether it is what an identical call would meet, too; otherwise the others see for themselves. */
  fail(error: unknown, isShared = true): void {
    for (const waiter of this.#takeWaiters()) {
      if (isShared || waiter === this.#starter) waiter.reject(error);
      else waiter.resolve(notShareable);
    }
  }

  end(): void {
    this.#end.resolve();
  }

  #takeWaiters(isStream = false): Waiter[] {
    this.isSettled = true;
    if (!isStream) this.#listening.abort();
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    return waiters;
  }

  #leave(waiter: Waiter, reason: unknown): void {
    if (this.isSettled && waiter === this.#starter) this.#controller.abort(reason);
    if (!this.#waiters.delete(waiter)) return;
    waiter.reject(reason);
    if (this.#waiters.size > 0 || this.#isComputed) return;
    this.#controller.abort(reason);
    leave(this);
    this.release();
  }
}
