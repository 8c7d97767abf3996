/** What is known of an entry where it was found, and how its bytes are to be had. */
import type { EntryDetails, PortableEntry } from '../pack-format/pack-format.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface Offered {
  readonly source: 'pack' | 'remote';
  readonly entry: PortableEntry;
  readonly details: EntryDetails;
  /** As it is stored, verified. */
  readonly skeleton: Bytes;
  digestsOf(part: number): Uint8Array;
  /** A range of a part, as it is stored, unverified. */
  fetch(part: number, start: number, end: number, signal?: AbortSignal): Promise<Bytes>;
  /** All bytes of every buffer, unverified. */
  fetchBuffers(signal: AbortSignal): Promise<readonly Bytes[]>;
  /** Bytes are not what they should be, or do not come. */
  onFailed(error: unknown): void;
}
