/** What a Memory shares with the functions that it caches. */
import type { KeyHasher } from '../keys/keys.ts';
import type { Elsewhere } from '../portable/portable.ts';
import type { Removed, StoreContext } from '../store/store.ts';
import type { Flight } from './flight.ts';
import type { CallWitness } from './witness.ts';

/** The Memory as its functions show it. */
export interface MemoryHandle {
  readonly name: string;
  clear(): Promise<Removed>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface MemoryContext extends StoreContext {
  readonly memory: MemoryHandle;
  /** Flights that identical calls join, by key. */
  readonly flights: Map<string, Flight>;
  /** Every flight that is not over. */
  readonly underWay: Set<Flight>;
  /** performance.now() when the memory was made. */
  readonly startedAt: number;
  /** Keys that this realm evicted lately, for explain(). */
  readonly evicted: ReadonlySet<string>;
  /** Packs and a shared tier; undefined where there is neither. */
  readonly elsewhere: Elsewhere | undefined;
  hasher(): KeyHasher | Promise<KeyHasher>;
  /** Told of calls that may be verified; undefined where none ever are. */
  readonly witness: CallWitness | undefined;
}
