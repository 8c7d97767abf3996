import { expect, test } from 'vitest';
import { type KeptValue, MemoryTier } from './memory-tier.ts';

const value = (sizeBytes = 10, functionId = 'f'): KeptValue => ({
  functionId,
  functionKey: functionId,
  skeleton: new Uint8Array(sizeBytes),
  buffers: [],
  createdAt: 0,
  computeMs: 1,
  sizeBytes,
  isStored: true,
});

const keysOf = (tier: MemoryTier, keys: readonly string[]): string[] => keys.filter((key) => tier.get(key));

test('put() refuses what was deleted since the call began, and nothing else', () => {
  const tier = new MemoryTier(1_000);
  const begun = tier.epoch;
  tier.delete('a');
  tier.put('a', value(), begun);
  tier.put('b', value(), begun);
  expect(keysOf(tier, ['a', 'b'])).toEqual(['b']);
  tier.put('a', value(), tier.epoch);
  expect(keysOf(tier, ['a', 'b'])).toEqual(['a', 'b']);
});

test('put() refuses what was cleared since the call began', () => {
  const tier = new MemoryTier(1_000);
  const begun = tier.epoch;
  tier.put('g', value(10, 'g'), begun);
  tier.clearFunction('f');
  tier.put('a', value(), begun);
  expect(keysOf(tier, ['a', 'g'])).toEqual(['g']);
  tier.put('a', value(), tier.epoch);
  tier.clear();
  expect(keysOf(tier, ['a', 'g'])).toEqual([]);
});

test('delete() is remembered however many follow', () => {
  const tier = new MemoryTier(1_000);
  const begun = tier.epoch;
  for (let n = 0; n < 5_000; n += 1) tier.delete(`${n}`);
  tier.put('0', value(), begun);
  tier.put('4999', value(), begun);
  expect(keysOf(tier, ['0', '4999'])).toEqual([]);
  tier.put('0', value(), tier.epoch);
  expect(keysOf(tier, ['0'])).toEqual(['0']);
});

test('keeps to its limit: the least recently used goes first, and what is too large is not taken', () => {
  const tier = new MemoryTier(80);
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) tier.put(key, value(10), tier.epoch);
  tier.get('a');
  tier.put('i', value(10), tier.epoch);
  tier.put('large', value(11), tier.epoch);
  tier.put('c', value(5), tier.epoch);
  tier.put('j', value(5), tier.epoch);
  expect(keysOf(tier, ['a', 'b', 'c', 'd', 'i', 'j', 'large'])).toEqual(['a', 'c', 'd', 'i', 'j']);
});
