/** What may have results beside the store: packs, and a shared tier. */
import type { Offer } from './offer.ts';

/** A call that the store has nothing for. */
export interface SoughtCall {
  readonly key: string;
  readonly functionKey: string;
  /** The function's. */
  readonly id: string;
  /** Its code identity means the same code on every machine. */
  readonly isWhole: boolean;
}

/** What came from elsewhere since the page was loaded. */
export interface ElsewhereTotals {
  readonly packHits: number;
  readonly remoteHits: number;
  /** Over the wire, or from the browser's cache. */
  readonly fetchedBytes: number;
  readonly sentBytes: number;
}

export interface Elsewhere {
  /** Never rejects, and never takes longer than a caller waits. */
  find(call: SoughtCall): Promise<Offer | undefined>;
  /** A result was computed and stored: it may be sent. Nobody waits for it. */
  stored(call: SoughtCall): void;
  noteHit(source: 'pack' | 'remote'): void;
  totals(): ElsewhereTotals;
}
