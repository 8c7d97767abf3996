/** Work behind calls that have been answered: what flush() waits for. */

export class PendingWork {
  readonly #work = new Set<Promise<unknown>>();

  add(work: Promise<unknown>): void {
    const tracked = work.catch(() => undefined).finally(() => this.#work.delete(tracked)); // its own caller hears of failures
    this.#work.add(tracked);
  }

  /** Resolves when nothing is left, what was added meanwhile included; calls `then` before it does. */
  async settled(then?: () => void): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
    then?.();
  }
}
