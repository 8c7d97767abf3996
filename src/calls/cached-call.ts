/** One call on its way: what was asked, under which key, of which function. */

import type { FunctionOptions } from '../options/options.ts';
import type { Store } from '../store/store.ts';
import type { CallHistory } from './call-history.ts';
import type { Refusal } from './call-keys.ts';
import type { MemoryContext } from './context.ts';

export interface CachedCall {
  readonly context: MemoryContext;
  /** The store of the context; only calls of a memory that has one get this far. */
  readonly store: Store;
  readonly options: FunctionOptions;
  readonly id: string;
  readonly functionKey: string;
  readonly key: string;
  /** Why nothing may be served or kept: a part of the key cannot be told. */
  readonly untold: Refusal | undefined;
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** Its code identity means the same code on every machine: results may come from elsewhere, and go there. */
  readonly isWhole: boolean;
  /** What became of the function's calls so far. */
  readonly history: CallHistory;
  /** Epoch of the memory tier when the call started. */
  readonly tierEpoch: number;
}
