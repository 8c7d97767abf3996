/** What scenes are, and what several of them are made of. */
import type { Memory } from 'keepsake';
import { createElement } from '../elements.ts';
import type { JobName } from '../job.ts';

/** What a scene's module exports. It is opened once; after that it is hidden and shown. */
export interface SceneModule {
  /** Fills the scene's place in the page. */
  open(stage: Stage): Promise<void> | void;
}

export interface Stage {
  /** Below the scene's heading. */
  readonly root: HTMLElement;
  /** Shows another memory in the inspector; the page's own where nothing is said. */
  inspect(memory?: Memory): void;
  /** For the live region. */
  say(text: string): void;
}

export interface CardTexts {
  readonly job: JobName;
  readonly title: string;
  readonly about: string;
  /** What is computed, in the middle of a sentence: 'the density'. */
  readonly what: string;
}

let cards = 0;

/** A card as the page's first two, for wireComputation(). */
export function createCard({ job, title, about, what }: CardTexts): HTMLElement {
  cards += 1;
  const [titleId, progressId] = [`card-${cards}-title`, `card-${cards}-progress`];
  const fact = (name: string, value: HTMLElement) =>
    createElement('div', {}, createElement('dt', {}, name), createElement('dd', {}, value));
  const never = { 'data-computations': '0', 'aria-label': `Computations of ${what}` };
  const hidden = { hidden: '' };
  return createElement(
    'article',
    { class: 'computation', 'data-job': job, 'aria-labelledby': titleId },
    createElement('h3', { id: titleId }, title),
    createElement('p', { class: 'about' }, about),
    createElement(
      'div',
      { class: 'actions' },
      createElement(
        'button',
        { type: 'button', class: 'primary', 'data-run': '', disabled: '' },
        `Get ${what}`,
      ),
      createElement('button', { type: 'button', 'data-cancel': '', ...hidden }, `Cancel ${what}`),
    ),
    createElement(
      'div',
      { class: 'status' },
      createElement(
        'p',
        { class: 'progress', 'data-progress': '', ...hidden },
        createElement('label', { for: progressId }, `Computing ${what}`),
        createElement('span', { class: 'step', 'data-step': '' }),
        createElement('progress', { id: progressId, max: '1', value: '0' }),
      ),
      createElement('output', { class: 'result', 'data-result': '', 'aria-label': `How ${what} came` }),
    ),
    createElement(
      'dl',
      { class: 'facts' },
      fact('Storage', createElement('span', { class: 'stored', 'data-stored': 'no' }, 'Not stored')),
      fact('Ran since this page loaded', createElement('output', never, 'never')),
    ),
  );
}

/** A button that does something which may take a while: not again until it is done. */
export function createButton(text: string, act: () => Promise<void> | void, isPrimary = false) {
  const button = createElement('button', { type: 'button', ...(isPrimary && { class: 'primary' }) }, text);
  button.addEventListener('click', async () => {
    if (button.ariaDisabled === 'true') return;
    // Not `disabled`, which would take the focus away.
    button.ariaDisabled = 'true';
    try {
      await act();
    } finally {
      button.ariaDisabled = null;
    }
  });
  return button;
}
