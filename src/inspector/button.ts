/** The button over the page that opens the panel. */
import type { Memory } from 'keepsake';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { KeepsakeInspector } from './element.ts';
import { CallHistory } from './model/call-history.ts';
import type { Manifests } from './model/findings.ts';
import { mountStyles } from './styles.ts';

export class InspectorButton extends LitElement {
  static override styles = mountStyles;
  memory: Memory | undefined;
  manifests: Manifests | undefined;
  readonly history = new CallHistory();
  #isOpen = false;

  protected override render(): TemplateResult {
    const toggle = (): void => {
      this.#isOpen = !this.#isOpen;
      this.requestUpdate();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      toggle();
      void this.updateComplete.then(() => this.renderRoot.querySelector('button')?.focus());
    };
    return html`${
      this.#isOpen
        ? html`<section aria-label="keepsake inspector" @keydown=${onKey}>
            <keepsake-inspector .memory=${this.memory} .history=${this.history} .manifests=${this.manifests}></keepsake-inspector>
          </section>`
        : nothing
    }<button aria-expanded=${this.#isOpen} @click=${toggle}>${this.#isOpen ? 'Close keepsake' : 'keepsake'}</button>`;
  }
}

/** Defines the elements, once. Where another copy of the library has defined them, that one is used. */
export function defineInspector(): void {
  if (!customElements.get('keepsake-inspector'))
    customElements.define('keepsake-inspector', KeepsakeInspector);
  if (!customElements.get('keepsake-inspector-button'))
    customElements.define('keepsake-inspector-button', InspectorButton);
}
