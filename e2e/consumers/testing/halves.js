/** The program under test: it knows nothing of tests. */
import { Memory } from 'keepsake';

export const memory = new Memory({ name: 'lab', memoryTierBytes: 0 });

export const halves = memory.cache((count) => Float64Array.from({ length: count }, (_, index) => index / 2), {
  id: 'halves',
  version: 1,
  maxAgeMs: 60_000,
});
