/** All entries of a memory: a list that is drawn as far as it is seen. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { html, nothing, type TemplateResult } from 'lit';
import { styled } from '../directives.ts';
import { formatBytes, formatCount, formatEntries } from '../format.ts';
import { isGroup, type ListItem, type SortKey } from '../model/entry-filter.ts';
import { attempt, type Panel, type View } from '../model/panel.ts';
import { columns, entryRow, groupRow } from './entry-rows.ts';
import { EntryView } from './entry-view.ts';
import { filterBar } from './filter-bar.ts';

const WIDE_ROW = 36;
const NARROW_ROW = 62;
/** Below, a row takes two lines. */
const NARROW_PX = 640;

export class EntriesView implements View {
  readonly #panel: Panel;
  readonly #selected = new Set<string>();
  #virtual: Virtualizer<HTMLElement, HTMLElement> | undefined;
  #unmount: (() => void) | undefined;
  #active = 0;
  #mustFocus = false;
  #entry: EntryView | undefined;

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  async openEntry(key: string): Promise<void> {
    this.#entry?.close();
    this.#entry = new EntryView(this.#panel, key, () => this.#closeEntry());
    this.#panel.changed();
    await this.#entry.open();
  }

  close(): void {
    this.#entry?.close();
    this.#unmount?.();
  }

  drawn(root: ShadowRoot): void {
    const scroller = root.querySelector<HTMLElement>('.scroller');
    if (scroller && this.#virtual?.options.getScrollElement() !== scroller) this.#mount(scroller);
    if (!scroller) this.#unmount?.();
    this.#entry?.drawn(root);
    if (!this.#mustFocus) return;
    const row = root.querySelector<HTMLElement>('.row[tabindex="0"]');
    if (row) this.#mustFocus = false;
    row?.focus({ preventScroll: true });
  }

  render(): TemplateResult {
    const { entries } = this.#panel;
    const list = entries.items.length === 0 ? this.#empty() : this.#list();
    return html`<div class="entries" ?data-open=${this.#entry !== undefined}>
      <div class="listing">
        ${filterBar(this.#panel)} ${this.#status()} ${list}
      </div>
      ${this.#entry?.render() ?? nothing}
    </div>`;
  }

  #mount(scroller: HTMLElement): void {
    this.#unmount?.();
    const isNarrow = scroller.clientWidth < NARROW_PX;
    const virtual = new Virtualizer<HTMLElement, HTMLElement>({
      count: this.#panel.entries.items.length,
      getScrollElement: () => scroller,
      estimateSize: () => (scroller.clientWidth < NARROW_PX ? NARROW_ROW : WIDE_ROW),
      overscan: 6,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      initialRect: { width: scroller.clientWidth, height: scroller.clientHeight },
      onChange: () => this.#panel.changed(),
    });
    let wasNarrow = isNarrow;
    const resized = new ResizeObserver(() => {
      const isNow = scroller.clientWidth < NARROW_PX;
      if (isNow !== wasNarrow) virtual.measure();
      wasNarrow = isNow;
    });
    resized.observe(scroller);
    const unmount = virtual._didMount();
    this.#virtual = virtual;
    this.#unmount = () => {
      unmount();
      resized.disconnect();
      this.#virtual = undefined;
      this.#unmount = undefined;
    };
    virtual._willUpdate();
    this.#panel.changed();
  }

  #status(): TemplateResult {
    const { entries } = this.#panel;
    const bytes = entries.shownBytes;
    const shown = entries.shown.length;
    const of = shown === entries.total ? '' : ` of ${formatCount(entries.total)}`;
    const selected = [...this.#selected].flatMap((key) => entries.get(key) ?? []);
    const total = selected.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return html`<div class="status">
      <output aria-label="Entries shown">${formatCount(shown)}${of} ${shown === 1 && !of ? 'entry' : 'entries'}, ${formatBytes(bytes)}</output>
      ${entries.isLoading ? html`<span class="quiet">reading…</span>` : nothing}
      ${
        selected.length > 0
          ? html`<span class="selection">
              <button class="danger" @click=${() => this.#deleteSelected(total)}>Delete ${formatCount(selected.length)} selected (${formatBytes(total)})</button>
              <button @click=${() => this.#select([])}>Select none</button>
            </span>`
          : nothing
      }
      ${entries.error === undefined ? nothing : html`<p class="problem" role="alert">The entries could not be read: ${String(entries.error)}</p>`}
    </div>`;
  }

  #empty(): TemplateResult {
    const { entries, storage } = this.#panel;
    if (entries.isLoading) return html`<p class="empty">Reading the entries…</p>`;
    if (entries.total > 0) return html`<p class="empty">No entry passes the filter.</p>`;
    return html`<p class="empty">Nothing is stored yet. ${storage.statement.text}</p>`;
  }

  #list(): TemplateResult {
    const { items, order } = this.#panel.entries;
    const virtual = this.#virtual;
    if (virtual && virtual.options.count !== items.length) {
      virtual.setOptions({ ...virtual.options, count: items.length });
      this.#active = Math.min(this.#active, items.length - 1);
    }
    const rows = virtual?.getVirtualItems() ?? [];
    const total = virtual?.getTotalSize() ?? items.length * WIDE_ROW;
    // The active row stays in the tab order where it was scrolled out of sight.
    const first = rows[0]?.index ?? 0;
    const last = rows.at(-1)?.index ?? 0;
    const tabStop = this.#active >= first && this.#active <= last ? this.#active : first;
    return html`<div class="grid" role="grid" aria-label="Stored entries" aria-rowcount=${items.length + 1} aria-multiselectable="true">
      <div class="head" role="rowgroup"><div role="row" aria-rowindex="1" class="columns">
        <span role="columnheader"><input type="checkbox" aria-label="Select all that are shown" .checked=${this.#isAllSelected()} @change=${this.#toggleAll}></span>
        ${columns.map(({ label, by, className }) =>
          by
            ? html`<span role="columnheader" class=${className} aria-sort=${order.by === by ? order.direction : 'none'}><button class="sort" @click=${() => this.#sort(by)}>${label}<span aria-hidden="true">${order.by === by ? (order.direction === 'ascending' ? ' ↑' : ' ↓') : ''}</span></button></span>`
            : html`<span role="columnheader" class=${className}>${label}</span>`,
        )}
      </div></div>
      <div class="scroller" role="rowgroup" @keydown=${this.#onKey}>
        <div class="canvas" role="presentation" ${styled({ height: `${total}px` })}>
          ${rows.map((row) => this.#row(row, items[row.index], row.index === tabStop))}
        </div>
      </div>
    </div>`;
  }

  #row({ index, start, size }: VirtualItem, item: ListItem | undefined, isTabStop: boolean): unknown {
    if (!item) return nothing;
    const common = { index, isTabStop, place: { transform: `translateY(${start}px)`, height: `${size}px` } };
    if (isGroup(item)) return groupRow(item, common, () => this.#panel.showFunction(item.group));
    const isSelected = this.#selected.has(item.key);
    const open = (): void => {
      this.#active = index;
      void this.openEntry(item.key); // says by itself what went wrong
    };
    const toggle = (): void => this.#toggle(item.key);
    return entryRow(item, { ...common, isSelected, isOpen: this.#entry?.key === item.key, open, toggle });
  }

  #sort(by: SortKey): void {
    const { entries } = this.#panel;
    const { order } = entries;
    const isText = by === 'functionId';
    const isSame = order.by === by;
    const first = isText ? 'ascending' : 'descending';
    const other = isText ? 'descending' : 'ascending';
    entries.order = { by, direction: isSame && order.direction === first ? other : first };
    void entries.arrange();
    this.#panel.say(
      `Sorted by ${columns.find((column) => column.by === by)?.label ?? by}, ${entries.order.direction}`,
    );
  }

  #isAllSelected(): boolean {
    const { shown } = this.#panel.entries;
    return shown.length > 0 && this.#selected.size >= shown.length;
  }

  readonly #toggleAll = (): void => {
    const { shown } = this.#panel.entries;
    this.#select(this.#isAllSelected() ? [] : shown.map(({ key }) => key));
  };

  #select(keys: readonly string[]): void {
    this.#selected.clear();
    for (const key of keys) this.#selected.add(key);
    this.#panel.changed();
  }

  #toggle(key: string): void {
    if (!this.#selected.delete(key)) this.#selected.add(key);
    this.#panel.changed();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { items } = this.#panel.entries;
    const page = Math.max(1, (this.#virtual?.getVirtualItems().length ?? 10) - 12);
    const moves: Readonly<Record<string, number>> = {
      ...{ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -items.length, End: items.length },
    };
    const move = moves[event.key];
    const item = items[this.#active];
    if (move !== undefined) {
      this.#active = Math.max(0, Math.min(items.length - 1, this.#active + move));
      this.#virtual?.scrollToIndex(this.#active);
      this.#mustFocus = true;
      this.#panel.changed();
    } else if (event.key === 'Enter' && item) {
      if (isGroup(item)) this.#panel.showFunction(item.group);
      else void this.openEntry(item.key);
    } else if (event.key === ' ' && item && !isGroup(item)) this.#toggle(item.key);
    else return;
    event.preventDefault();
  };

  #closeEntry(): void {
    this.#entry?.close();
    this.#entry = undefined;
    this.#mustFocus = true;
    this.#panel.changed();
  }

  #deleteSelected(bytes: number): void {
    const keys = [...this.#selected];
    void attempt(this.#panel, async () => {
      const question = {
        title: `Delete ${formatEntries(keys.length)}?`,
        text: `${formatBytes(bytes)}. They are computed again when they are asked for.`,
        verb: 'Delete',
      };
      if (!(await this.#panel.ask(question))) return;
      const { removed, freedBytes } = await this.#panel.memory.delete(...keys);
      this.#select([]);
      this.#panel.say(`Deleted ${formatEntries(removed)}, ${formatBytes(freedBytes)}`);
    });
  }
}
