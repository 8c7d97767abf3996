/** Which entries go when room is needed: pure policies over what the catalog lists. No I/O, no clock. */
export { leastRecentlyUsed } from './least-recently-used.ts';
export type { Budget, Candidate, EvictionPlan, EvictionPolicy } from './policy.ts';
export { supersededKeySpaces } from './superseded.ts';
