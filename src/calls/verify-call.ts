/** Computes a call anew beside its stored result, and compares the two: for what no analysis of code can see. */
import type { Codec } from '../values/values.ts';
import type { CachedCall } from './cached-call.ts';
import { enter } from './enter.ts';
import { type Digest, firstDifference } from './first-difference.ts';
import { findStored } from './lookup.ts';
import { withSignal } from './signals.ts';

/** A call that was answered, or computed, in this realm. */
export interface VerifiableCall {
  readonly call: CachedCall;
  readonly fn: (...args: unknown[]) => unknown;
  /** The call's key as its arguments are now. */
  rekey(): string | Promise<string>;
  digest(value: unknown, codecs: readonly Codec[] | undefined): string | Promise<string>;
}

export interface Staleness {
  /** 'code-changed': computing twice agrees with itself. */
  readonly reason: 'code-changed' | 'not-deterministic';
  /** Where the stored result begins to differ: 'result.weights[3]'. */
  readonly path: string;
}

export type Verdict =
  | { readonly kind: 'same' }
  /** Nothing is stored, its arguments changed, it threw, or values of its kind cannot be compared. */
  | { readonly kind: 'unknown' }
  | ({ readonly kind: 'stale' } & Staleness);

const unknown: Verdict = { kind: 'unknown' };

/** Until a clock that shows seconds has gone on. */
const CLOCK_MS = 1_100;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the function; `see` is called in the turn in which it returned. */
async function recompute<T>({ call, fn }: VerifiableCall, see: (value: unknown) => T): Promise<Awaited<T>> {
  const { signal } = new AbortController();
  return await enter(() => fn.apply(call.self, withSignal(call.args, signal)), see);
}

async function stored({ call }: VerifiableCall): Promise<{ readonly value: unknown } | undefined> {
  const found = await findStored(call);
  return found.kind === 'hit' ? found : undefined;
}

async function judge(verifiable: VerifiableCall): Promise<Verdict> {
  const { call } = verifiable;
  const digest: Digest = (value) => verifiable.digest(value, call.options.codecs);
  const isUnchanged = async (): Promise<boolean> => (await verifiable.rekey()) === call.key;
  if (!(await isUnchanged())) return unknown;
  const before = await stored(verifiable);
  if (!before) return unknown;
  const expected = await digest(before.value);
  const compare = async (value: unknown) => {
    const found = await digest(value);
    return { found, path: found === expected ? '' : await firstDifference(before.value, value, digest) };
  };
  const { found, path } = await recompute(verifiable, compare);
  if (found === expected) return { kind: 'same' };
  await wait(CLOCK_MS);
  const again = await recompute(verifiable, digest);
  // Another call may have stored what is right, or taken the arguments for itself.
  const after = await stored(verifiable);
  if (!after || (await digest(after.value)) !== expected || !(await isUnchanged())) return unknown;
  return { kind: 'stale', path, reason: again === found ? 'code-changed' : 'not-deterministic' };
}

/** Never rejects: a function that throws now says nothing about what it returned then. */
export const verifyCall = (verifiable: VerifiableCall): Promise<Verdict> =>
  judge(verifiable).catch(() => unknown);
