import type { Digits } from './data.ts';
import { getElement } from './elements.ts';
import { findNearestNeighbours } from './nearest-neighbours.ts';
import { describeNeighbours, showNeighbours } from './neighbours-panel.ts';
import { Plot } from './plot.ts';
import { wirePlotInput } from './plot-input.ts';

const neighbourCount = 10;

/** The plot with its panel of neighbours: works with the layout, the distances, both or neither. */
export class Explorer {
  readonly #digits: Digits;
  readonly #plot: Plot;
  readonly #announcement = getElement('[data-announcement]', HTMLElement);
  #distances: Float32Array | undefined;
  #hasLayout = false;

  constructor(digits: Digits) {
    const region = getElement('#plot', HTMLElement);
    this.#digits = digits;
    this.#plot = new Plot(getElement('canvas', HTMLCanvasElement, region), digits);
    wirePlotInput(region, this.#plot, (digit, isByKeyboard) => this.#pick(digit, isByKeyboard));
    const redraw = () => this.#pick(this.#plot.selected, false);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    this.#explainMissing();
    redraw();
  }

  get distances(): Float32Array | undefined {
    return this.#distances;
  }

  setDistances(distances: Float32Array): void {
    this.#distances = distances;
    this.#explainMissing();
    this.#pick(this.#plot.selected, false);
  }

  setLayout(layout: Float32Array<ArrayBuffer>): void {
    this.#hasLayout = true;
    this.#plot.setLayout(layout);
    this.#explainMissing();
  }

  #pick(digit: number | undefined, isByKeyboard: boolean): void {
    const neighbours =
      this.#distances && digit !== undefined
        ? findNearestNeighbours(this.#distances, digit, neighbourCount)
        : undefined;
    this.#plot.select(digit, neighbours ?? []);
    showNeighbours(this.#digits, digit, neighbours);
    if (!isByKeyboard) return;
    this.#announcement.textContent =
      digit === undefined ? 'Nothing is picked.' : describeNeighbours(this.#digits, digit, neighbours);
  }

  #explainMissing(): void {
    const order = 'The digits lie on a spiral in file order. Get the layout to put look-alikes together.';
    getElement('[data-missing="layout"]', HTMLElement).textContent = this.#hasLayout
      ? 'Digits that look alike lie close together. UMAP never saw the labels; they only choose the colours.'
      : order;
    getElement('[data-missing="distances"]', HTMLElement).hidden = this.#distances !== undefined;
  }
}
