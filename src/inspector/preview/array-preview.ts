/** An array as a line, a histogram or a heat map: a window of it at a time, and no more of it is read. */
import type { MappedArray } from 'keepsake';
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatNumber, formatShape } from '../format.ts';
import { drawBars, drawHeatMap, drawLine, type Grid } from './drawing.ts';
import { type Numbers, type Summary, summarise, WindowedArray } from './windowed-array.ts';

type Way = 'line' | 'histogram' | 'heat map';

const SMALLEST_SIDE = 16;

/** Columns of the array as a picture: its own last dimension, or that of a square. */
function columnsOf({ shape, length }: MappedArray): number {
  const last = shape.at(-1) ?? 0;
  if (shape.length > 1) return last <= 4 && shape.length === 3 ? (shape[1] ?? 1) * last : last;
  const side = Math.sqrt(length);
  return Number.isInteger(side) && side >= SMALLEST_SIDE ? side : 0;
}

export class ArrayPreview {
  readonly #windowed: WindowedArray;
  readonly #changed: () => void;
  readonly #columns: number;
  #way: Way;
  #start = 0;
  #values: Numbers = [];
  #summary: Summary | undefined;
  #sample: Summary | undefined;
  #drawn: string | undefined;
  #reading = 0;

  constructor(array: MappedArray, changed: () => void) {
    this.#windowed = new WindowedArray(array);
    this.#changed = changed;
    this.#columns = columnsOf(array);
    this.#way = this.#columns > 1 ? 'heat map' : 'line';
  }

  get bytesRead(): number {
    return this.#windowed.bytesRead;
  }

  async open(): Promise<void> {
    await this.#look(0);
  }

  render(): TemplateResult {
    const { array } = this.#windowed;
    const { length, dtype, shape } = array;
    const ways: readonly Way[] =
      this.#columns > 1 ? ['heat map', 'line', 'histogram'] : ['line', 'histogram'];
    const step = this.#step();
    const end = Math.min(length, this.#start + step);
    const canMove = length > step && this.#way !== 'histogram';
    return html`<p class="what">${dtype}, ${formatShape(shape)}</p>
      <div class="ways" role="group" aria-label="How it is drawn">${ways.map(
        (way) =>
          html`<button aria-pressed=${this.#way === way} @click=${() => this.#choose(way)}>${way}</button>`,
      )}</div>
      ${length === 0 ? html`<p class="quiet">It is empty.</p>` : html`<canvas class="plot ${this.#way.replace(' ', '-')}" role="img" aria-label=${this.#label()}></canvas>`}
      ${
        canMove
          ? html`<label class="move">From element <input type="range" min="0" max=${Math.max(0, length - step)} step=${this.#columns > 1 ? this.#columns : 1}
            .value=${String(this.#start)} @change=${(event: Event) => this.#look(Number((event.target as HTMLInputElement).value))}>
            <span>${formatCount(this.#start)} to ${formatCount(end - 1)}</span></label>`
          : nothing
      }
      ${this.#figures()}`;
  }

  drawn(root: ShadowRoot): void {
    const canvas = root.querySelector<HTMLCanvasElement>('canvas.plot');
    const summary = this.#way === 'histogram' ? this.#sample : this.#summary;
    if (!canvas || !summary) return;
    // What it says is what was drawn last: the list beside it is drawn far more often.
    const what = [
      this.#way,
      this.#start,
      this.#reading,
      canvas.clientWidth,
      getComputedStyle(canvas).color,
    ].join();
    if (what === this.#drawn && canvas.dataset.what === what) return;
    this.#drawn = what;
    canvas.dataset.what = what;
    if (this.#way === 'line') drawLine(canvas, this.#values, summary);
    else if (this.#way === 'histogram') drawBars(canvas, summary.bins);
    else drawHeatMap(canvas, this.#grid(), summary);
  }

  #grid(): Grid {
    return {
      values: this.#values,
      columns: this.#columns,
      rows: Math.floor(this.#values.length / this.#columns),
    };
  }

  /** Elements of a window: whole rows of a picture. */
  #step(): number {
    const { windowLength } = this.#windowed;
    if (this.#columns < 2) return windowLength;
    return Math.max(1, Math.floor(windowLength / this.#columns)) * this.#columns;
  }

  #label(): string {
    const summary = this.#way === 'histogram' ? this.#sample : this.#summary;
    const range = summary ? ` from ${formatNumber(summary.min)} to ${formatNumber(summary.max)}` : '';
    return `${this.#way === 'line' ? 'Line' : this.#way === 'histogram' ? 'Histogram' : 'Heat map'} of the values,${range}`;
  }

  #figures(): TemplateResult {
    const isSample = this.#way === 'histogram';
    const summary = isSample ? this.#sample : this.#summary;
    if (!summary) return html`<p class="quiet">Reading…</p>`;
    const { min, max, mean, nanCount, count } = summary;
    const isAll = count >= this.#windowed.array.length;
    const figures = [
      ['Minimum', formatNumber(min)],
      ['Mean', formatNumber(mean)],
      ['Maximum', formatNumber(max)],
      ['NaN', formatCount(nanCount)],
    ];
    return html`<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      <p class="quiet">${isAll ? 'Of all elements.' : `Of ${formatCount(count)} elements${isSample ? ' at a few places' : ' that are drawn'}.`}</p>`;
  }

  #choose(way: Way): void {
    this.#way = way;
    if (way !== 'histogram') {
      this.#changed();
      return;
    }
    void this.#takeSample();
  }

  async #takeSample(): Promise<void> {
    this.#sample ??= summarise(await this.#windowed.sample());
    this.#changed();
  }

  async #look(start: number): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    const { length } = this.#windowed.array;
    const from = Math.min(start, Math.max(0, length - this.#step()));
    const values = length === 0 ? [] : await this.#windowed.read(from, from + this.#step());
    if (reading !== this.#reading) return; // a later look has taken over
    this.#start = from;
    this.#values = values;
    this.#summary = summarise(values);
    this.#changed();
  }
}
