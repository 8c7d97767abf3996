/** Times of last use under a clock that may be set back. */

/** Uses within one millisecond are told apart by fractions, which may run ahead of the clock. */
const GRACE_MS = 1_000;

/** Whether the clock was ahead when it was noted: such a use says nothing about order or age. */
export const isToCome = (usedAt: number, now: number): boolean => usedAt > now + GRACE_MS;

/** The later of two uses; one that is still to come gives way. */
export const laterUse = (known: number, usedAt: number): number =>
  isToCome(known, Date.now()) ? usedAt : Math.max(known, usedAt);
