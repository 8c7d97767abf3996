import { expect, test } from 'vitest';
import { packDigits } from './pack-digits.ts';

const count = 4000;
const pixelCount = count * 784;

test('packDigits() puts 4,000 labels after the pixels, ten digits in turn', () => {
  const packed = packDigits();
  expect(packed.length).toBe(pixelCount + count);
  const labels = packed.subarray(pixelCount);
  expect([...labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  expect(labels.filter((label) => label === 7).length).toBe(400);
});

test('packDigits() keeps grey levels from clear to full ink', () => {
  const pixels = packDigits().subarray(0, pixelCount);
  const levels = new Set(pixels);
  expect(levels.has(0)).toBe(true);
  expect(levels.has(255)).toBe(true);
  expect(levels.size).toBe(256);
});
