/** Encoded values kept in this realm: small ones of the store, and those that have no place there. */

import type { ChannelMessage } from '../locks/locks.ts';

export interface KeptValue {
  readonly functionId: string;
  readonly functionKey: string;
  readonly skeleton: Uint8Array;
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
  readonly createdAt: number;
  readonly computeMs: number;
  readonly sizeBytes: number;
  /** Of what the store has not. */
  readonly argumentsPreview?: string;
  /** Whether the store has it too. */
  readonly isStored: boolean;
}

/** Deletions known by their key; earlier ones count as a clear. */
const REMEMBERED = 1_000;
/** One value may take this share of the tier. */
const LARGEST_SHARE = 1 / 8;

/** A bounded map in order of last use. */
export class MemoryTier {
  readonly #limitBytes: number;
  readonly #kept = new Map<string, KeptValue>();
  /** When keys were last forgotten, by epoch; of the oldest ones only `#since` is known. */
  readonly #forgotten = new Map<string, number>();
  #since = 0;
  #bytes = 0;
  #epoch = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Grows with every deletion: what was read before it is not kept after it. */
  get epoch(): number {
    return this.#epoch;
  }

  accepts(sizeBytes: number): boolean {
    return sizeBytes <= this.#limitBytes * LARGEST_SHARE;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  get(key: string): KeptValue | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** Keeps a value whose bytes nobody else changes, unless it was deleted since `epoch`. */
  put(key: string, value: KeptValue, epoch: number): void {
    if (epoch < Math.max(this.#since, this.#forgotten.get(key) ?? 0)) return;
    if (!this.accepts(value.sizeBytes)) return;
    this.#drop(key);
    this.#kept.set(key, value);
    this.#bytes += value.sizeBytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limitBytes) break;
      this.#drop(oldest);
    }
  }

  delete(key: string): void {
    this.#drop(key);
    this.#epoch += 1;
    this.#forgotten.delete(key);
    this.#forgotten.set(key, this.#epoch);
    const [[oldest, epoch] = []] = this.#forgotten;
    if (oldest === undefined || epoch === undefined || this.#forgotten.size <= REMEMBERED) return;
    this.#forgotten.delete(oldest);
    this.#since = epoch;
  }

  clear(): void {
    this.#startAnew();
    this.#kept.clear();
    this.#bytes = 0;
  }

  clearFunction(functionId: string): void {
    this.#startAnew();
    for (const [key, kept] of this.#kept) if (kept.functionId === functionId) this.#drop(key);
  }

  #startAnew(): void {
    this.#epoch += 1;
    this.#since = this.#epoch;
    this.#forgotten.clear();
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.sizeBytes;
  }
}

/** Forgets what another realm says is gone or out of date. */
export function forgetIn(tier: MemoryTier, message: ChannelMessage): void {
  if (message.kind === 'clear' || message.kind === 'clear-origin') tier.clear();
  else if (message.kind === 'clear-function') tier.clearFunction(message.functionId);
  else if (message.kind === 'delete' || message.kind === 'evict' || message.kind === 'revise')
    for (const key of message.keys) tier.delete(key);
}
