/** Uses and misses, batched: written every 5 s, when the page is hidden, and on close; never on the hit path. */
import type { FunctionMisses, Touch } from '../catalog/catalog.ts';
import type { EntryName } from '../locks/locks.ts';

const FLUSH_MS = 5_000;

interface Sink {
  touch(touches: readonly Touch[], misses: readonly FunctionMisses[], isLast: boolean): Promise<void>;
}

export class Touches {
  readonly #sink: () => Sink;
  readonly #onWritten: (used: readonly EntryName[]) => void;
  readonly #hits = new Map<string, Touch>();
  readonly #misses = new Map<string, FunctionMisses>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastUsedAt = 0;

  /** @param onWritten Told which entries have other counts now. */
  constructor(sink: () => Sink, onWritten: (used: readonly EntryName[]) => void = () => undefined) {
    this.#sink = sink;
    this.#onWritten = onWritten;
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', this.#flushWhenHidden);
  }

  addHit(key: string, functionKey: string, savedMs: number): void {
    const before = this.#hits.get(key);
    // Uses within one millisecond keep their order, the one used last is evicted last; a clock that is set back is believed.
    const now = Date.now();
    this.#lastUsedAt = now < this.#lastUsedAt - 1 ? now : Math.max(now, this.#lastUsedAt + 0.001);
    this.#hits.set(key, {
      key,
      functionKey,
      hits: (before?.hits ?? 0) + 1,
      savedMs: (before?.savedMs ?? 0) + savedMs,
      lastUsedAt: this.#lastUsedAt,
    });
    this.#schedule();
  }

  addMiss(functionKey: string, functionId: string, reason: string): void {
    const { reasons = {} } = this.#misses.get(functionKey) ?? {};
    const count = (reasons[reason] ?? 0) + 1;
    this.#misses.set(functionKey, { functionKey, functionId, reasons: { ...reasons, [reason]: count } });
    this.#schedule();
  }

  /** Writes what is pending. A failure costs only recency and counts. */
  async flush(isLast = false): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [hits, misses] = [[...this.#hits.values()], [...this.#misses.values()]];
    this.#hits.clear();
    this.#misses.clear();
    if (hits.length + misses.length === 0) return;
    try {
      await this.#sink().touch(hits, misses, isLast);
    } catch {
      // They are lost, as they are where no database could be opened.
    }
    this.#onWritten(hits.map(({ key }) => ({ key })));
  }

  /** Forgets what is pending. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#hits.clear();
    this.#misses.clear();
  }

  async close(): Promise<void> {
    if (typeof document !== 'undefined')
      document.removeEventListener('visibilitychange', this.#flushWhenHidden);
    await this.flush();
  }

  readonly #flushWhenHidden = (): void => {
    if (document.visibilityState === 'hidden') void this.flush(true); // its failures are of no account
  };

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }
}
