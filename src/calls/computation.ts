/** A computation: what is known before the function runs, and what it brings. */
import type { Epochs } from '../catalog/catalog.ts';
import type { Checksum } from '../digest/digest.ts';
import type { MissReason, SkipReason } from '../events/events.ts';
import type { ValueSummary } from '../values/values.ts';
import type { CachedCall } from './cached-call.ts';
import type { CallLog } from './call-log.ts';
import type { Taken } from './take.ts';

/** Why a value is not kept. */
export interface Refusal {
  readonly reason: SkipReason;
  readonly error?: unknown;
  /** The argument, or member of one, that is the reason. */
  readonly path?: string | undefined;
}

/** A function ready to run, and what is needed to keep what it returns. */
export interface Computation {
  readonly call: CachedCall;
  readonly log: CallLog;
  readonly fn: (...args: unknown[]) => unknown;
  readonly reason: MissReason;
  /** As they were when the call was looked up: a clear() since then is not undone. Undefined where they cannot be read. */
  readonly epochs: Promise<Epochs | undefined>;
  readonly identity: string;
  /** Whether other page loads can be told that it is this code. */
  readonly isPersistent: boolean;
  /** Why the value is not to be kept at all, if so. */
  refusal(): Refusal | undefined;
  /** In development: whether the code on disk is still the code that ran. */
  readonly isCurrent: (() => Promise<boolean>) | undefined;
  /** The key of the same call, hashed again; of other arguments in their place, where they are given. */
  rekey(args?: readonly unknown[]): string | Promise<string>;
  /** Digests of captures and arguments by path. */
  digests(): Promise<Record<string, string>>;
  /** What the arguments hold, by path. */
  values(): ReadonlyMap<string, unknown>;
}

/** What is asked before the function is entered. */
export interface Prelude {
  readonly preview: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly epochs: Epochs | undefined;
  readonly maxBytes: number;
  readonly checksum: Checksum;
  /** Whether the arguments are as they were, but for memory that the function transferred away. */
  isOnlyTransferred(): Promise<boolean>;
  readonly skip: Refusal | undefined;
}

export interface Computed extends Prelude {
  readonly value: unknown;
  /** What it was when it was returned. */
  readonly result: ValueSummary;
  readonly computeMs: number;
  readonly createdAt: number;
  /** The value's bytes, or why they are not to be kept. */
  readonly taken: Taken | Refusal;
}
