/** Who is told of calls, so that their results can be verified. */

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

/** A call that was answered from what is kept, or is about to be computed. */
export interface WitnessedCall {
  readonly functionId: string;
  readonly key: string;
  readonly args: readonly unknown[];
  /** Computes it again, and compares. Never rejects. */
  verify(): Promise<Verdict>;
}

export interface CallWitness {
  note(call: WitnessedCall, isHit: boolean): void;
}
