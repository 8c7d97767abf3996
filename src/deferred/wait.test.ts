import { expect, test } from 'vitest';
import { wait } from './wait.ts';

test('parts of milliseconds are waited for, and for ever is for ever', async () => {
  await expect(wait(0.5)).resolves.toBeUndefined();
  const forEver = wait(Number.POSITIVE_INFINITY).then(() => 'over');
  expect(await Promise.race([forEver, wait(1.25).then(() => 'still waiting')])).toBe('still waiting');
});
