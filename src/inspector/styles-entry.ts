/** How one entry, calls, functions and the origin look. */
import { css } from 'lit';

export const entryStyles = css`
  .entry { display: flex; flex-direction: column; gap: 0.625rem; min-inline-size: 0; overflow: auto; padding: 0.75rem; border-inline-start: 1px solid var(--line); background: var(--surface); }
  .entry > * { flex-shrink: 0; }
  .entry header { display: flex; gap: 0.75rem; align-items: start; justify-content: space-between; }
  .entry header h2 { font-family: var(--mono); font-size: 0.9375rem; }
  .close { flex-shrink: 0; }
  .preview { overflow: auto; max-block-size: 10rem; padding: 0.5rem 0.625rem; border-radius: 0.375rem; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
  pre.preview[aria-label="First bytes"] { white-space: pre; overflow-wrap: normal; }
  .facts { display: grid; gap: 0.25rem; }
  .facts > div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0.75rem; }
  dt { color: var(--muted); }
  dd { overflow-wrap: anywhere; }
  .figures { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; }
  .figures dd { font-weight: 600; }
  .read { display: flex; flex-wrap: wrap; gap: 0 0.75rem; color: var(--muted); }
  .ways { display: flex; gap: 0; }
  .ways button { border-radius: 0; margin-inline-start: -1px; }
  .ways button:first-child { border-radius: 0.375rem 0 0 0.375rem; margin: 0; }
  .ways button:last-child { border-radius: 0 0.375rem 0.375rem 0; }
  canvas { display: block; inline-size: 100%; block-size: 10rem; color: var(--accent); outline-color: var(--line); border-radius: 0.375rem; background: var(--ground); }
  canvas.heat-map { image-rendering: pixelated; object-fit: fill; }
  canvas.picture { block-size: auto; max-block-size: 16rem; object-fit: contain; image-rendering: pixelated; }
  canvas.bars { block-size: 4rem; }
  .move { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 0.75rem; align-items: center; }
  .move span { grid-column: 1 / -1; color: var(--muted); }
  input[type="range"] { inline-size: 100%; accent-color: var(--accent); }
  .table { overflow: auto; max-block-size: 16rem; border: 1px solid var(--line); border-radius: 0.375rem; }
  table { border-collapse: collapse; font-size: 0.8125rem; }
  th, td { max-inline-size: 16rem; padding: 0.1875rem 0.5rem; border-block-end: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: start; font-weight: 400; }
  thead th { position: sticky; inset-block-start: 0; background: var(--raised); font-weight: 600; }
  tbody th { color: var(--muted); }
  .turn { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; justify-content: space-between; color: var(--muted); }
  .tree { overflow: auto; max-block-size: 16rem; padding: 0.375rem; border-radius: 0.375rem; background: var(--raised); font-family: var(--mono); font-size: 0.8125rem; }
  .members { padding-inline-start: 1rem; }
  .leaf { padding-inline-start: 1.125rem; overflow-wrap: anywhere; }
  .twig { min-block-size: 1.5rem; padding: 0; border: 0; background: none; text-align: start; font: inherit; }
  .tree .name { color: var(--accent); }
  .status output { color: inherit; }
  .timeline { border-block-start: 1px solid var(--line); background: var(--surface); }
  .calls > p { padding: 0.5rem 0.75rem; }
  .call { border-block-end: 1px solid var(--line); }
  .line { display: grid; grid-template-columns: 2.5rem minmax(6rem, 2fr) minmax(8rem, 3fr) minmax(4rem, 2fr) 4.5rem 4.5rem 6rem 4.5rem; gap: 0.75rem; align-items: center; min-block-size: 2.375rem; padding: 0.1875rem 0.75rem; }
  .line .what { color: var(--accent); font-weight: 650; }
  .call:is([data-kind="computed"], [data-kind="computing"]) .what { color: var(--warm); }
  .line .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 650; }
  .line .how { color: var(--muted); }
  .bar { block-size: 0.625rem; border-radius: 0.3125rem; background: var(--raised); overflow: hidden; }
  .bar span { display: block; block-size: 100%; min-inline-size: 2px; background: var(--accent); }
  .call[data-kind="computed"] .bar span { background: var(--warm); }
  .elsewhere { color: var(--warm); }
  .why { display: grid; gap: 0.5rem; padding: 0.25rem 0.75rem 0.875rem 4rem; }
  .differences { display: grid; gap: 0.125rem; }
  .differences code { padding: 0.0625rem 0.3125rem; border-radius: 0.25rem; background: color-mix(in srgb, var(--warm) 16%, var(--surface)); }
  .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.75rem; }
  .sides section { display: grid; gap: 0.375rem; align-content: start; justify-items: start; min-inline-size: 0; }
  .sides pre { inline-size: 100%; }
  .function-list > li, .memories > li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.25rem 1rem; align-items: center; padding: 0.5rem 0.75rem; border-block-end: 1px solid var(--line); background: var(--surface); }
  .function-list .name { font-weight: 650; }
  .details { grid-column: 1 / -1; display: grid; gap: 0.625rem; padding: 0.25rem 0 0.5rem 1.125rem; }
  .details .facts > div { grid-template-columns: minmax(8rem, 20rem) minmax(0, 1fr); }
  .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0.75rem; max-inline-size: 40rem; }
  figcaption { color: var(--muted); }
  .origin { display: grid; align-content: start; gap: 1.5rem; padding: 1rem 0.75rem; }
  .origin section { display: grid; gap: 0.5rem; justify-items: start; }
  .origin .facts > div { grid-template-columns: 12rem minmax(0, 1fr); }
  .origin section > * { max-inline-size: 70ch; }
  .origin .memories { inline-size: 100%; max-inline-size: 44rem; border-block-start: 1px solid var(--line); }
  .meter { inline-size: 100%; max-inline-size: 30rem; block-size: 0.625rem; border-radius: 0.3125rem; background: var(--raised); overflow: hidden; }
  .meter span { display: block; block-size: 100%; min-inline-size: 2px; background: var(--accent); }
  .clearing { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; }
  .clearing form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
  .outcome { min-block-size: 1.5rem; }
  @container (max-width: 56rem) {
    .entry { border-inline-start: 0; }
    .line { grid-template-columns: 2.5rem minmax(0, 1fr) auto auto; }
    .line { gap: 0 0.75rem; padding-block: 0.375rem; }
    .line .how { grid-row: 2; grid-column: 2 / 4; }
    .line button { grid-row: 1 / 3; grid-column: 4; }
    .line .bar, .line .figure:nth-last-of-type(-n + 2) { display: none; }
    .why { padding-inline-start: 0.75rem; }
  }
  @container (max-width: 40rem) {
    .facts > div, :is(.details, .origin) .facts > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
  }
  @media (forced-colors: active) {
    .bar span, .meter span { background: CanvasText; }
    .bar, .meter { border: 1px solid CanvasText; }
  }
`;
