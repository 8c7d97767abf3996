/** A range of a stored array, read as it is looked at, and what was read of it so far. */
import type { MappedArray } from 'keepsake';

/** Stored arrays are verified, and so read, by whole blocks. */
const BLOCK_BYTES = 2 ** 20;

/** Of one look: what is drawn at once. */
export const WINDOW_BYTES = 2 ** 20;

/** How many places a sample of the whole looks at. */
const SAMPLES = 4;
const SAMPLE_ELEMENTS = 8_192;

export type Numbers = ArrayLike<number | bigint>;

export interface Summary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly nanCount: number;
  readonly count: number;
  /** Counts of finite values in equal steps from min to max. */
  readonly bins: readonly number[];
}

const BINS = 40;

/** Minimum, maximum and mean of what is finite. */
export function summarise(values: Numbers): Summary {
  let [min, max, sum, nanCount, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = Number(values[at]);
    if (Number.isNaN(value)) nanCount += 1;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    finite += 1;
  }
  const bins = new Array<number>(BINS).fill(0);
  const step = (max - min) / BINS || 1;
  for (let at = 0; at < values.length; at += 1) {
    const value = Number(values[at]);
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - min) / step));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { min, max, mean: sum / finite, nanCount, count: values.length, bins };
}

export class WindowedArray {
  readonly array: MappedArray;
  readonly #blocks = new Set<number>();
  readonly #elementBytes: number;

  constructor(array: MappedArray) {
    this.array = array;
    this.#elementBytes = array.length === 0 ? 1 : array.byteLength / array.length;
  }

  /** What the storage has read for this so far, at most: whole blocks. */
  get bytesRead(): number {
    return Math.min(this.#blocks.size * BLOCK_BYTES, this.array.byteLength);
  }

  /** Elements of one window. */
  get windowLength(): number {
    return Math.max(1, Math.min(this.array.length, Math.floor(WINDOW_BYTES / this.#elementBytes)));
  }

  async read(start: number, end: number): Promise<Numbers> {
    const to = Math.min(end, this.array.length);
    const last = Math.max(start, to - 1);
    const blockOf = (element: number): number => Math.floor((element * this.#elementBytes) / BLOCK_BYTES);
    for (let block = blockOf(start); block <= blockOf(last); block += 1) this.#blocks.add(block);
    return (await this.array.read(start, to)) as Numbers; // of some element type
  }

  /** Values from a few places over the whole array. */
  async sample(): Promise<Numbers> {
    const { length } = this.array;
    if (length <= this.windowLength) return this.read(0, length);
    const values: (number | bigint)[] = [];
    for (let at = 0; at < SAMPLES; at += 1) {
      const start = Math.floor(((length - SAMPLE_ELEMENTS) * at) / (SAMPLES - 1));
      const read = await this.read(start, start + SAMPLE_ELEMENTS);
      for (let place = 0; place < read.length; place += 1) values.push(read[place] ?? 0);
    }
    return values;
  }
}
