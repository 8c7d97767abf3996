/** What a Memory is to those who work on its store. */
import type { CacheEvent } from '../events/events.ts';
import type { ResolvedMemoryOptions } from '../options/options.ts';
import type { Store } from './entry-store.ts';
import type { MemoryTier } from './memory-tier.ts';
import type { Stored } from './persist.ts';

export interface Removed {
  readonly removed: number;
  readonly freedBytes: number;
}

export interface StoreContext {
  readonly options: ResolvedMemoryOptions;
  /** undefined: nothing is kept, every call computes. */
  readonly store: Store | undefined;
  readonly tier: MemoryTier;
  readonly isClosed: boolean;
  emit(event: CacheEvent): void;
  /** Called after each commit: the place to keep the limits. */
  onStored(store: Store, stored: Stored): void;
  /** Called when the browser grants no more room. */
  makeRoom(store: Store, neededBytes: number): Promise<boolean>;
  /** What the memory may take; a larger value is not stored. */
  maxBytes(): Promise<number>;
  deleteKeys(keys: readonly string[]): Promise<Removed>;
  clearFunction(functionId: string, functionKey: string | undefined): Promise<Removed>;
  /** Work that flush() waits for. */
  track(work: Promise<unknown>): void;
}
