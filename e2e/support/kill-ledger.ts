/** What a page said before it was killed, and so what must be there afterwards. */
import type { Found, Written } from '../pages/kill-work.ts';

/** Generations of an array: the last one that was flushed, and the last that a flush was begun of. */
interface Generations {
  flushed: number;
  begun: number;
}

export class Ledger {
  readonly #stored = new Set<number>();
  readonly #leaving = new Set<number>();
  readonly #arrays = new Map<number, Generations>();
  #heard = 0;
  readonly #waiting = new Map<number, () => void>();
  /** Flushes of mapped results, and segments that were compacted. */
  readonly counts = { flushes: 0, compacted: 0 };

  /** Seeds whose values were stored, and whose deletion was not begun since. */
  get stored(): ReadonlySet<number> {
    return this.#stored;
  }

  /** Resolves when the page has said so many things more. */
  hears(count: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(this.#heard + count, resolve));
  }

  hear(what: string, value: number, generation: number): void {
    this.#heard += 1;
    this.#waiting.get(this.#heard)?.();
    this.#waiting.delete(this.#heard);
    if (what === 'stored' && !this.#leaving.has(value)) this.#stored.add(value);
    if (what === 'deleting') {
      this.#stored.delete(value);
      this.#leaving.add(value);
    }
    if (what === 'deleted') this.#leaving.delete(value);
    if (what === 'compacted') this.counts.compacted += value;
    if (what === 'flushing') this.#generationsOf(value).begun = generation;
    if (what !== 'flushed') return;
    this.#generationsOf(value).flushed = generation;
    this.counts.flushes += 1;
  }

  /** After a kill no deletion is under way any more. */
  settle(): void {
    this.#leaving.clear();
  }

  /** What of it is gone, given what was found. What was found counts from now on. */
  lostOf({ verified, written }: Pick<Found, 'verified' | 'written'>, stored: ReadonlySet<number>): string[] {
    const gone = verified.filter(({ seed, how }) => how === 'computed' && stored.has(seed));
    const older = written.filter(({ array, generation }) => generation < this.#generationsOf(array).flushed);
    for (const { array, generation } of written) {
      this.#arrays.set(array, { flushed: generation, begun: generation });
    }
    return [
      ...gone.map(({ seed, reason }) => `${seed} (${reason ?? 'unknown'})`),
      ...older.map(({ array, generation }) => `array ${array}, now of generation ${generation}`),
    ];
  }

  /** Whether the array is what some flush wrote, all of it. To be asked before lostOf(). */
  isRight({ array, generation, isRight }: Written): boolean {
    return isRight && generation <= this.#generationsOf(array).begun;
  }

  #generationsOf(array: number): Generations {
    const known = this.#arrays.get(array) ?? { flushed: 0, begun: 0 };
    this.#arrays.set(array, known);
    return known;
  }
}
