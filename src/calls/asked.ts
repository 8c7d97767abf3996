/** What a caller says beside its arguments, and what it gets. */
import type { TypedArray } from '../arrays/arrays.ts';
import type { MaybeMode } from '../options/options.ts';
import type { CachedCall } from './cached-call.ts';
import type { Origin } from './chain.ts';

export interface CallOverrides<M extends MaybeMode = MaybeMode> {
  /** This caller leaves when it fires; the function is aborted when its last caller has left. */
  readonly signal?: AbortSignal;
  /** Compute even if a result is stored, and store over it. */
  readonly forceFresh?: boolean;
  /** How typed arrays of the result are given, in place of the function's way; null: as they are. */
  readonly mmapMode?: M;
  /** Filled with the result, which must be one typed array of this type and no longer; stays attached. */
  readonly into?: TypedArray;
}

/** What a call is told beside its arguments. */
export interface CallWays extends CallOverrides {
  /** This caller opens the stored entry itself: on a hit there is no need to read it. */
  readonly isUnread?: boolean;
  /** Where the call comes from, if it was not made in this turn. */
  readonly origin?: Origin;
}

/** A call on its way, and all that its caller said. */
export interface Asked {
  readonly call: CachedCall;
  readonly signals: readonly AbortSignal[];
  readonly ways: CallWays;
  readonly origin: Origin;
  /** performance.now() when the call was made. */
  readonly start: number;
}

/** A value, and when the work behind it is over. */
export interface Outcome {
  readonly value: unknown;
  /** Resolves once the value is stored, or has failed to be. */
  readonly ended: Promise<void>;
  /** There is an entry and no value, as was asked for. */
  readonly isUnread?: boolean;
}
