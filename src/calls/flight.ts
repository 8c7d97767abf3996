/** One lookup or computation that any number of identical calls of this realm wait for. */

import { deferred } from '../deferred/deferred.ts';
import { isPromise } from '../values/values.ts';

/** What a flight brings. */
export interface FlightResult {
  readonly value: unknown;
  /** Makes another copy, or a promise of one; undefined where the value cannot be copied. */
  readonly copy?: (() => unknown) | undefined;
  /** The entry is stored, and nobody has read it. */
  readonly isUnread?: boolean;
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

export class Flight {
  readonly #waiters = new Set<Waiter>();
  /** Who started it: the function runs with that caller's arguments. */
  #starter: Waiter | undefined;
  readonly #controller = new AbortController();
  readonly #end = deferred<void>();
  /** Aborted when nobody waits any more, to let go of the callers' signals. */
  readonly #listening = new AbortController();
  /** The value has been handed out; it may still be on its way into the store. */
  isSettled = false;

  /** Whether another caller can join. */
  get isOpen(): boolean {
    return !this.isSettled && !this.signal.aborted;
  }

  /** Fires when the last waiter has left. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The flight is over: what was to be stored is stored. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Waits for the result; leaves, with the signal's reason, when one of the signals fires. */
  join(signals: readonly AbortSignal[]): Promise<Delivery> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject };
      this.#starter ??= waiter;
      this.#waiters.add(waiter);
      for (const signal of signals) {
        const leave = (): void => this.#leave(waiter, signal.reason);
        if (signal.aborted) leave();
        else signal.addEventListener('abort', leave, { once: true, signal: this.#listening.signal });
      }
    });
  }

  /** Gives who started it the value and each other one a copy, all made before any of them runs on. */
  settle({ value, copy, isUnread }: FlightResult): void {
    const waiters = this.#takeWaiters();
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

  #takeWaiters(): Waiter[] {
    this.isSettled = true;
    this.#listening.abort();
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    return waiters;
  }

  #leave(waiter: Waiter, reason: unknown): void {
    if (!this.#waiters.delete(waiter)) return;
    waiter.reject(reason);
    if (this.#waiters.size === 0) this.#controller.abort(reason);
  }
}
