/** Uses of entries, batched: written every 5 s, when the page is hidden, and on close; never on the hit path. */
import type { Touch } from '../catalog/catalog.ts';

const FLUSH_MS = 5_000;

export class Touches {
  readonly #write: (touches: readonly Touch[]) => Promise<void>;
  readonly #pending = new Map<string, Touch>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastUsedAt = 0;

  constructor(write: (touches: readonly Touch[]) => Promise<void>) {
    this.#write = write;
  }

  add(key: string, functionKey: string, savedMs: number): void {
    const before = this.#pending.get(key);
    // Uses within one millisecond keep their order: the one used last is evicted last.
    this.#lastUsedAt = Math.max(Date.now(), this.#lastUsedAt + 0.001);
    this.#pending.set(key, {
      key,
      functionKey,
      hits: (before?.hits ?? 0) + 1,
      savedMs: (before?.savedMs ?? 0) + savedMs,
      lastUsedAt: this.#lastUsedAt,
    });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes what is pending. A failure costs only recency. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const touches = [...this.#pending.values()];
    this.#pending.clear();
    if (touches.length > 0) await this.#write(touches).catch(() => undefined);
  }

  close(): Promise<void> {
    return this.flush();
  }
}
