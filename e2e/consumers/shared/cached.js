/** What every consumer runs: three results, each of another way of storage, and what came of them. */
import { Memory } from 'keepsake';

const memory = new Memory({ name: 'consumer', memoryTierBytes: 0 });
let computed = 0;

const halves = memory.cache((count) => Float64Array.from({ length: count }, (_, index) => index / 2), {
  id: 'halves',
  version: 1,
  trustVersion: true, // the page's bundle and the worker's are minified apart
});
memory.addEventListener('compute', () => {
  computed += 1;
});

/** In IndexedDB, in a segment, in a file of its own. */
const counts = [10, 100_000, 1_200_000];

export async function report() {
  computed = 0;
  let isRight = true;
  for (const count of counts) {
    const values = await halves(count);
    isRight &&= values.length === count && values[count - 1] === (count - 1) / 2;
  }
  await memory.flush();
  const { identity } = await halves.explain(10);
  const { tier, reasons } = await memory.storageStatus();
  return { computed, isRight, identity, tier, reasons };
}
