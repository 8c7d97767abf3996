/** What the page finds, and the runner reads. */

/** What came of one use of a sample. */
export type Verdict = 'hit' | 'refused' | 'told' | 'SILENT' | 'WRONG';

export interface Outcome {
  readonly verdict: Verdict;
  /** The first call was answered from what another page had stored. */
  readonly isFirstHit: boolean;
  /** What was said, or what was wrong. */
  readonly note: string;
}

export interface Row {
  readonly package: string;
  readonly what: string;
  readonly line: string;
  readonly entry: string;
  readonly withCodecs: boolean;
  readonly argument: Outcome;
  readonly result: Outcome;
}
