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
  return findNearestInRow(distances.subarray(digit * count, (digit + 1) * count), digit, neighbourCount);
}

/** The same from the digit's own row of [count] distances. */
export function findNearestInRow(row: Float32Array, digit: number, neighbourCount: number): Neighbour[] {
  return Array.from(row, (distance, other) => ({ digit: other, distance }))
    .filter((neighbour) => neighbour.digit !== digit)
    .sort((first, second) => first.distance - second.distance)
    .slice(0, neighbourCount);
}
