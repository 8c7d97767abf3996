import { expect, test } from 'vitest';

test('in a worker without any storage a Memory imports and computes', async () => {
  const worker = new Worker(new URL('../testing/bare-worker.ts', import.meta.url), { type: 'module' });
  const answer = await new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', reject);
  });
  expect(answer).toEqual({
    values: [2, 3, 4],
    tier: 'none',
    isCached: false,
    cleared: { removed: 0, freedBytes: 0 },
  });
  worker.terminate();
});
