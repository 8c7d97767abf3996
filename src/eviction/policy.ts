/** What a policy is asked, and what it answers. */

/** What a policy may know of an entry. */
export interface Candidate {
  readonly key: string;
  readonly functionId: string;
  readonly sizeBytes: number;
  readonly lastUsedAt: number;
  readonly createdAt: number;
  readonly computeMs: number;
}

/** What has to go. An entry is a victim while any of the three still asks for one. */
export interface Budget {
  /** At least so many bytes. */
  readonly excessBytes: number;
  /** At least so many entries. */
  readonly excessEntries: number;
  /** Every entry that was last used up to this time, in milliseconds since 1970. */
  readonly usedUntil: number;
}

export interface EvictionPlan {
  readonly victims: readonly Candidate[];
  /** What is still to go when the victims are gone. */
  readonly left: Budget;
  /** Whether the policy asks for another page of candidates. */
  readonly isDone: boolean;
}

/** Chooses among a page of candidates, which come in the order of their last use, oldest first. */
export type EvictionPolicy = (candidates: readonly Candidate[], budget: Budget) => EvictionPlan;
