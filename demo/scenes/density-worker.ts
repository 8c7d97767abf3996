import type { DensityRequest, JobReply } from '../job-protocol.ts';
import { cellOf, surface } from './surface.ts';

const flightsPerReport = 2_000;
/** A Gaussian is cut off here, in standard deviations. */
const reach = 3;

const post = (reply: JobReply, transfer: Transferable[] = []) => postMessage(reply, transfer);

/** Weights of one flight along one axis, for the cells around it, given where between two cells it lies. */
function fillWeights(weights: Float64Array, first: number, centre: number, bandwidth: number): void {
  for (let at = 0; at < weights.length; at++) {
    const distance = (first + at - centre) / bandwidth;
    weights[at] = Math.exp(-0.5 * distance * distance);
  }
}

/** A surface with room on all sides for what a kernel adds beyond them. */
class Padded {
  readonly margin: number;
  readonly width: number;
  readonly sums: Float64Array;

  constructor(margin: number) {
    this.margin = margin;
    this.width = surface.width + 2 * margin;
    this.sums = new Float64Array(this.width * (surface.height + 2 * margin));
  }

  /** Adds the product of the weights, whose first cell may lie beyond the surface by the margin. */
  add(left: number, top: number, across: Float64Array, down: Float64Array): void {
    const { sums, width, margin } = this;
    const span = across.length;
    for (let row = 0; row < span; row++) {
      const weight = down[row] as number; // within its length, as all below
      const start = (top + margin + row) * width + left + margin;
      for (let at = 0; at < span; at++)
        sums[start + at] = (sums[start + at] as number) + weight * (across[at] as number);
    }
  }

  /** [height, width] without the margins: days join at midnight, delays end at the edges. */
  folded(scale: number): Float32Array<ArrayBuffer> {
    const { width, height } = surface;
    const values = new Float32Array(width * height);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < this.width; column++) {
        const cell = row * width + ((column - this.margin + width) % width);
        const sum = this.sums[(row + this.margin) * this.width + column] ?? 0;
        values[cell] = (values[cell] ?? 0) + sum * scale;
      }
    }
    return values;
  }
}

/** Returns flights per cell: each is spread as a Gaussian. */
function density({ flights, bandwidth }: DensityRequest): Float32Array<ArrayBuffer> {
  const half = Math.ceil(bandwidth * reach);
  const padded = new Padded(2 * half + 1);
  const across = new Float64Array(2 * half + 1);
  const down = new Float64Array(2 * half + 1);
  const count = flights.length / 2;
  for (let flight = 0; flight < count; flight++) {
    const { x, y } = cellOf(flights[flight * 2] ?? 0, flights[flight * 2 + 1] ?? 0);
    const [left, top] = [Math.round(x) - half, Math.round(y) - half];
    const isFar = top < -padded.margin || top > surface.height;
    if (!isFar) {
      fillWeights(across, left, x, bandwidth);
      fillWeights(down, top, y, bandwidth);
      padded.add(left, top, across, down);
    }
    if (flight % flightsPerReport === 0)
      post({ kind: 'progress', step: 'Adding flights', fraction: flight / count });
  }
  return padded.folded(1 / (2 * Math.PI * bandwidth * bandwidth));
}

addEventListener('message', ({ data }: MessageEvent<DensityRequest>) => {
  post({ kind: 'entered' });
  const values = density(data);
  post({ kind: 'result', values }, [values.buffer]);
});
