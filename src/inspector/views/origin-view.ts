/** What the origin keeps, and what clears it. */
import { Memory } from 'keepsake';
import { html, nothing, type TemplateResult } from 'lit';
import { styled } from '../directives.ts';
import { formatBytes, formatCount, formatEntries, shortened, visible } from '../format.ts';
import {
  type FileReport,
  lookAtOrigin,
  type MemoryFiles,
  type OriginReport,
  settledUsage,
} from '../model/origin.ts';
import { attempt, type Panel, type View } from '../model/panel.ts';

const DAY = 86_400_000;

const bytesOrNot = (bytes: number | undefined): string =>
  bytes === undefined ? 'not told' : formatBytes(bytes);

export class OriginView implements View {
  readonly #panel: Panel;
  #report: OriginReport | undefined;
  #outcome = '';

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  shown(): void {
    void this.refresh();
  }

  async refresh(): Promise<void> {
    this.#report = await lookAtOrigin(this.#panel.memory);
    this.#panel.changed();
  }

  render(): TemplateResult {
    const { statement } = this.#panel.storage;
    return html`<div class="origin">
      <section aria-label="Storage">
        <h2>${statement.title}</h2><p>${statement.text}</p>
        ${this.#report ? this.#usage(this.#report) : html`<p class="quiet">Looking…</p>`}
      </section>
      ${this.#report?.ofMemory ? this.#files(this.#report.ofMemory) : nothing}
      ${this.#report ? this.#memories(this.#report) : nothing}
      ${this.#clearing()}
    </div>`;
  }

  #usage({ usage, quota, isPersistent, files, others, memories }: OriginReport): TemplateResult {
    const ledger = memories.reduce((sum, { stats }) => sum + (stats?.bytes ?? 0), 0);
    const share = usage !== undefined && quota ? usage / quota : undefined;
    const facts = [
      ['This origin uses', `${bytesOrNot(usage)} of ${bytesOrNot(quota)} that the browser grants`],
      ['Results, by the books', formatBytes(ledger)],
      [
        'On disk',
        files
          ? `${formatCount(files.count)} ${files.count === 1 ? 'file' : 'files'}, ${formatBytes(files.bytes)}`
          : 'none: there is no private file system here',
      ],
      [
        'Kept when space is short',
        isPersistent === undefined ? 'not told' : isPersistent ? 'yes' : 'no: the browser may clear it',
      ],
      [
        'Besides',
        others.length === 0
          ? 'nothing that the browser tells of'
          : others.map((name) => visible(shortened(name, 60))).join(', '),
      ],
    ];
    return html`
      ${share === undefined ? nothing : html`<div class="meter" role="img" aria-label="${Math.round(share * 1_000) / 10} % of the quota is used"><span ${styled({ 'inline-size': `${Math.max(0.2, share * 100)}%` })}></span></div>`}
      <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${name === 'This origin uses' ? html`<output aria-label="Usage" data-usage=${usage ?? ''}>${value}</output>` : value}</dd></div>`)}</dl>
      ${isPersistent === false ? html`<button @click=${() => attempt(this.#panel, () => this.#persist())}>Ask the browser to keep it</button>` : nothing}`;
  }

  /** What is on disk beside what the books say: the rest is nobody's. */
  #files({ own, shared }: MemoryFiles): TemplateResult {
    const { entries, memory } = this.#panel;
    const books = { own: { count: 0, bytes: 0 }, shared: { count: 0, bytes: 0 } };
    for (const { tier, sizeBytes } of entries.listed()) {
      const kind = tier === 'file' ? books.own : tier === 'segment' ? books.shared : undefined;
      if (!kind) continue;
      kind.count += 1;
      kind.bytes += sizeBytes;
    }
    const orphans = Math.max(0, own.count - books.own.count);
    const text = ({ count, bytes }: FileReport, what: string): string =>
      `${formatCount(count)} ${what}${count === 1 ? '' : 's'}, ${formatBytes(bytes)}`;
    const facts = [
      ['Files of one result', `${text(own, 'file')} on disk; ${text(books.own, 'result')} in the books`],
      ['Files of many', `${text(shared, 'file')} on disk; ${text(books.shared, 'result')} in the books`],
      [
        'Files of no result',
        entries.isLoading
          ? 'not told before all entries are read'
          : orphans === 0
            ? 'none'
            : `${formatCount(orphans)}: just being written, or left by a page that ended; those are swept when the page is idle`,
      ],
    ];
    return html`<section aria-label="Files"><h2>Files of ${visible(shortened(memory.name, 60))}</h2>
      <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>`;
  }

  #memories({ memories }: OriginReport): TemplateResult {
    if (memories.length === 0)
      return html`<section aria-label="Memories"><h2>Memories</h2><p>None has stored anything.</p></section>`;
    return html`<section aria-label="Memories"><h2>Memories</h2><ul class="memories">${memories.map(
      ({ name, stats }) => html`<li><span class="name">${visible(shortened(name, 60))}</span>
        <span class="figure">${stats ? `${formatEntries(stats.entries)}, ${formatBytes(stats.bytes)}` : 'cannot be read'}</span></li>`,
    )}</ul></section>`;
  }

  #clearing(): TemplateResult {
    const { entries } = this.#panel;
    const button = (text: string, act: () => Promise<unknown>): TemplateResult =>
      html`<button class="danger" @click=${() => attempt(this.#panel, act)}>${text}</button>`;
    const value = (event: Event): string => {
      const select = (event.currentTarget as HTMLElement).parentElement?.querySelector('select'); // a button of the form
      return select?.value ?? '';
    };
    return html`<section aria-label="Clearing"><h2>Clearing</h2>
      <p>What is cleared is computed again when it is asked for. You are told how much goes before it does.</p>
      <div class="clearing">
        ${
          entries.tags.size === 0
            ? nothing
            : html`<form><label>Tag <select name="tag">${[...entries.tags].slice(0, 200).map((tag) => html`<option value=${tag}>${visible(shortened(tag, 60))}</option>`)}</select></label>
          <button type="button" class="danger" @click=${(event: Event) => {
            const tag = value(event);
            void attempt(this.#panel, () => this.#deleteTag(tag));
          }}>Clear tag</button></form>`
        }
        <form><label>Not used for <select name="age"><option value=${DAY}>a day</option><option value=${7 * DAY}>a week</option><option value=${30 * DAY}>a month</option></select></label>
          <button type="button" class="danger" @click=${(event: Event) => {
            const ageMs = Number(value(event));
            void attempt(this.#panel, () => this.#deleteOlder(ageMs));
          }}>Clear older</button></form>
        ${button('Clear this memory', () => this.#clearMemory())}
        ${button('Clear the origin', () => this.#clearOrigin())}
      </div>
      <output class="outcome" aria-label="What was cleared">${this.#outcome}</output>
    </section>`;
  }

  async #persist(): Promise<void> {
    const isKept = await navigator.storage.persist();
    this.#panel.say(
      isKept
        ? 'The browser keeps it'
        : 'The browser refused: it grants this to pages that are used often, or installed',
    );
    await this.refresh();
  }

  /** Asks with what goes, does it, and says how much the origin used before and after. */
  async #clear(title: string, text: string, verb: string, act: () => Promise<string>): Promise<void> {
    if (
      !(await this.#panel.ask({
        title,
        text: `${text} Results are computed again when they are asked for.`,
        verb,
      }))
    )
      return;
    const before = (await navigator.storage?.estimate())?.usage;
    const what = await act();
    const after = await settledUsage();
    this.#outcome = `${what} The origin used ${bytesOrNot(before)} before, and ${bytesOrNot(after)} after.`;
    this.#panel.say(this.#outcome);
    await this.refresh();
  }

  async #deleteTag(tag: string): Promise<void> {
    const { memory } = this.#panel;
    const count = await memory.entries({ tag }).count();
    await this.#clear(
      `Clear the tag ${visible(shortened(tag, 60))}?`,
      `${formatEntries(count)}.`,
      'Clear tag',
      async () => {
        const { removed, freedBytes } = await memory.deleteTag(tag);
        return `Deleted ${formatEntries(removed)}, ${formatBytes(freedBytes)}.`;
      },
    );
  }

  async #deleteOlder(ageMs: number): Promise<void> {
    const { memory, entries } = this.#panel;
    const old = [...entries.listed()].filter(({ lastUsedAt }) => lastUsedAt < Date.now() - ageMs);
    const bytes = old.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await this.#clear(
      'Clear what was not used?',
      `${formatEntries(old.length)}, ${formatBytes(bytes)}.`,
      'Clear older',
      async () => {
        const { removed, freedBytes } = await memory.delete(...old.map(({ key }) => key));
        return `Deleted ${formatEntries(removed)}, ${formatBytes(freedBytes)}.`;
      },
    );
  }

  async #clearMemory(): Promise<void> {
    const { memory } = this.#panel;
    const { entries, bytes } = await memory.stats();
    const title = `Clear the memory ${visible(shortened(memory.name, 60))}?`;
    await this.#clear(
      title,
      `${formatEntries(entries)}, ${formatBytes(bytes)}, for every tab.`,
      'Clear memory',
      async () => {
        const { removed, freedBytes } = await memory.clear();
        return `Deleted ${formatEntries(removed)}, ${formatBytes(freedBytes)}.`;
      },
    );
  }

  async #clearOrigin(): Promise<void> {
    const names = await Memory.list().catch(() => []);
    const what = names.length === 1 ? '1 memory' : `${formatCount(names.length)} memories`;
    const usage = (await navigator.storage?.estimate())?.usage;
    const text = `${what} and ${bytesOrNot(usage)} of this origin go, for every tab.`;
    await this.#clear("Clear this origin's storage?", text, 'Clear everything', async () => {
      const { pending } = await Memory.clearOrigin();
      return pending.length > 0 ? 'Cleared; another tab still holds some of it.' : 'Cleared.';
    });
  }
}
