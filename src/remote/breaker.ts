/** A server that fails is left alone for a while, longer each time. */

const FAILURES = 3;
const PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;

export class Breaker {
  #failures = 0;
  #pauseMs = PAUSE_MS;
  #openUntil = 0;

  get isOpen(): boolean {
    return performance.now() < this.#openUntil;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = PAUSE_MS;
  }

  /** @returns Whether it is left alone from now on. */
  failed(): boolean {
    this.#failures += 1;
    if (this.#failures < FAILURES) return false;
    // One more failure after the pause is enough.
    this.#failures = FAILURES - 1;
    this.#openUntil = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    return true;
  }
}
