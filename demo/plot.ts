import type { Digits } from './data.ts';
import type { Neighbour } from './nearest-neighbours.ts';
import { type Palette, readPalette } from './palette.ts';
import { drawScene } from './plot-drawing.ts';
import { findCheapest, fitPositions, type Point, type Size, spiralPositions } from './plot-geometry.ts';

const moveMs = 900;

/** The scatter of all digits: a spiral in file order until a layout is known, then the layout. */
export class Plot {
  readonly #canvas: HTMLCanvasElement;
  readonly #digits: Digits;
  #positions: Float32Array<ArrayBuffer>;
  #pixels = new Float32Array();
  #size: Size = { width: 1, height: 1 };
  #palette: Palette = readPalette();
  #glyphSize = 8;
  #selected: number | undefined;
  #neighbours: readonly Neighbour[] = [];
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, digits: Digits) {
    this.#canvas = canvas;
    this.#digits = digits;
    this.#positions = spiralPositions(digits.count);
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#resize());
    this.#resize();
  }

  get size(): Size {
    return this.#size;
  }

  get selected(): number | undefined {
    return this.#selected;
  }

  /** Marks one digit and, where they are known, its neighbours. */
  select(digit: number | undefined, neighbours: readonly Neighbour[]): void {
    this.#selected = digit;
    this.#neighbours = neighbours;
    this.#scheduleDraw();
  }

  /** Moves the points to a [count, 2] layout; undefined moves them back to the spiral. */
  setLayout(layout: Float32Array<ArrayBuffer> | undefined): void {
    this.#positions = layout ?? spiralPositions(this.#digits.count);
    const target = this.#fit();
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isCalm) this.#pixels = target;
    this.#move(this.#pixels, target);
  }

  /** The digit with the lowest cost, by its place on the canvas in CSS pixels. */
  find(cost: (point: Point) => number): number | undefined {
    return findCheapest(this.#pixels, cost);
  }

  positionOf(digit: number): Point {
    return { x: this.#pixels[digit * 2] ?? 0, y: this.#pixels[digit * 2 + 1] ?? 0 };
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(height * devicePixelRatio);
    this.#glyphSize = Math.max(6, Math.min(width, height) / 64);
    this.#palette = readPalette();
    this.#pixels = this.#fit();
    this.#scheduleDraw();
  }

  #fit(): Float32Array<ArrayBuffer> {
    return fitPositions(this.#positions, this.#size, this.#glyphSize * 2);
  }

  #move(from: Float32Array, to: Float32Array): void {
    const layout = this.#positions;
    const start = performance.now();
    const step = () => {
      // A newer layout or a resize has taken over.
      if (layout !== this.#positions || to.length !== from.length) return;
      const elapsed = Math.min(1, (performance.now() - start) / moveMs);
      const eased = 1 - (1 - elapsed) ** 3;
      this.#pixels = Float32Array.from(to, (end, at) => {
        const begin = from[at] ?? end;
        return begin + (end - begin) * eased;
      });
      this.#scheduleDraw();
      if (elapsed < 1) requestAnimationFrame(step);
    };
    step();
  }

  #scheduleDraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    drawScene(context, {
      size: this.#size,
      positions: this.#pixels,
      labels: this.#digits.labels,
      palette: this.#palette,
      glyphSize: this.#glyphSize,
      selected: this.#selected,
      neighbours: this.#neighbours,
    });
  }
}
