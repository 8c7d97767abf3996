/** A computation: what is known before the function runs, and what it brings. */
import type { Epochs } from '../catalog/catalog.ts';
import type { Checksum } from '../digest/digest.ts';
import type { MissReason, SkipReason } from '../events/events.ts';
import type { CachedCall } from './cached-call.ts';
import type { CallLog } from './call-log.ts';
import type { Taken } from './take.ts';

/** Why a value is not kept. */
export interface Refusal {
  readonly reason: SkipReason;
  readonly error?: unknown;
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
  /** The key of the same call, hashed again. */
  rekey(): string | Promise<string>;
  /** Digests of captures and arguments by path. */
  digests(): Promise<Record<string, string>>;
}

/** What is asked before the function is entered. */
export interface Prelude {
  readonly preview: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly epochs: Epochs | undefined;
  readonly maxBytes: number;
  readonly checksum: Checksum;
  readonly skip: Refusal | undefined;
}

export interface Computed extends Prelude {
  readonly value: unknown;
  readonly computeMs: number;
  readonly createdAt: number;
  /** The value's bytes, or why they are not to be kept. */
  readonly taken: Taken | Refusal;
}
