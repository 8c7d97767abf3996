/** `<keepsake-inspector>`: what the memories of an origin hold, what it saved, and why a call was computed. */
import { Memory } from 'keepsake';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { shortened, visible } from './format.ts';
import { CallHistory } from './model/call-history.ts';
import { EntryList } from './model/entry-list.ts';
import { Findings, type Manifests } from './model/findings.ts';
import type { Panel, Question, View, ViewName } from './model/panel.ts';
import { StorageState } from './model/storage-state.ts';
import { styles } from './styles.ts';
import { CallsView } from './views/calls-view.ts';
import { EntriesView } from './views/entries-view.ts';
import { FunctionsView } from './views/functions-view.ts';
import { OriginView } from './views/origin-view.ts';

const labels: Readonly<Record<ViewName, string>> = {
  entries: 'Entries',
  calls: 'Calls',
  functions: 'Functions',
  origin: 'Origin',
};
const viewNames = Object.keys(labels) as ViewName[]; // the keys of the line above

interface Asked extends Question {
  answer(isWanted: boolean): void;
}

interface Shown {
  readonly panel: Panel;
  readonly views: { readonly [Name in ViewName]: View };
  readonly end: AbortController;
  /** Opened by the panel, and so closed by it. */
  readonly own: Memory | undefined;
}

export class KeepsakeInspector extends LitElement {
  static override styles = styles;
  static override properties = {
    memory: { attribute: false },
    view: { type: String, reflect: true },
  };
  /** The memory to begin with; without one, the first of the origin. */
  declare memory: Memory | undefined;
  declare view: ViewName;
  manifests: Manifests | undefined;
  /** Calls that were heard of before the panel was opened. */
  history = new CallHistory();
  #shown: Shown | undefined;
  #names: readonly string[] = [];
  #said = '';
  #question: Asked | undefined;

  constructor() {
    super();
    this.view = 'entries';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('memory') && this.isConnected && this.memory !== this.#shown?.panel.memory)
      void this.#begin();
  }

  protected override updated(changed: PropertyValues): void {
    const root = this.renderRoot as ShadowRoot; // Lit makes one
    if (changed.has('view')) this.#shown?.views[this.view].shown?.();
    this.#shown?.views[this.view].drawn?.(root);
    const dialog = root.querySelector('dialog');
    if (this.#question && dialog && !dialog.open) dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`<div class="frame">
      <header class="top">
        <div class="tabs" role="tablist" aria-label="Views" @keydown=${this.#onTabKey}>
          ${viewNames.map((name) => {
            const isShown = name === this.view;
            return html`<button role="tab" id="tab-${name}" aria-selected=${isShown} aria-controls="panel" tabindex=${isShown ? 0 : -1} @click=${() => this.#show(name)}>${labels[name]}</button>`;
          })}
        </div>
        ${this.#picker()} ${this.#badge()}
      </header>
      <div id="panel" role="tabpanel" aria-labelledby="tab-${this.view}">
        ${this.#shown ? this.#shown.views[this.view].render() : html`<p class="empty">This origin has no memory yet.</p>`}
      </div>
      <p class="said" role="status" aria-live="polite">${this.#said}</p>
      ${this.#question ? this.#dialog(this.#question) : nothing}
    </div>`;
  }

  #picker(): TemplateResult {
    const current = this.#shown?.panel.memory.name ?? '';
    const names = [...new Set([...(current ? [current] : []), ...this.#names])];
    const pick = (event: Event): void => void this.#begin((event.target as HTMLSelectElement).value);
    return html`<label class="picker">Memory <select @change=${pick}>${names.map(
      (name) =>
        html`<option value=${name} ?selected=${name === current}>${visible(shortened(name, 40))}</option>`,
    )}</select></label>`;
  }

  #badge(): TemplateResult | typeof nothing {
    const statement = this.#shown?.panel.storage.statement;
    if (!statement) return nothing;
    return html`<span class="badge" data-kind=${statement.kind} title=${statement.text}>${statement.title}</span>`;
  }

  #dialog({ title, text, verb, answer }: Asked): TemplateResult {
    const close = (isWanted: boolean) => (): void => {
      this.#question = undefined;
      this.renderRoot.querySelector('dialog')?.close();
      answer(isWanted);
      this.requestUpdate();
    };
    return html`<dialog aria-labelledby="ask-title" aria-describedby="ask-text" @cancel=${close(false)}>
      <h2 id="ask-title">${title}</h2><p id="ask-text">${text}</p>
      <div class="actions"><button autofocus @click=${close(false)}>Keep it</button><button class="danger" @click=${close(true)}>${verb}</button></div>
    </dialog>`;
  }

  #show(view: ViewName): void {
    if (view === this.view) this.#shown?.views[view].shown?.();
    this.view = view;
  }

  readonly #onTabKey = (event: KeyboardEvent): void => {
    const step = {
      ArrowRight: 1,
      ArrowLeft: -1,
      Home: -viewNames.indexOf(this.view),
      End: -1 - viewNames.indexOf(this.view),
    }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = viewNames.at((viewNames.indexOf(this.view) + step) % viewNames.length) ?? 'entries';
    this.#show(next);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  };

  /** Shows a memory: the one that was given, or one of the origin by its name. */
  async #begin(name?: string): Promise<void> {
    this.#end();
    const isGiven = name === undefined || name === this.memory?.name;
    // A browser that refuses all storage refuses the list too.
    this.#names = await Memory.list().catch(() => []);
    const wanted = name ?? this.#names[0];
    if (!this.isConnected || this.#shown) return;
    if (isGiven && this.memory) this.#open(this.memory, undefined);
    else if (wanted !== undefined) {
      const own = new Memory({ name: wanted, verify: 'off' });
      this.#open(own, own);
    }
    this.requestUpdate();
  }

  #open(memory: Memory, own: Memory | undefined): void {
    const end = new AbortController();
    const changed = (): void => this.requestUpdate();
    const storage = new StorageState(memory);
    const panel: Panel = {
      ...{ memory, storage, changed, history: this.history, signal: end.signal },
      entries: new EntryList(memory, storage, changed),
      findings: new Findings(this.manifests),
      say: (text) => {
        this.#said = text;
        changed();
      },
      ask: (question) =>
        new Promise((answer) => {
          this.#question = { ...question, answer };
          changed();
        }),
      show: (view) => this.#show(view),
      showEntry: (key) => {
        this.#show('entries');
        void entries.openEntry(key); // shows what went wrong
      },
      showFunction: (functionId) => {
        this.#show('functions');
        void functions.open(functionId); // as above
      },
    };
    const entries = new EntriesView(panel);
    const functions = new FunctionsView(panel);
    const views: Shown['views'] = {
      entries,
      functions,
      calls: new CallsView(panel),
      origin: new OriginView(panel),
    };
    this.#shown = { panel, views, end, own };
    this.history.follow(memory, end.signal, changed);
    panel.entries.start();
    void storage.follow(end.signal, changed); // never rejects: what cannot be told is a state
    if (this.view !== 'entries') views[this.view].shown?.();
  }

  #end(): void {
    const shown = this.#shown;
    if (!shown) return;
    this.#shown = undefined;
    shown.end.abort();
    shown.panel.entries.stop();
    for (const view of Object.values(shown.views)) view.close?.();
    void shown.own?.close().catch(() => undefined); // nothing of it is ours
  }
}
