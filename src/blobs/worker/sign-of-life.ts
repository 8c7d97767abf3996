/** A Web Lock that the worker holds while it works: a realm that waits for an answer sees by it that the worker lives. */

import { deferred } from '../../deferred/deferred.ts';

/** A lock held for good would end the back-forward cache in Firefox. */
const IDLE_MS = 5_000;

export class SignOfLife {
  #name = '';
  #busy = 0;
  #release: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A request came; `name` is the lock that its realm looks for. */
  begin(name: string): void {
    this.#busy += 1;
    this.#name = name;
    clearTimeout(this.#timer);
    if (!this.#release) this.#take();
  }

  end(): void {
    this.#busy -= 1;
    if (this.#busy === 0) this.#timer = setTimeout(() => this.rest(), IDLE_MS);
  }

  /** Lets go of the lock, unless a request is under way. */
  rest(): void {
    if (this.#busy > 0) return;
    this.#release?.();
    this.#release = undefined;
  }

  #take(): void {
    const { promise, resolve } = deferred<void>();
    this.#release = resolve;
    // Without Web Locks there is no private file system either, and so no worker that anybody waits for.
    void navigator.locks?.request(this.#name, () => promise).catch(() => undefined);
  }
}
