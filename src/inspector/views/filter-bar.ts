/** What the list of entries shows. */
import { html, type TemplateResult } from 'lit';
import { shortened, visible } from '../format.ts';
import { type EntryFilter, noFilter } from '../model/entry-filter.ts';
import type { Panel } from '../model/panel.ts';

type Choice = readonly [value: string, label: string];

const DAY = 86_400_000;

const uses: readonly Choice[] = [
  ['0', 'at any time'],
  ['3600000', 'in the last hour'],
  [String(DAY), 'in the last day'],
  [String(-DAY), 'not for a day'],
  [String(-30 * DAY), 'not for a month'],
];
const sizes: readonly Choice[] = [
  ['0', 'any size'],
  ['100000', '100 kB and more'],
  ['1000000', '1 MB and more'],
  ['100000000', '100 MB and more'],
];
const identities: readonly Choice[] = [
  ['', 'any identity'],
  ['plugin', 'by the plugin'],
  ['version', 'by a version'],
  ['source', 'by the source text'],
];

const MOST_CHOICES = 200;

export function filterBar(panel: Panel): TemplateResult {
  const { entries } = panel;
  const { filter } = entries;
  const set = (change: Partial<EntryFilter>): void => {
    entries.filter = { ...filter, ...change };
    void entries.arrange();
  };
  const choose = (
    label: string,
    choices: readonly Choice[],
    value: string,
    then: (value: string) => void,
  ) => html`
    <label>${label} <select @change=${(event: Event) => then((event.target as HTMLSelectElement).value)}>
      ${choices.map(([each, text]) => html`<option value=${each} ?selected=${each === value}>${text}</option>`)}
    </select></label>`;
  const named = (all: ReadonlySet<string>, none: string): Choice[] => [
    ['', none],
    ...[...all]
      .slice(0, MOST_CHOICES)
      .sort()
      .map((name): Choice => [name, visible(shortened(name, 60))]),
  ];
  const isFiltered = JSON.stringify(filter) !== JSON.stringify(noFilter);
  return html`<search class="filters">
    <input type="search" aria-label="Find in functions, arguments and tags" placeholder="Find in functions, arguments, tags"
      .value=${filter.text} @input=${(event: Event) => set({ text: (event.target as HTMLInputElement).value })}>
    <details>
      <summary>Filters</summary>
      <div class="choices">
        ${choose('Function', named(entries.functions, 'all'), filter.functionId, (functionId) => set({ functionId }))}
        ${choose('Tag', named(entries.tags, 'any'), filter.tag, (tag) => set({ tag }))}
        ${choose('Used', uses, String(filter.usedMs), (ms) => set({ usedMs: Number(ms) }))}
        ${choose('Size', sizes, String(filter.minBytes), (bytes) => set({ minBytes: Number(bytes) }))}
        ${choose('Identity', identities, filter.identity, (identity) => set({ identity }))}
      </div>
    </details>
    <button aria-pressed=${entries.isGrouped} @click=${() => {
      entries.isGrouped = !entries.isGrouped;
      void entries.arrange();
    }}>By function</button>
    ${isFiltered ? html`<button @click=${() => set(noFilter)}>Show all</button>` : ''}
  </search>`;
}
