import { expect, test } from 'vitest';
import { findCheapest, fitPositions, spiralPositions } from './plot-geometry.ts';

test('spiralPositions() stays within the unit disc', () => {
  const positions = spiralPositions(4000);
  const radii = Array.from({ length: 4000 }, (_, at) =>
    Math.hypot(positions[at * 2] ?? 0, positions[at * 2 + 1] ?? 0),
  );
  expect(Math.max(...radii)).toBeLessThanOrEqual(1);
});

test('fitPositions() keeps one scale on both axes, centred', () => {
  const fitted = fitPositions(Float32Array.of(-1, -1, 1, 0), { width: 120, height: 120 }, 10);
  expect([...fitted]).toEqual([10, 35, 110, 85]);
});

test('fitPositions() puts coinciding points in the middle', () => {
  expect([...fitPositions(Float32Array.of(3, 3, 3, 3), { width: 40, height: 20 }, 2)]).toEqual([
    20, 10, 20, 10,
  ]);
});

test('findCheapest() finds nothing where every cost is infinite', () => {
  expect(findCheapest(Float32Array.of(0, 0), () => Number.POSITIVE_INFINITY)).toBeUndefined();
});
