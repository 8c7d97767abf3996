import { expect, test } from 'vitest';
import { findNearestNeighbours } from './nearest-neighbours.ts';

test('findNearestNeighbours() leaves the digit itself out and starts with the nearest', () => {
  const distances = Float32Array.of(0, 4, 1, 2, 4, 0, 5, 6, 1, 5, 0, 3, 2, 6, 3, 0);
  expect(findNearestNeighbours(distances, 0, 2)).toEqual([
    { digit: 2, distance: 1 },
    { digit: 3, distance: 2 },
  ]);
});

test('findNearestNeighbours() keeps a twin at distance 0', () => {
  const distances = Float32Array.of(0, 0, 2, 0, 0, 2, 2, 2, 0);
  expect(findNearestNeighbours(distances, 1, 1)).toEqual([{ digit: 0, distance: 0 }]);
});
