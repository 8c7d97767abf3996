export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Places points evenly on a disc, like the seeds of a sunflower: H. Vogel, "A better way to construct the sunflower
 * head", Mathematical Biosciences 44 (1979), https://doi.org/10.1016/0025-5564(79)90080-4
 */
export function spiralPositions(count: number): Float32Array<ArrayBuffer> {
  const goldenAngle = Math.PI * (3 - Math.sqrt(5));
  const positions = new Float32Array(count * 2);
  for (let point = 0; point < count; point++) {
    const radius = Math.sqrt((point + 0.5) / count);
    positions[point * 2] = radius * Math.cos(point * goldenAngle);
    positions[point * 2 + 1] = radius * Math.sin(point * goldenAngle);
  }
  return positions;
}

function range(positions: Float32Array, axis: 0 | 1): { middle: number; span: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = axis; at < positions.length; at += 2) {
    low = Math.min(low, positions[at] ?? low);
    high = Math.max(high, positions[at] ?? high);
  }
  return { middle: (low + high) / 2, span: high - low || 1 };
}

/** Returns [count, 2] pixel positions: centred, both axes at one scale, as large as the padding lets them be. */
export function fitPositions(
  positions: Float32Array,
  size: Size,
  padding: number,
): Float32Array<ArrayBuffer> {
  const x = range(positions, 0);
  const y = range(positions, 1);
  const scale = Math.min((size.width - 2 * padding) / x.span, (size.height - 2 * padding) / y.span);
  return Float32Array.from(positions, (value, at) =>
    at % 2 === 0 ? size.width / 2 + (value - x.middle) * scale : size.height / 2 + (value - y.middle) * scale,
  );
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Returns the index of the point that costs least, or undefined where every cost is infinite. */
export function findCheapest(positions: Float32Array, cost: (point: Point) => number): number | undefined {
  let best: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < positions.length / 2; index++) {
    const candidate = cost({ x: positions[index * 2] ?? 0, y: positions[index * 2 + 1] ?? 0 });
    if (candidate < lowest) {
      lowest = candidate;
      best = index;
    }
  }
  return best;
}
