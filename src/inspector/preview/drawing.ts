/** Small plots on canvases, in the colours of the panel. */
import type { Numbers, Summary } from './windowed-array.ts';

interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly accent: string;
  readonly muted: string;
}

/** The canvas in CSS pixels, cleared; undefined where it is not laid out. */
function sheetOf(canvas: HTMLCanvasElement): Sheet | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return undefined;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  // As computed: a variable would come as it is written.
  return { context, width, height, accent: style.color, muted: style.outlineColor };
}

const MARGIN = 4;

/** A line; where there are more values than pixels, the range of each pixel's values. */
export function drawLine(canvas: HTMLCanvasElement, values: Numbers, { min, max }: Summary): void {
  const sheet = sheetOf(canvas);
  if (!sheet || values.length === 0) return;
  const { context, width, height, accent, muted } = sheet;
  const span = max - min || 1;
  const y = (value: number): number => MARGIN + (1 - (value - min) / span) * (height - 2 * MARGIN);
  if (min < 0 && max > 0) {
    context.fillStyle = muted;
    context.fillRect(0, y(0), width, 1);
  }
  context.strokeStyle = accent;
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.beginPath();
  const each = values.length / width;
  for (let pixel = 0; pixel < width; pixel += 1) {
    const from = Math.floor(pixel * each);
    const to = Math.min(values.length, Math.max(from + 1, Math.floor((pixel + 1) * each)));
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = from; at < to; at += 1) {
      const value = Number(values[at]);
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low > high) continue; // nothing finite: a gap
    context.lineTo(pixel, y(low));
    context.lineTo(pixel, y(high));
  }
  context.stroke();
}

export function drawBars(canvas: HTMLCanvasElement, bins: readonly number[]): void {
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const { context, width, height, accent } = sheet;
  const most = Math.max(1, ...bins);
  const each = width / bins.length;
  context.fillStyle = accent;
  for (const [at, count] of bins.entries()) {
    const tall = count === 0 ? 0 : Math.max(1, (count / most) * (height - MARGIN));
    context.fillRect(at * each, height - tall, Math.max(1, each - 1), tall);
  }
}

/** Blue to yellow by even steps of lightness, as viridis; five of its colours, with straight lines in between. */
const stops = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

const paletteSize = 256;
const palette = Array.from({ length: paletteSize }, (_, at) => {
  const place = (at / (paletteSize - 1)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[below] ?? stops[0], stops[below + 1] ?? stops[0]];
  return from.map((channel, index) => channel + (to[index as 0] - channel) * (place - below));
});

export interface Grid {
  readonly values: Numbers;
  readonly columns: number;
  readonly rows: number;
}

/** A pixel a value; the canvas is scaled by its style. */
export function drawHeatMap(
  canvas: HTMLCanvasElement,
  { values, columns, rows }: Grid,
  summary: Summary,
): void {
  const context = canvas.getContext('2d');
  if (!context || columns < 1 || rows < 1) return;
  canvas.width = columns;
  canvas.height = rows;
  const image = context.createImageData(columns, rows);
  const { min, max } = summary;
  const scale = (paletteSize - 1) / (max - min || 1);
  for (let at = 0; at < columns * rows && at < values.length; at += 1) {
    const value = Number(values[at]);
    if (!Number.isFinite(value)) continue;
    const [red = 0, green = 0, blue = 0] = palette[Math.round((value - min) * scale)] ?? [];
    image.data.set([red, green, blue, 255], at * 4);
  }
  context.putImageData(image, 0, 0);
}

/** A wave around the middle. */
export function drawWave(canvas: HTMLCanvasElement, samples: Float32Array): void {
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  const [min, max] = [-loudest || -1, loudest || 1];
  drawLine(canvas, samples, { min, max, mean: 0, nanCount: 0, count: samples.length, bins: [] });
}
