/** The least recently used first, until every limit holds: joblib's order. */
import type { Budget, Candidate, EvictionPlan } from './policy.ts';

/** Candidates come oldest first, so the first one that no limit asks for ends the eviction. */
export function leastRecentlyUsed(candidates: readonly Candidate[], budget: Budget): EvictionPlan {
  const victims: Candidate[] = [];
  let { excessBytes, excessEntries } = budget;
  for (const candidate of candidates) {
    const isWanted = excessBytes > 0 || excessEntries > 0 || candidate.lastUsedAt <= budget.usedUntil;
    if (!isWanted) return { victims, left: { ...budget, excessBytes, excessEntries }, isDone: true };
    victims.push(candidate);
    excessBytes -= candidate.sizeBytes;
    excessEntries -= 1;
  }
  return { victims, left: { ...budget, excessBytes, excessEntries }, isDone: false };
}
