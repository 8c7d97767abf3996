/** A table, a page of its rows at a time. */
import { html, type TemplateResult } from 'lit';
import { formatCount, shortened, visible } from '../format.ts';
import type { Preview } from './kind-of-result.ts';
import { brief } from './tree.ts';

const PAGE = 50;

export class TablePreview {
  readonly #table: Extract<Preview, { kind: 'table' }>;
  #from = 0;

  constructor(table: Extract<Preview, { kind: 'table' }>) {
    this.#table = table;
  }

  render(changed: () => void): TemplateResult {
    const { columns, rows, cell } = this.#table;
    const to = Math.min(rows, this.#from + PAGE);
    const turn = (by: number) => () => {
      this.#from = Math.max(0, Math.min(rows - 1, this.#from + by));
      changed();
    };
    const shown = Array.from({ length: to - this.#from }, (_, at) => this.#from + at);
    return html`<div class="table" role="region" tabindex="0" aria-label="Rows of the table"><table>
      <thead><tr><th scope="col">#</th>${columns.map((name) => html`<th scope="col">${visible(shortened(name, 60))}</th>`)}</tr></thead>
      <tbody>${shown.map((row) => html`<tr><th scope="row">${row}</th>${columns.map((name) => html`<td>${brief(cell(row, name))}</td>`)}</tr>`)}</tbody>
    </table></div>
    <div class="turn">
      <button ?disabled=${this.#from === 0} @click=${turn(-PAGE)}>Earlier rows</button>
      <span>${formatCount(this.#from)} to ${formatCount(to - 1)} of ${formatCount(rows)}</span>
      <button ?disabled=${to >= rows} @click=${turn(PAGE)}>Later rows</button>
    </div>`;
  }
}
