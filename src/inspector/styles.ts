/** How the panel looks: in the colours of the page's scheme, dense, without a picture or a font of its own. */
import { css } from 'lit';
import { entryStyles } from './styles-entry.ts';

const tokens = css`
  :host {
    --ground: light-dark(#f7f8f6, #101513);
    --surface: light-dark(#ffffff, #161c1a);
    --raised: light-dark(#eaefec, #1f2826);
    --ink: light-dark(#17201d, #e8eeeb);
    --muted: light-dark(#55605b, #a3b0aa);
    --line: light-dark(#d9dfdb, #2b3431);
    --strong-line: light-dark(#7d8a84, #72807a);
    --accent: light-dark(#0b6154, #7bd9c6);
    --on-accent: light-dark(#ffffff, #07211c);
    --warm: light-dark(#9a4a05, #ffb36b);
    --danger: light-dark(#a3201b, #ff9d96);
    --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    color: var(--ink);
    font: 0.875rem / 1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
    font-variant-numeric: tabular-nums;
  }
  *, *::before, *::after { box-sizing: border-box; }
  h2, p, dl, dd, ul, ol, pre, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h2 { font-size: 1rem; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
  .label { font-size: 0.8125rem; font-weight: 650; color: var(--muted); }
  code, pre, .name { font-family: var(--mono); font-size: 0.8125rem; overflow-wrap: anywhere; }
  button, select, input[type="search"] {
    min-block-size: 1.875rem;
    padding: 0.125rem 0.625rem;
    border: 1px solid var(--strong-line);
    border-radius: 0.375rem;
    background: var(--surface);
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  input[type="search"] { cursor: text; }
  button:hover, select:hover { border-color: var(--ink); }
  button:disabled { color: var(--muted); border-color: var(--line); cursor: default; }
  button[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  .danger { color: var(--danger); border-color: currentColor; }
  .danger:hover { background: var(--danger); border-color: var(--danger); color: var(--surface); }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .quiet { color: var(--muted); }
  .figure { text-align: end; white-space: nowrap; }
  .problem { padding: 0.5rem 0.75rem; border-inline-start: 3px solid var(--danger); background: var(--raised); overflow-wrap: anywhere; }
  .empty { padding: 2rem 1rem; color: var(--muted); max-inline-size: 60ch; }
  .actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
`;

const frame = css`
  :host { display: block; block-size: 36rem; container-type: inline-size; }
  .frame {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    block-size: 100%;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    background: var(--ground);
  }
  :host([hidden]) { display: none; }
  .top { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; padding: 0.5rem 0.75rem; border-block-end: 1px solid var(--line); background: var(--surface); }
  .tabs { display: flex; gap: 0.25rem; margin-inline-end: auto; }
  .tabs button { border-color: transparent; background: none; font-weight: 600; color: var(--muted); }
  .tabs button[aria-selected="true"] { background: var(--raised); color: var(--ink); }
  .picker select { max-inline-size: 12rem; }
  .badge { padding: 0.125rem 0.625rem; border: 1px solid currentColor; border-radius: 1rem; color: var(--accent); font-weight: 600; white-space: nowrap; }
  .badge[data-kind="full"], .badge[data-kind="blocked"] { color: var(--danger); }
  .badge[data-kind="page-only"], .badge[data-kind="gone"], .badge[data-kind="none"], .badge[data-kind="opening"] { color: var(--warm); }
  #panel { min-block-size: 0; overflow: hidden; }
  #panel > * { block-size: 100%; overflow: auto; }
  #panel > .empty { block-size: auto; }
  .said { min-block-size: 2rem; padding: 0.3125rem 0.75rem; border-block-start: 1px solid var(--line); background: var(--surface); color: var(--muted); overflow-wrap: anywhere; }
  .said:empty { min-block-size: 0; padding: 0; border: 0; }
  dialog { max-inline-size: min(26rem, 90cqi); padding: 1.25rem; border: 1px solid var(--strong-line); border-radius: 0.75rem; background: var(--surface); color: var(--ink); }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  dialog p { margin-block: 0.5rem 1rem; }
`;

const list = css`
  #panel > .entries { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); overflow: hidden; }
  #panel > .entries[data-open] { grid-template-columns: minmax(0, 1fr) minmax(20rem, 26rem); }
  .listing { display: flex; flex-direction: column; min-block-size: 0; }
  .filters { position: relative; display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0.625rem 0.75rem 0; }
  .filters input[type="search"] { flex: 1 1 14rem; min-inline-size: 0; }
  .filters details { display: contents; }
  .filters details[open]::details-content { display: contents; }
  .filters details:not([open])::details-content { display: none; }
  summary { display: inline-flex; align-items: center; min-block-size: 1.875rem; padding: 0.125rem 0.625rem; border: 1px solid var(--strong-line); border-radius: 0.375rem; background: var(--surface); cursor: pointer; }
  .choices { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; order: 9; }
  .choices select { max-inline-size: 14rem; }
  .status { display: flex; flex-wrap: wrap; align-items: center; gap: 0.375rem 0.75rem; min-block-size: 2.5rem; padding: 0.375rem 0.75rem; color: var(--muted); }
  .selection { display: inline-flex; flex-wrap: wrap; gap: 0.5rem; margin-inline-start: auto; }
  .grid { flex: 1; display: flex; flex-direction: column; min-block-size: 0; border-block-start: 1px solid var(--line); }
  .head { overflow: hidden; scrollbar-gutter: stable; border-block-end: 1px solid var(--line); background: var(--raised); }
  .scroller { flex: 1; scrollbar-gutter: stable; min-block-size: 0; overflow-y: auto; overflow-x: hidden; background: var(--surface); contain: strict; }
  .canvas { position: relative; }
  .columns {
    display: grid;
    grid-template-columns: 1.5rem minmax(5rem, 2fr) minmax(6rem, 4fr) minmax(5rem, 2fr) 4.75rem 6.75rem 5rem 3.75rem 6.5rem;
    gap: 0 0.75rem;
    align-items: center;
    padding-inline: 0.75rem;
  }
  .row { position: absolute; inset-inline: 0; inset-block-start: 0; border-block-end: 1px solid var(--line); cursor: pointer; }
  .row:hover { background: var(--raised); }
  .row[aria-selected="true"] { background: color-mix(in srgb, var(--accent) 12%, var(--surface)); }
  .row[data-current] { box-shadow: inset 3px 0 var(--accent); }
  .row:focus-visible { outline-offset: -2px; }
  .row > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .row .function, .row .arguments { font-family: var(--mono); font-size: 0.8125rem; }
  .row .function { font-weight: 650; }
  .row .result, .row .used { color: var(--muted); }
  .group { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-inline: 0.75rem; background: var(--raised); }
  .group-name { font-family: var(--mono); font-weight: 650; }
  .sort { min-block-size: 1.75rem; padding: 0; border: 0; background: none; color: var(--muted); font-weight: 600; }
  .head [role="columnheader"] { color: var(--muted); font-weight: 600; white-space: nowrap; }
  input[type="checkbox"] { inline-size: 1rem; block-size: 1rem; margin: 0; accent-color: var(--accent); vertical-align: middle; }
  /* The list makes room for an open entry: what is in the entry need not be in the list. */
  [data-open] .columns { grid-template-columns: 1.5rem minmax(5rem, 2fr) minmax(6rem, 3fr) 4.75rem 6.5rem; }
  [data-open] :is(.result, .computed, .saved, .hits) { display: none; }
  @container (max-width: 56rem) {
    .columns { grid-template-columns: 1.5rem minmax(4rem, 2fr) minmax(5rem, 3fr) 4.75rem 3.75rem 6.5rem; }
    :is(.head, .row) :is(.result, .computed, .saved) { display: none; }
    #panel > .entries[data-open] { grid-template-columns: minmax(0, 1fr); }
    #panel > .entries[data-open] .listing { display: none; }
  }
  @container (max-width: 40rem) {
    .head .columns, .head { block-size: 2.25rem; }
    .head :is(.function, .arguments) { display: none; }
    .head .columns { grid-template-columns: 1.5rem 1fr auto auto auto; }
    .row.columns { grid-template-columns: 1.5rem minmax(0, 1fr) auto auto auto; grid-template-rows: 1.375rem 1.375rem; align-content: center; }
    .row .check { grid-row: 1 / 3; }
    .row .function { grid-column: 2; }
    .row .arguments { grid-row: 2; grid-column: 2 / -1; color: var(--muted); }
    .head .size { grid-column: 3; }
    button, select, summary, input[type="search"] { min-block-size: 2.5rem; }
    .sort { min-block-size: 2rem; }
    .filters input[type="search"] { flex-basis: 100%; }
  }
`;

export const styles = [tokens, frame, list, entryStyles];

export const mountStyles = [
  tokens,
  css`
    :host { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; display: grid; justify-items: end; gap: 0.5rem; }
    section { inline-size: min(72rem, 100vw - 2rem); }
    keepsake-inspector { block-size: min(40rem, 100vh - 6rem); box-shadow: 0 0.5rem 2rem rgb(0 0 0 / 25%); }
    button { min-block-size: 2.25rem; padding-inline: 1rem; border-radius: 2rem; border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 650; }
  `,
];
