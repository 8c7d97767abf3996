/** One entry: all that is known of it, and its result as far as it is looked at. */
import { type EntryInfo, MappedArray, type ShelvedResult } from 'keepsake';
import { html, nothing, type TemplateResult } from 'lit';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  shortened,
  visible,
} from '../format.ts';
import { attempt, type Panel, type View } from '../model/panel.ts';
import { downloadsOf, save } from '../preview/downloads.ts';
import { type Preview, previewOf } from '../preview/kind-of-result.ts';
import { ResultPreview } from '../preview/result-preview.ts';
import { resultText } from './entry-rows.ts';

type Fact = readonly [name: string, value: unknown];

/** What does not come as slices is read whole: larger results only when asked for. */
const MOST_UNASKED_BYTES = 8 * 2 ** 20;

const tiers: Readonly<Record<string, string>> = {
  database: 'database record',
  segment: 'file shared with other results',
  file: 'file of its own',
  memory: 'this page only',
};

/** Every array in what map() gave: each holds on to the entry until it is closed. */
async function closeAll(value: unknown, seen = new Set<unknown>()): Promise<void> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof MappedArray) await value.close();
  else
    for (const each of value instanceof Map ? value.values() : Object.values(value))
      await closeAll(each, seen);
}

export class EntryView implements View {
  readonly key: string;
  readonly #panel: Panel;
  readonly #onClose: () => void;
  #info: EntryInfo | undefined;
  #result: ShelvedResult | undefined;
  #value: unknown;
  #preview: Preview | undefined;
  #shown: ResultPreview | undefined;
  #problem: string | undefined;
  #isClosed = false;
  #mustFocus = true;

  constructor(panel: Panel, key: string, onClose: () => void) {
    this.#panel = panel;
    this.key = key;
    this.#onClose = onClose;
    this.#info = panel.entries.get(key);
  }

  async open(): Promise<void> {
    try {
      this.#result = await this.#panel.memory.open(this.key);
      this.#info = this.#result.info;
      this.#panel.changed();
      if (!this.#isClosed) await this.#read();
    } catch (error) {
      this.#problem = this.#textOf(error);
    }
    this.#panel.changed();
  }

  close(): void {
    this.#isClosed = true;
    void closeAll(this.#value).catch(() => undefined); // the entry may be gone
  }

  drawn(root: ShadowRoot): void {
    this.#shown?.drawn(root);
    if (!this.#mustFocus) return;
    this.#mustFocus = false;
    root.querySelector<HTMLElement>('.entry h2')?.focus({ preventScroll: true });
  }

  render(): TemplateResult {
    // The list hears when it is deleted, here or elsewhere.
    const isGone =
      this.#result !== undefined && !this.#panel.entries.isLoading && !this.#panel.entries.get(this.key);
    const info = this.#panel.entries.get(this.key) ?? this.#info;
    const name = visible(shortened(info?.functionId ?? this.key, 120));
    return html`<section class="entry" aria-label="Entry">
      <header><h2 tabindex="-1">${name}</h2><button class="close" @click=${this.#onClose}>Close entry</button></header>
      ${isGone ? html`<p class="problem" role="alert">This entry was deleted meanwhile. What is shown was read before.</p>` : nothing}
      ${this.#problem === undefined ? nothing : html`<p class="problem" role="alert">${this.#problem}</p>`}
      ${info ? this.#arguments(info) : nothing}
      ${this.#shown ? this.#shown.render() : this.#problem === undefined ? html`<p class="quiet">Reading the result…</p>` : nothing}
      ${info && !isGone ? this.#actions(info) : nothing}
      ${info ? this.#facts(info) : nothing}
    </section>`;
  }

  #arguments({ argumentsPreview }: EntryInfo): TemplateResult {
    return html`<p class="label">Arguments</p><pre class="preview" tabindex="0" role="region" aria-label="Arguments" dir="ltr">${visible(argumentsPreview)}</pre>`;
  }

  #facts(info: EntryInfo): TemplateResult {
    const now = Date.now();
    const { tier, expiresAt, identity, version, tags, hits, savedMs } = info;
    const facts: Fact[] = [
      ['Result', resultText(info) || 'not told'],
      ['Size', `${formatBytes(info.sizeBytes)} (${formatCount(info.sizeBytes)} bytes)`],
      ['Where', tier === undefined ? 'not told' : (tiers[tier] ?? tier)],
      ['Computed in', formatDuration(info.computeMs)],
      ['Written in', formatDuration(info.storeMs)],
      ['Hits', `${formatCount(hits)}, which saved ${formatDuration(savedMs)}`],
      ['Stored', `${formatDate(info.createdAt)} (${formatAge(info.createdAt, now)})`],
      ['Last used', `${formatDate(info.lastUsedAt)} (${formatAge(info.lastUsedAt, now)})`],
      ['Expires', expiresAt === undefined ? 'never' : formatDate(expiresAt)],
      ['Code told by', identity === undefined ? 'not told' : visible(identity)],
      ...(version === undefined ? [] : [['Version', visible(version)] as const]),
      ['Tags', tags.length > 0 ? tags.map((tag) => visible(shortened(tag, 60))).join(', ') : 'none'],
      ['Key', html`<code>${info.key}</code>`],
    ];
    return html`<p class="label">Facts</p><dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }

  #actions(info: EntryInfo): TemplateResult {
    const result = this.#result;
    const downloads = result ? downloadsOf(result, this.#preview) : [];
    const name = info.functionId.replace(/[^\w.-]+/g, '-').slice(0, 60);
    return html`<div class="actions">
      ${downloads.map(
        ({ label, extension, make }) =>
          html`<button @click=${() =>
            attempt(this.#panel, async () =>
              save(await make(), `${name}-${info.key.slice(0, 8)}.${extension}`),
            )}>Download ${label}</button>`,
      )}
      ${result ? html`<button @click=${() => attempt(this.#panel, () => this.#copy(result))}>Copy reference</button>` : nothing}
      <button @click=${() => attempt(this.#panel, () => this.#verify(info))}>Verify</button>
      <button @click=${() => this.#panel.showFunction(info.functionId)}>Show function</button>
      <button class="danger" @click=${() => attempt(this.#panel, () => this.#delete(info))}>Delete entry</button>
    </div>`;
  }

  async #read(): Promise<void> {
    const result = this.#result;
    if (!result) return;
    this.#value = await result.map('r');
    if (this.#isClosed) {
      this.close();
      return;
    }
    this.#preview = previewOf(this.#value);
    const isLarge = this.#preview.kind !== 'array' && result.info.sizeBytes > MOST_UNASKED_BYTES;
    this.#shown = new ResultPreview(this.#preview, result.info, {
      isAsked: !isLarge,
      changed: () => this.#panel.changed(),
    });
    await this.#shown.open();
  }

  async #copy(result: ShelvedResult): Promise<void> {
    const code = `const result = memory.shelved(${JSON.stringify(result.toJSON(), null, 2)})`;
    await navigator.clipboard.writeText(code);
    this.#panel.say('The reference is on the clipboard, as code');
  }

  /** Computes this one call again, and compares. */
  async #verify({ key }: EntryInfo): Promise<void> {
    this.#panel.say('Computing it again…');
    const { verified, unknown, stale } = await this.#panel.memory.verify({ key });
    const [differing] = stale;
    if (differing)
      this.#panel.say(`It differs at ${differing.path} (${differing.reason}): the entry was removed`);
    else if (verified > 0) this.#panel.say('Computed again: it is the same');
    else if (unknown > 0)
      this.#panel.say('It could not be compared: the function threw, or its arguments have changed since');
    else
      this.#panel.say(
        `It cannot be computed again from here: only calls that this page made since it was loaded are known, and with the option verify: 'off' none are`,
      );
  }

  async #delete(info: EntryInfo): Promise<void> {
    const isWanted = await this.#panel.ask({
      title: 'Delete this result?',
      text: `${formatBytes(info.sizeBytes)} that took ${formatDuration(info.computeMs)} to compute. It is computed again when it is asked for.`,
      verb: 'Delete',
    });
    if (!isWanted) return;
    const { freedBytes } = await this.#panel.memory.delete(info.key);
    this.#panel.say(`Deleted 1 entry, ${formatBytes(freedBytes)}`);
    this.#onClose();
  }

  #textOf(error: unknown): string {
    const name = error instanceof Error ? error.name : '';
    if (name === 'ResultEvictedError')
      return 'This entry is gone: it was deleted, or evicted for want of room.';
    if (name === 'DamagedEntryError')
      return `This entry is damaged (${String(error)}). Its next call computes it anew.`;
    if (name === 'UnsupportedFormatError')
      return `This entry is of a newer format than this version of the library reads (${String(error)}).`;
    return `The result cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  }
}
