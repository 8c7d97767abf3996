import type { EntryInfo, Memory } from 'keepsake';
import { createElement, getElement } from './elements.ts';
import { formatAge, formatBytes, formatCount, formatDuration } from './format.ts';
import { hasStorage } from './stored.ts';

/** A preview holds up to 1 KiB; a button's name should not. */
const spokenPreviewLength = 80;

interface Cell {
  readonly heading: string;
  readonly text: string;
}

interface Actions {
  deleteEntry(key: string): Promise<unknown>;
  clearFunction(functionId: string): Promise<unknown>;
}

interface EntriesTable {
  refresh(): Promise<void>;
  /** Empties the table without asking the memory, which would open its storage again. */
  showNone(): void;
}

/** Fills the table of stored entries, one row group per function, newest use first. */
export function wireEntriesTable(memory: Memory, actions: Actions): EntriesTable {
  const table = getElement('[data-entries]', HTMLTableElement);
  const empty = getElement('[data-no-entries]', HTMLElement);
  let latest = 0;
  const show = (entries: readonly EntryInfo[]) => {
    const focusKey =
      table.contains(document.activeElement) && document.activeElement?.getAttribute('data-focus-key');
    for (const body of [...table.tBodies]) body.remove();
    const groups = Map.groupBy(entries, (entry) => entry.functionId);
    for (const [functionId, group] of groups) table.append(createGroup(functionId, group, actions));
    table.hidden = entries.length === 0;
    empty.hidden = entries.length > 0;
    if (focusKey) restoreFocus(table, focusKey);
  };
  const refresh = async () => {
    latest += 1;
    const current = latest;
    const entries = await collectEntries(memory);
    // A later refresh has read newer entries.
    if (current === latest) show(entries);
  };
  const showNone = () => {
    latest += 1;
    show([]);
  };
  return { refresh, showNone };
}

/** Rows are rebuilt, so the focus goes back to the same button, or to the region when its row is gone. */
function restoreFocus(table: HTMLTableElement, focusKey: string): void {
  const button = table.querySelector<HTMLElement>(`[data-focus-key="${CSS.escape(focusKey)}"]`);
  (button ?? getElement('#stored-title', HTMLElement)).focus();
}

async function collectEntries(memory: Memory): Promise<EntryInfo[]> {
  const entries: EntryInfo[] = [];
  if (!(await hasStorage(memory))) return entries;
  for await (const entry of memory.entries()) entries.push(entry);
  return entries;
}

function createGroup(
  functionId: string,
  entries: readonly EntryInfo[],
  actions: Actions,
): HTMLTableSectionElement {
  const clear = createButton('Clear function', functionId, () => actions.clearFunction(functionId));
  const heading = createElement(
    'th',
    { scope: 'rowgroup', colspan: '5' },
    createElement('code', {}, functionId),
  );
  const group = createElement('tbody', { 'data-function': functionId });
  group.append(createElement('tr', { class: 'group' }, heading, createElement('td', {}, clear)));
  group.append(...entries.map((entry) => createRow(entry, actions)));
  return group;
}

function createRow(entry: EntryInfo, actions: Actions): HTMLTableRowElement {
  const remove = createButton(
    'Delete',
    `entry of ${entry.functionId} ${entry.argumentsPreview.slice(0, spokenPreviewLength)}`,
    () => actions.deleteEntry(entry.key),
  );
  const row = createElement('tr', { 'data-key': entry.key });
  const preview = createElement(
    'code',
    { class: 'preview', title: entry.argumentsPreview },
    entry.argumentsPreview,
  );
  row.append(createElement('th', { scope: 'row', 'data-heading': 'Arguments' }, preview));
  for (const { heading, text } of describeEntry(entry)) {
    row.append(createElement('td', { 'data-heading': heading }, text));
  }
  row.append(createElement('td', { class: 'action' }, remove));
  return row;
}

const describeEntry = (entry: EntryInfo): readonly Cell[] => [
  { heading: 'Size', text: formatBytes(entry.sizeBytes) },
  { heading: 'Computed in', text: formatDuration(entry.computeMs) },
  { heading: 'Last used', text: formatAge(entry.lastUsedAt, Date.now()) },
  { heading: 'Hits', text: formatCount(entry.hits) },
];

function createButton(verb: string, object: string, act: () => Promise<unknown>): HTMLButtonElement {
  const name = `${verb} ${object}`;
  const attributes = { type: 'button', class: 'quiet', 'aria-label': name, 'data-focus-key': name };
  const button = createElement('button', attributes, verb);
  button.addEventListener('click', () => {
    // Not `disabled`, which would drop the focus before the table is redrawn.
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    // The memory's 'delete' event redraws the table; only a failure leaves the button to be tried again.
    act().catch((error: unknown) => {
      button.ariaDisabled = null;
      button.textContent = `Failed: ${String(error)}`;
    });
  });
  return button;
}
