export interface Neighbour {
  readonly digit: number;
  readonly distance: number;
}

/** Returns the digits nearest to one, nearest first, from the [count, count] distances. */
export function findNearestNeighbours(
  distances: Float32Array,
  digit: number,
  neighbourCount: number,
): Neighbour[] {
  const count = Math.sqrt(distances.length);
  const row = distances.subarray(digit * count, (digit + 1) * count);
  return Array.from(row, (distance, other) => ({ digit: other, distance }))
    .filter((neighbour) => neighbour.digit !== digit)
    .sort((first, second) => first.distance - second.distance)
    .slice(0, neighbourCount);
}
