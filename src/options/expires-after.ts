/** joblib's expires_after. */
import type { EntryInfo } from './entry-info.ts';

export interface Duration {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

const msOf: Readonly<Record<keyof Duration, number>> = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
};

/** A validator that says which age it decides by. */
export interface AgeLimit {
  (info: EntryInfo): boolean;
  readonly maxAgeMs: number;
}

/**
 * A cacheValidationCallback: entries count from the end of their computation, and are valid while younger than the sum.
 * @throws RangeError for a member that is no duration, or for none.
 */
export function expiresAfter(duration: Duration): AgeLimit {
  let maxAgeMs = 0;
  for (const [unit, count] of Object.entries(duration)) {
    const ms = msOf[unit as keyof Duration]; // checked in the next line
    if (ms === undefined || typeof count !== 'number' || !(count >= 0)) {
      throw new RangeError(
        `expiresAfter() takes counts of ${Object.keys(msOf).join(', ')}, not ${unit}: ${String(count)}`,
      );
    }
    maxAgeMs += count * ms;
  }
  if (maxAgeMs === 0) throw new RangeError('expiresAfter() takes a duration, such as { minutes: 5 }');
  return Object.assign((info: EntryInfo) => info.ageMs < maxAgeMs, { maxAgeMs });
}
