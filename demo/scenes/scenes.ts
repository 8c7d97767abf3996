/** The scene that the address names: fetched when it is first opened. */
import type { Memory } from 'keepsake';
import { createElement, getElement } from '../elements.ts';
import type { SceneModule } from './scene.ts';

/** Their places, headings among them, are in the page's own markup; its styles show the one that is the address's target. */
const scenes: Readonly<Record<string, () => Promise<SceneModule>>> = {
  slices: () => import('./slices.ts'),
  flights: () => import('./flights.ts'),
  sound: () => import('./sound.ts'),
  tabs: () => import('./tabs.ts'),
  kill: () => import('./kill.ts'),
  edit: () => import('./edit.ts'),
};

const sources = import.meta.glob<string>('./*.ts', { query: '?raw', import: 'default' });

const first = 'digits';
const opened = new Set<string>();
let inspected: (memory?: Memory) => void = () => undefined;
const memories = new Map<string, Memory>();

const isScene = (name: string): boolean => name === first || name in scenes;
const nameInAddress = (): string => {
  const name = location.hash.slice(1);
  return isScene(name) ? name : first;
};

/** The text of the scene's own file, fetched when it is unfolded. */
function createSource(name: string): HTMLElement {
  const code = createElement('code', {}, 'Fetching…');
  const pre = createElement('pre', { tabindex: '0', role: 'region', 'aria-label': 'Source' }, code);
  const details = createElement(
    'details',
    { class: 'source' },
    createElement(
      'summary',
      {},
      'Source of this scene: ',
      createElement('code', {}, `demo/scenes/${name}.ts`),
    ),
    pre,
  );
  details.addEventListener('toggle', async () => {
    code.textContent = (await sources[`./${name}.ts`]?.().catch(String)) ?? 'It is not there';
  });
  return details;
}

async function fill(name: string, load: () => Promise<SceneModule>): Promise<void> {
  const root = getElement(`#${name} .stage`, HTMLElement);
  const announcement = createElement('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  root.replaceChildren(createElement('p', { class: 'hint' }, 'Loading…'));
  root.toggleAttribute('data-loading', true);
  try {
    const { open } = await load();
    root.replaceChildren();
    await open({
      root,
      inspect: (memory) => {
        if (memory) memories.set(name, memory);
        if (name === nameInAddress()) inspected(memory);
      },
      say: (text) => {
        announcement.textContent = text;
      },
    });
    root.append(announcement);
  } catch (problem) {
    const again = createElement('button', { type: 'button' }, 'Try again');
    again.addEventListener('click', () => void fill(name, load)); // as below
    const text = problem instanceof Error ? problem.message : String(problem);
    root.replaceChildren(
      createElement('p', { class: 'problem', role: 'alert' }, `This scene could not be opened: ${text}`),
      again,
    );
  }
  root.toggleAttribute('data-loading', false);
}

function show(openFirst: () => void): void {
  const name = nameInAddress();
  for (const link of document.querySelectorAll('[data-scene-links] a'))
    link.ariaCurrent = link.getAttribute('href') === `#${name}` ? 'page' : null;
  const load = scenes[name];
  if (!load) openFirst();
  else if (!opened.has(name)) {
    opened.add(name);
    getElement(`#${name}`, HTMLElement).append(createSource(name));
    void fill(name, load); // shows what went wrong
  }
  inspected(memories.get(name));
}

/** Fills the scene of the address, and every other that it comes to name. */
export function followAddress(openFirst: () => void, inspect: (memory?: Memory) => void): void {
  inspected = inspect;
  addEventListener('hashchange', () => show(openFirst));
  show(openFirst);
}
