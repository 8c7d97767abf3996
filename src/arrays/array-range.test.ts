import { describe, expect, test } from 'vitest';
import { resolveIndex, resolveOffset, resolveRange } from './array-range.ts';

describe('resolveRange()', () => {
  test('takes half-open ranges as subarray() does', () => {
    const array = Uint8Array.from({ length: 10 }, (_, at) => at);
    for (let start = -10; start <= 10; start += 1) {
      for (let end = -10; end <= 10; end += 1) {
        const [from, to] = resolveRange(10, start, end);
        expect([...array.slice(from, to)]).toEqual([...array.subarray(start, end)]);
      }
    }
    expect(resolveRange(10)).toEqual([0, 10]);
    expect(resolveRange(10, 3)).toEqual([3, 10]);
    expect(resolveRange(10, undefined, -3)).toEqual([0, 7]);
    expect(resolveRange(0)).toEqual([0, 0]);
  });

  test.each([
    [0, 11],
    [-11, 3],
    [11, 11],
    [0, -11],
    [0.5, 3],
    [0, Number.POSITIVE_INFINITY],
    [Number.NaN, 3],
  ])('refuses [%s, %s) of 10 elements, naming both', (start, end) => {
    expect(() => resolveRange(10, start, end)).toThrow(RangeError);
    expect(() => resolveRange(10, start, end)).toThrow(`[${start}, ${end})`);
    expect(() => resolveRange(10, start, end)).toThrow('10 elements');
  });
});

test('resolveIndex() takes negative indices and refuses what is outside', () => {
  expect([0, 9, -1, -10].map((index) => resolveIndex(10, index))).toEqual([0, 9, 9, 0]);
  for (const index of [10, -11, 1.5, Number.NaN]) expect(() => resolveIndex(10, index)).toThrow(RangeError);
  expect(() => resolveIndex(0, 0)).toThrow('0 elements');
});

test('resolveOffset() refuses values that do not fit', () => {
  expect(resolveOffset(10, 7, 3)).toBe(7);
  expect(resolveOffset(10, -3, 3)).toBe(7);
  expect(resolveOffset(10, 10, 0)).toBe(10);
  expect(() => resolveOffset(10, 8, 3)).toThrow('[8, 11)');
  expect(() => resolveOffset(10, -11, 1)).toThrow(RangeError);
});
