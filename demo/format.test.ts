import { expect, test } from 'vitest';
import { formatBytes, formatDuration, formatRatio } from './format.ts';

test.each([
  [0.427, '0.43 ms'],
  [85.4, '85 ms'],
  [999.6, '1.0 s'],
  [7312, '7.3 s'],
  [61_000, '61 s'],
])('formatDuration() writes %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [32_000, '32 kB'],
  [64_000_128, '64 MB'],
  [2.5e9, '2.5 GB'],
  [3e12, '3,000 GB'],
])('formatBytes() writes %d as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('formatRatio() stays finite when the fast way took no measurable time', () => {
  expect(formatRatio(7300, 85)).toBe('86 times');
  expect(formatRatio(100, 0)).toBe('1,000 times');
});
