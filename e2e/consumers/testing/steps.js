/** What is tried in each environment; it throws where something is not as in a browser. */
import assert from 'node:assert/strict';
import { expectComputed, installClock } from 'keepsake/testing';
import { halves, memory } from './halves.js';

export async function tryAll() {
  const clock = installClock();
  for (const count of [10, 100_000, 1_200_000]) {
    await expectComputed(halves, 1, async () => {
      const values = await halves(count);
      values[1] = -1; // the caller's own
      const [, second] = await halves(count);
      assert.equal(second, 0.5);
    });
  }
  assert.equal((await memory.storageStatus()).tier, 'memory');
  assert.equal((await memory.stats()).entries, 3);
  clock.advance(61_000);
  await expectComputed(halves, 1, () => halves(10));
  await memory.clear();
  await expectComputed(halves, 1, () => Promise.all([halves(10), halves(10)]));
  clock.restore();
}
