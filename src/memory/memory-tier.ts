/** Encoded values kept in this realm: small ones of the store, and those that have no place there. */

export interface KeptValue {
  readonly functionId: string;
  readonly functionKey: string;
  readonly skeleton: Uint8Array;
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
  readonly createdAt: number;
  readonly computeMs: number;
  readonly sizeBytes: number;
  /** Whether the store has it too. */
  readonly isStored: boolean;
}

/** One value may take this share of the tier. */
const LARGEST_SHARE = 1 / 8;

/** A bounded map in order of last use. */
export class MemoryTier {
  readonly #limitBytes: number;
  readonly #kept = new Map<string, KeptValue>();
  #bytes = 0;
  /** Grows with every clear: what was read before one is not kept after it. */
  epoch = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  accepts(sizeBytes: number): boolean {
    return sizeBytes <= this.#limitBytes * LARGEST_SHARE;
  }

  get(key: string): KeptValue | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** Keeps a value whose bytes nobody else changes, unless a clear came since `epoch`. */
  put(key: string, value: KeptValue, epoch: number): void {
    if (epoch !== this.epoch || !this.accepts(value.sizeBytes)) return;
    this.delete(key);
    this.#kept.set(key, value);
    this.#bytes += value.sizeBytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limitBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.sizeBytes;
  }

  clear(): void {
    this.epoch += 1;
    this.#kept.clear();
    this.#bytes = 0;
  }

  clearFunction(functionId: string): void {
    this.epoch += 1;
    for (const [key, kept] of this.#kept) if (kept.functionId === functionId) this.delete(key);
  }
}
