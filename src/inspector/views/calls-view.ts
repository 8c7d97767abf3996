/** The last calls: how each was answered, and why one was computed. */
import type { EntryInfo, Explanation } from 'keepsake';
import { html, nothing, type TemplateResult } from 'lit';
import { styled } from '../directives.ts';
import { formatAge, formatBytes, formatDuration, shortened, visible } from '../format.ts';
import { type CallRecord, missText, REMEMBERED_CALLS, skipText } from '../model/call-history.ts';
import type { Panel, View } from '../model/panel.ts';

const hitTexts: Readonly<Record<string, string>> = {
  memory: 'from this page’s memory',
  storage: 'from storage',
  'in-flight': 'shared with a call under way',
};

interface Opened {
  readonly call: CallRecord;
  readonly explanation: Explanation | undefined;
  readonly own: EntryInfo | undefined;
  readonly problem: string | undefined;
}

export class CallsView implements View {
  readonly #panel: Panel;
  #opened: Opened | undefined;

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  render(): TemplateResult {
    const { calls, elsewhere } = this.#panel.history;
    if (calls.length === 0 && elsewhere.size === 0)
      return html`<p class="empty">No call was made since this panel was mounted. The last ${REMEMBERED_CALLS} are listed here.</p>`;
    const longest = Math.max(1, ...calls.map(({ ms = 0 }) => ms));
    const hits = calls.filter(({ kind }) => kind === 'hit' || kind === 'waited');
    const saved = hits.reduce((sum, { savedMs }) => sum + savedMs, 0);
    return html`<div class="calls">
      <p class="status"><output aria-label="How calls were answered">${calls.length === 1 ? '1 call' : `${calls.length} calls`}, ${hits.length} answered without computing, ${formatDuration(saved)} saved</output></p>
      ${[...elsewhere].map(([key, id]) => html`<p class="elsewhere">Another tab computes ${visible(shortened(id, 80))} <code>${key.slice(0, 8)}</code></p>`)}
      <ol class="timeline" aria-label="Calls, the latest first">
        ${calls.map((call) => this.#call(call, longest))}
      </ol>
    </div>`;
  }

  #call(call: CallRecord, longest: number): TemplateResult {
    const { at, functionId, key, kind, reason, ms, sizeBytes, skipped, isStale } = call;
    const isHit = kind === 'hit' || kind === 'waited';
    const isOpen = this.#opened?.call.key === key && this.#opened.call.at === at;
    const how = isHit ? (hitTexts[reason] ?? reason) : kind === 'computing' ? 'computing…' : 'computed';
    const share = ms === undefined ? 0 : Math.max(0.004, ms / longest);
    return html`<li class="call" data-kind=${kind}>
      <div class="line">
        <span class="what">${isHit ? 'hit' : kind === 'computed' ? 'miss' : 'runs'}</span>
        <span class="name">${visible(shortened(functionId, 80))}</span>
        <span class="how">${how}${isStale ? ', stale: renewed behind' : ''}${skipped ? `; not kept: ${skipText(skipped)}` : ''}</span>
        <span class="bar" aria-hidden="true"><span ${styled({ 'inline-size': `${share * 100}%` })}></span></span>
        <span class="figure">${ms === undefined ? '' : formatDuration(ms)}</span>
        <span class="figure quiet">${sizeBytes === undefined ? '' : formatBytes(sizeBytes)}</span>
        <span class="figure quiet">${formatAge(at, Date.now())}</span>
        ${
          isHit
            ? html`<button @click=${() => this.#panel.showEntry(key)}>Entry</button>`
            : html`<button aria-expanded=${isOpen} @click=${() => this.#toggle(call, isOpen)}>Why?</button>`
        }
      </div>
      ${isOpen && this.#opened ? this.#why(this.#opened) : nothing}
    </li>`;
  }

  #toggle(call: CallRecord, isOpen: boolean): void {
    this.#opened = isOpen ? undefined : { call, explanation: undefined, own: undefined, problem: undefined };
    this.#panel.changed();
    if (!isOpen) void this.#explain(call); // shows what went wrong
  }

  async #explain(call: CallRecord): Promise<void> {
    const { memory } = this.#panel;
    const found: Opened = await Promise.all([
      memory.explain(call.key),
      memory.open(call.key).then(
        ({ info }) => info,
        () => undefined,
      ),
    ]).then(
      ([explanation, own]) => ({ call, explanation, own, problem: undefined }),
      (error: unknown) => ({ call, explanation: undefined, own: undefined, problem: String(error) }),
    );
    if (this.#opened?.call.key === call.key) this.#opened = found;
    this.#panel.changed();
  }

  #why({ call, explanation, own, problem }: Opened): TemplateResult {
    return html`<div class="why">
      <p>It was computed because ${missText(call.reason)}.</p>
      ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      ${explanation ? this.#compared(explanation, own) : problem === undefined ? html`<p class="quiet">Looking for the nearest entry…</p>` : nothing}
    </div>`;
  }

  #compared(
    { hit, nearest, differences, identity }: Explanation,
    own: EntryInfo | undefined,
  ): TemplateResult {
    if (!hit) return html`<p>Nothing is stored of it, so that there is nothing to compare.</p>`;
    if (!nearest) return html`<p>It is the only entry of its function.</p>`;
    const texts = differences.map(
      ({ path, text, kind }) =>
        html`<li data-kind=${kind}><code>${visible(path)}</code> ${visible(text)}</li>`,
    );
    return html`<p>The nearest entry differs in ${differences.length === 0 ? 'its key alone' : ''}:</p>
      <ul class="differences">${texts}</ul>
      <div class="sides">
        ${this.#side('This call', own)} ${this.#side('The nearest entry', nearest)}
      </div>
      <p class="quiet">The code is told by ${identity === 'plugin' ? 'the build plugin' : identity === 'version' ? 'its version' : 'its source text'}.</p>`;
  }

  #side(title: string, info: EntryInfo | undefined): TemplateResult {
    return html`<section aria-label=${title}><p class="label">${title}</p>
      <pre class="preview" dir="ltr" tabindex="0">${info ? visible(info.argumentsPreview) : 'not stored'}</pre>
      ${
        info
          ? html`<p class="quiet">${formatBytes(info.sizeBytes)}, computed in ${formatDuration(info.computeMs)}</p>
        <button @click=${() => this.#panel.showEntry(info.key)}>Open entry</button>`
          : nothing
      }
    </section>`;
  }
}
