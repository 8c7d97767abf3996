/** What joblib prints at its levels of verbosity, on the console. */
import { previewOf } from '../values/values.ts';

const WIDTH = 80;

/** joblib's format: seconds and minutes, one decimal each. */
export const formatTime = (ms: number): string =>
  `${(ms / 1_000).toFixed(1)}s, ${(ms / 60_000).toFixed(1)}min`;

const print = (text: string): void => console.log(text);

/** Prints what one function's calls do, from its level of verbosity up. */
export class CallLog {
  readonly #level: number;
  readonly #name: string;
  readonly #startedAt: number;

  /** @param startedAt Of the memory: performance.now() when it was made. */
  constructor(level: number, name: string, startedAt: number) {
    this.#level = level;
    this.#name = name;
    this.#startedAt = startedAt;
  }

  /** ≥ 1: the call, before it is computed. */
  calling(args: readonly unknown[]): void {
    if (this.#level < 1) return;
    print(`${'_'.repeat(WIDTH)}\n[Memory] Calling ${this.#name}...\n${this.#name}${previewOf(args)}`);
  }

  /** ≥ 1: how long it took, to the right. */
  computed(ms: number): void {
    if (this.#level >= 1) print(rightAligned(`${this.#name} - ${formatTime(ms)}`));
  }

  /** > 1: a load. */
  loading(args: readonly unknown[], key: string): void {
    if (this.#level <= 1) return;
    const since = formatTime(performance.now() - this.#startedAt);
    const what = this.#level >= 10 ? ` from ${key}` : '...';
    print(`[Memory]${since}: Loading ${this.#name}${previewOf(args)}${what}`);
  }

  /** > 4: how long the load took. */
  loaded(ms: number): void {
    if (this.#level > 4) print(rightAligned(`${this.#name} cache loaded - ${formatTime(ms)}`));
  }

  /** ≥ 1: all results of the function are about to go. */
  clearing(): void {
    if (this.#level >= 1) print(`[Memory] Clearing ${this.#name}`);
  }

  /** > 10: the steps in between. */
  step(text: string): void {
    if (this.#level > 10) print(`[Memory] ${this.#name}: ${text}`);
  }
}

const rightAligned = (text: string): string => '_'.repeat(Math.max(0, WIDTH - text.length)) + text;
