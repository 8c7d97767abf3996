import { afterEach, expect, test, vi } from 'vitest';
import { deferred } from '../deferred/deferred.ts';
import { withLock } from './locks.ts';

afterEach(() => vi.unstubAllGlobals());

test('withLock() lets a waiter leave the queue, and keeps the next one waiting', async () => {
  vi.stubGlobal('navigator', undefined); // no Web Locks
  const first = deferred<void>();
  const order: string[] = [];
  const held = withLock('queue', {}, async () => {
    order.push('first');
    await first.promise;
  });
  const controller = new AbortController();
  const left = withLock('queue', { signal: controller.signal }, async () => void order.push('left'));
  const last = withLock('queue', {}, async () => void order.push('last'));
  controller.abort('it left');
  await expect(left).rejects.toBe('it left');
  expect(await withLock('queue', { ifAvailable: true }, async (isHeld) => isHeld)).toBe(false);
  first.resolve();
  await Promise.all([held, last]);
  expect(order).toEqual(['first', 'last']);
  await expect.poll(() => withLock('queue', { ifAvailable: true }, async (isHeld) => isHeld)).toBe(true);
});
