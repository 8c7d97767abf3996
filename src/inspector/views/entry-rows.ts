/** One entry, or the head of a function's entries, as a row of the list. */
import type { EntryInfo } from 'keepsake';
import { html, type TemplateResult } from 'lit';
import { styled } from '../directives.ts';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatEntries,
  formatShape,
  shortened,
  visible,
} from '../format.ts';
import type { EntryGroup, SortKey } from '../model/entry-filter.ts';

interface Column {
  readonly label: string;
  readonly by?: SortKey;
  readonly className: string;
}

export const columns: readonly Column[] = [
  { label: 'Function', by: 'functionId', className: 'function' },
  { label: 'Arguments', className: 'arguments' },
  { label: 'Result', className: 'result' },
  { label: 'Size', by: 'sizeBytes', className: 'figure size' },
  { label: 'Computed in', by: 'computeMs', className: 'figure computed' },
  { label: 'Saved', by: 'savedMs', className: 'figure saved' },
  { label: 'Hits', by: 'hits', className: 'figure hits' },
  { label: 'Last used', by: 'lastUsedAt', className: 'figure used' },
];

interface Common {
  readonly index: number;
  readonly isTabStop: boolean;
  readonly place: Readonly<Record<string, string>>;
}

interface EntryRow extends Common {
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  open(): void;
  toggle(): void;
}

/** A preview holds up to 1 KiB; a row shows a line of it. */
const PREVIEW = 160;

/** 'float32 4,000 × 4,000', 'Object', 'text' and so on. */
export function resultText({ resultKind, dtype, shape }: EntryInfo): string {
  if (resultKind === undefined) return '';
  const name = visible(dtype ?? resultKind);
  return shape ? `${name} ${formatShape(shape)}` : name;
}

export function entryRow(entry: EntryInfo, row: EntryRow): TemplateResult {
  const { functionId, argumentsPreview, sizeBytes, computeMs, savedMs, hits, lastUsedAt } = entry;
  const preview = visible(shortened(argumentsPreview, PREVIEW));
  const toggle = (event: Event): void => {
    event.stopPropagation();
    row.toggle();
  };
  return html`<div role="row" class="row columns" aria-rowindex=${row.index + 2} aria-selected=${row.isSelected} ?data-current=${row.isOpen}
    tabindex=${row.isTabStop ? 0 : -1} data-key=${entry.key} @click=${row.open} ${styled(row.place)}>
    <span role="gridcell" class="check" @click=${(event: Event) => event.stopPropagation()}><input type="checkbox" tabindex="-1" aria-label="Select" .checked=${row.isSelected} @change=${toggle}></span>
    <span role="gridcell" class="function">${visible(shortened(functionId, PREVIEW))}</span>
    <span role="gridcell" class="arguments" dir="ltr">${preview}</span>
    <span role="gridcell" class="result">${resultText(entry)}</span>
    <span role="gridcell" class="figure size">${formatBytes(sizeBytes)}</span>
    <span role="gridcell" class="figure computed">${formatDuration(computeMs)}</span>
    <span role="gridcell" class="figure saved">${formatDuration(savedMs)}</span>
    <span role="gridcell" class="figure hits">${formatCount(hits)}</span>
    <span role="gridcell" class="figure used">${formatAge(lastUsedAt, Date.now())}</span>
  </div>`;
}

export const groupRow = (
  { group, count, bytes }: EntryGroup,
  { index, isTabStop, place }: Common,
  open: () => void,
): TemplateResult => html`<div role="row" class="row group" aria-rowindex=${index + 2} tabindex=${isTabStop ? 0 : -1} @click=${open} ${styled(place)}>
    <span role="gridcell" class="group-name">${visible(shortened(group, PREVIEW))}</span>
    <span role="gridcell" class="figure">${formatEntries(count)}, ${formatBytes(bytes)}</span>
  </div>`;
