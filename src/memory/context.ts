/** What a Memory shares with the functions that it caches. */
import type { CacheEvent } from '../events/events.ts';
import type { KeyHasher } from '../keys/keys.ts';
import type { Flight } from './flight.ts';
import type { MemoryTier } from './memory-tier.ts';
import type { ResolvedMemoryOptions } from './options.ts';
import type { Stored } from './persist.ts';
import type { Store } from './store.ts';

export interface Removed {
  readonly removed: number;
  readonly freedBytes: number;
}

/** The Memory as its functions show it. */
export interface MemoryHandle {
  readonly name: string;
  clear(): Promise<Removed>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface MemoryContext {
  readonly memory: MemoryHandle;
  readonly options: ResolvedMemoryOptions;
  /** undefined: nothing is kept, every call computes. */
  readonly store: Store | undefined;
  readonly tier: MemoryTier;
  readonly flights: Map<string, Flight>;
  /** performance.now() when the memory was made. */
  readonly startedAt: number;
  readonly isClosed: boolean;
  /** Keys that this realm evicted lately, for explain(). */
  readonly evicted: ReadonlySet<string>;
  hasher(): KeyHasher | Promise<KeyHasher>;
  emit(event: CacheEvent): void;
  /** Called after each commit: the place to keep the limits. */
  onStored(store: Store, stored: Stored): void;
  /** Called when the browser grants no more room. */
  makeRoom(store: Store, neededBytes: number): Promise<Removed>;
  /** What the memory may take; a larger value is not stored. */
  maxBytes(): Promise<number>;
  deleteKeys(keys: readonly string[]): Promise<Removed>;
  clearFunction(functionId: string, functionKey: string | undefined): Promise<Removed>;
  /** Work that flush() waits for. */
  track(work: Promise<unknown>): void;
}
