import type { EntryInfo, Memory } from 'keepsake';
import { confirmRemoval } from './confirm-removal.ts';
import { createElement, getElement } from './elements.ts';
import { formatAge, formatBytes, formatCount, formatDuration, visible } from './format.ts';
import { hasStorage } from './stored.ts';

/** Rows that are shown at first, and that each press adds: a table of thousands takes seconds to draw. */
const PAGE = 50;

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
  let wanted = PAGE;
  const table = getElement('[data-entries]', HTMLTableElement);
  const more = getElement('[data-more-entries]', HTMLButtonElement);
  const empty = getElement('[data-no-entries]', HTMLElement);
  let latest = 0;
  const show = ({ entries, total }: Page) => {
    const focusKey =
      table.contains(document.activeElement) && document.activeElement?.getAttribute('data-focus-key');
    for (const body of [...table.tBodies]) body.remove();
    const groups = Map.groupBy(entries, (entry) => entry.functionId);
    for (const [functionId, group] of groups) table.append(createGroup(memory, functionId, group, actions));
    more.hidden = entries.length >= total;
    more.textContent = `Show ${formatCount(Math.min(PAGE, total - entries.length))} more of ${formatCount(total)}`;
    table.hidden = entries.length === 0;
    empty.hidden = entries.length > 0;
    if (focusKey) restoreFocus(table, focusKey);
  };
  const refresh = async () => {
    latest += 1;
    const current = latest;
    const page = await collectEntries(memory, wanted);
    // A later refresh has read newer entries.
    if (current === latest) show(page);
  };
  const showNone = () => {
    latest += 1;
    wanted = PAGE;
    show({ entries: [], total: 0 });
  };
  more.addEventListener('click', () => {
    wanted += PAGE;
    void refresh(); // as for an event, failures are reported by the page
  });
  return { refresh, showNone };
}

/** Rows are rebuilt, so the focus goes back to the same button, or to the region when its row is gone. */
function restoreFocus(table: HTMLTableElement, focusKey: string): void {
  const button = table.querySelector<HTMLElement>(`[data-focus-key="${CSS.escape(focusKey)}"]`);
  (button ?? getElement('#stored-title', HTMLElement)).focus();
}

interface Page {
  /** The last used ones. */
  readonly entries: readonly EntryInfo[];
  readonly total: number;
}

async function collectEntries(memory: Memory, limit: number): Promise<Page> {
  if (!(await hasStorage(memory))) return { entries: [], total: 0 };
  const [entries, { entries: total }] = await Promise.all([
    Array.fromAsync(memory.entries({ limit })),
    memory.stats(),
  ]);
  return { entries, total };
}

/** How much goes with a function. */
async function sizeOf(memory: Memory, functionId: string): Promise<string> {
  const row = (await memory.functions()).find((each) => each.functionId === functionId);
  const entries = row?.entries ?? 0;
  return `${entries === 1 ? '1 entry' : `${formatCount(entries)} entries`}, ${formatBytes(row?.bytes ?? 0)}`;
}

function createGroup(
  memory: Memory,
  functionId: string,
  entries: readonly EntryInfo[],
  actions: Actions,
): HTMLTableSectionElement {
  const clear = createButton('Clear function', functionId, async () => {
    const text = `${await sizeOf(memory, functionId)}. They are computed again when they are asked for.`;
    const question = { title: `Clear ${functionId}?`, text, verb: 'Clear function' };
    return (await confirmRemoval(question)) && actions.clearFunction(functionId);
  });
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
    `entry of ${entry.functionId} ${visible(entry.argumentsPreview).slice(0, spokenPreviewLength)}`,
    async () => {
      const text = `${formatBytes(entry.sizeBytes)} that took ${formatDuration(entry.computeMs)} to compute. It is computed again when it is asked for.`;
      const question = { title: 'Delete this result?', text, verb: 'Delete' };
      return (await confirmRemoval(question)) && actions.deleteEntry(entry.key);
    },
  );
  const row = createElement('tr', { 'data-key': entry.key });
  const preview = createElement(
    'code',
    { class: 'preview', dir: 'ltr', title: visible(entry.argumentsPreview) },
    visible(entry.argumentsPreview),
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
    // The memory's 'delete' event redraws the table; a no, or a failure, leaves the button to be pressed again.
    act()
      .catch((error: unknown) => {
        button.textContent = `Failed: ${String(error)}`;
      })
      .finally(() => {
        button.ariaDisabled = null;
      });
  });
  return button;
}
