/** What each function's results take and save. */
import type { EntryInfo, FunctionStatistics } from 'keepsake';
import { html, nothing, type TemplateResult } from 'lit';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatEntries,
  shortened,
  visible,
} from '../format.ts';
import { missText } from '../model/call-history.ts';
import { attempt, type Panel, type View } from '../model/panel.ts';
import { drawBars } from '../preview/drawing.ts';

const BINS = 24;

/** Counts in even steps of the logarithm, from the least to the most. */
function logBins(values: readonly number[]): { bins: number[]; min: number; max: number } {
  const bins = new Array<number>(BINS).fill(0);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const log = (value: number): number => Math.log(Math.max(1, value));
  const span = log(max) - log(min) || 1;
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((log(value) - log(min)) / span) * BINS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { bins, min, max };
}

/** Plots look at so many entries of a function. */
const PLOTTED = 2_000;

export class FunctionsView implements View {
  readonly #panel: Panel;
  #rows: readonly FunctionStatistics[] | undefined;
  #opened: string | undefined;
  #entries: readonly EntryInfo[] = [];
  #findings: readonly string[] | undefined;
  #problem: string | undefined;

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  shown(): void {
    void this.refresh();
  }

  async open(functionId: string): Promise<void> {
    this.#opened = functionId;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const { memory, storage } = this.#panel;
    try {
      this.#rows = (await storage.isThere()) ? await memory.functions() : [];
      const query = { functionId: this.#opened ?? '', limit: PLOTTED };
      const found: EntryInfo[] = [];
      if (this.#opened !== undefined) for await (const entry of memory.entries(query)) found.push(entry);
      this.#entries = found;
      // The code as it is now is that of the entry that was stored last.
      const last = found.reduce<EntryInfo | undefined>(
        (last, each) => (last && last.createdAt >= each.createdAt ? last : each),
        undefined,
      );
      this.#findings = await this.#panel.findings.of(last?.identity ?? '');
      this.#problem = undefined;
    } catch (error) {
      this.#problem = String(error);
    }
    this.#panel.changed();
  }

  drawn(root: ShadowRoot): void {
    for (const [name, values] of [
      ['sizes', this.#entries.map(({ sizeBytes }) => sizeBytes)],
      ['ages', this.#entries.map(({ ageMs }) => ageMs).filter(Number.isFinite)],
    ] as const) {
      const canvas = root.querySelector<HTMLCanvasElement>(`canvas.${name}`);
      if (canvas && values.length > 0) drawBars(canvas, logBins(values).bins);
    }
  }

  render(): TemplateResult {
    if (this.#problem !== undefined) return html`<p class="problem" role="alert">${this.#problem}</p>`;
    if (!this.#rows) return html`<p class="empty">Adding up…</p>`;
    if (this.#rows.length === 0) return html`<p class="empty">No function of this memory was called yet.</p>`;
    return html`<div class="functions"><ul class="function-list" aria-label="Functions">
      ${this.#rows.map((row) => this.#row(row))}
    </ul></div>`;
  }

  #row(row: FunctionStatistics): TemplateResult {
    const { functionId, entries, bytes } = row;
    const isOpen = this.#opened === functionId;
    const toggle = (): void => {
      this.#opened = isOpen ? undefined : functionId;
      void this.refresh(); // shows what went wrong
    };
    return html`<li>
      <button class="twig" aria-expanded=${isOpen} @click=${toggle}><span aria-hidden="true">${isOpen ? '▾' : '▸'}</span>
        <span class="name">${visible(shortened(functionId, 100))}</span></button>
      <span class="figure">${formatEntries(entries)}, ${formatBytes(bytes)}</span>
      ${isOpen ? this.#details(row) : nothing}
    </li>`;
  }

  #details(row: FunctionStatistics): TemplateResult {
    const { functionId, versions, hits, misses, computeMs, savedMs, lastUsedAt } = row;
    const missed = Object.values(misses).reduce((sum, count) => sum + count, 0);
    const rate =
      hits + missed === 0
        ? 'not called'
        : `${Math.round((100 * hits) / (hits + missed))} % of ${formatCount(hits + missed)} calls`;
    // What loading takes is known of the calls that this page made.
    const loads = this.#panel.history.calls.filter(
      (call) => call.functionId === functionId && call.kind === 'hit',
    );
    const net = loads.reduce((sum, call) => sum + call.savedMs, 0);
    const facts = [
      ['Answered from what is kept', rate],
      ['Time spent computing what is stored', formatDuration(computeMs)],
      ['Time that hits would have taken to compute', formatDuration(savedMs)],
      ['Versions of its code', formatCount(versions)],
      ['Last used', formatAge(lastUsedAt, Date.now())],
    ];
    return html`<div class="details">
      <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      ${loads.length > 0 ? html`<p>The ${loads.length === 1 ? 'last hit' : `last ${formatCount(loads.length)} hits`} here saved ${formatDuration(net)}, loading taken off.</p>` : nothing}
      ${net < 0 ? html`<p class="problem">Loading its results takes longer than computing them: it is better called without a cache, or kept with storeIf only where it was slow.</p>` : nothing}
      ${missed > 0 ? html`<p class="label">Why it was computed</p><ul class="reasons">${Object.entries(misses).map(([reason, count]) => html`<li>${formatCount(count)} × ${missText(reason)}</li>`)}</ul>` : nothing}
      ${this.#found()}
      ${this.#plots()}
      <div class="actions">
        <button @click=${() => this.#list(functionId)}>List its entries</button>
        <button class="danger" @click=${() => attempt(this.#panel, () => this.#clear(row))}>Clear function</button>
      </div>
    </div>`;
  }

  #found(): TemplateResult | typeof nothing {
    const findings = this.#findings;
    if (!findings) return nothing;
    if (findings.length === 0) return html`<p>The build plugin found nothing to complain of.</p>`;
    return html`<p class="label">What the build plugin found</p><ul class="reasons" aria-label="Findings">${findings.map((text) => html`<li>${visible(shortened(text, 400))}</li>`)}</ul>`;
  }

  #plots(): TemplateResult | typeof nothing {
    if (this.#entries.length < 2) return nothing;
    const sizes = logBins(this.#entries.map(({ sizeBytes }) => sizeBytes));
    const ages = logBins(this.#entries.map(({ ageMs }) => ageMs).filter(Number.isFinite));
    const [least, most] = [formatBytes(sizes.min), formatBytes(sizes.max)];
    return html`<div class="plots">
      <figure><canvas class="bars sizes" role="img" aria-label="Sizes of its entries, from ${least} to ${most}"></canvas><figcaption>Sizes, ${least} to ${most}</figcaption></figure>
      <figure><canvas class="bars ages" role="img" aria-label="Ages of its entries"></canvas><figcaption>Ages, ${formatDuration(ages.min)} to ${formatDuration(ages.max)}</figcaption></figure>
    </div>`;
  }

  #list(functionId: string): void {
    const { entries } = this.#panel;
    entries.filter = { ...entries.filter, functionId };
    void entries.arrange();
    this.#panel.show('entries');
  }

  async #clear({ functionId, entries, bytes }: FunctionStatistics): Promise<void> {
    const isWanted = await this.#panel.ask({
      title: `Clear ${visible(shortened(functionId, 60))}?`,
      text: `${formatEntries(entries)}, ${formatBytes(bytes)}. They are computed again when they are asked for.`,
      verb: 'Clear function',
    });
    if (!isWanted) return;
    const keys: string[] = [];
    for await (const { key } of this.#panel.memory.entries({ functionId })) keys.push(key);
    const { removed, freedBytes } = await this.#panel.memory.delete(...keys);
    this.#panel.say(`Deleted ${formatEntries(removed)}, ${formatBytes(freedBytes)}`);
    await this.refresh();
  }
}
