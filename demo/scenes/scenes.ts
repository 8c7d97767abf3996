/** Which scene is shown: the one that the address names. Each is fetched when it is first opened. */
import type { Memory } from 'keepsake';
import { createElement, getElement } from '../elements.ts';
import type { SceneModule } from './scene.ts';

interface Scene {
  readonly title: string;
  readonly about: string;
  load(): Promise<SceneModule>;
}

const scenes: Readonly<Record<string, Scene>> = {
  slices: {
    title: 'A slice costs a slice',
    about: 'The 64 MB matrix stays on disk. Each digit that you pick reads one row of it.',
    load: () => import('./slices.ts'),
  },
  flights: {
    title: '200,000 flights, one slider',
    about:
      'A density surface takes a second or two. Go back to a place of the slider, and it is there at once.',
    load: () => import('./flights.ts'),
  },
  sound: {
    title: 'Two minutes of sound',
    about: 'The spectrogram is stored whole and read by the frame: only what you look at, and what you hear.',
    load: () => import('./sound.ts'),
  },
  tabs: {
    title: 'Two tabs, one computation',
    about:
      'Each frame is a page of its own. Both ask for the same; one computes, the other waits and shares.',
    load: () => import('./tabs.ts'),
  },
  kill: {
    title: 'End it in the middle',
    about:
      'The worker that writes is ended while it writes. The call has its value, and nothing stored is lost.',
    load: () => import('./kill.ts'),
  },
  edit: {
    title: 'Edit a helper',
    about:
      'Change a line that a cached function reaches, and it computes again. Undo, and the old result is back.',
    load: () => import('./edit.ts'),
  },
};

const sources = import.meta.glob<string>('./*.ts', { query: '?raw', import: 'default' });

const first = 'digits';
const opened = new Map<string, HTMLElement>();
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

async function fill(name: string, { load }: Scene, root: HTMLElement): Promise<void> {
  const announcement = createElement('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  root.replaceChildren(createElement('p', { class: 'hint' }, 'Loading…'));
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
    again.addEventListener('click', () => void fill(name, scenes[name] as Scene, root)); // it was opened
    const text = problem instanceof Error ? problem.message : String(problem);
    root.replaceChildren(
      createElement('p', { class: 'problem', role: 'alert' }, `This scene could not be opened: ${text}`),
      again,
    );
  }
}

function createScene(name: string, scene: Scene): HTMLElement {
  const titleId = `${name}-title`;
  const root = createElement('div', { class: 'stage' });
  const section = createElement(
    'section',
    { class: 'scene', 'data-scene': name, 'aria-labelledby': titleId },
    createElement(
      'div',
      { class: 'section-head' },
      createElement('h2', { id: titleId, tabindex: '-1' }, scene.title),
      createElement('p', {}, scene.about),
    ),
    root,
    createSource(name),
  );
  getElement('[data-scenes]', HTMLElement).append(section);
  void fill(name, scene, root); // shows what went wrong
  return section;
}

function show(openFirst: () => void): void {
  const name = nameInAddress();
  document.body.dataset.shows = name;
  for (const link of document.querySelectorAll('[data-scene-links] a'))
    link.ariaCurrent = link.getAttribute('href') === `#${name}` ? 'page' : null;
  const scene = scenes[name];
  if (!scene) openFirst();
  else if (!opened.has(name)) opened.set(name, createScene(name, scene));
  for (const [each, section] of opened) section.hidden = each !== name;
  getElement('[data-scene="digits"]', HTMLElement).hidden = scene !== undefined;
  inspected(memories.get(name));
}

/** Shows the scene of the address, and every other that it comes to name. */
export function followAddress(openFirst: () => void, inspect: (memory?: Memory) => void): void {
  inspected = inspect;
  addEventListener('hashchange', () => {
    show(openFirst);
    // Where a link within a page leads, there the focus goes.
    document.querySelector<HTMLElement>(`[data-scene="${nameInAddress()}"] h2`)?.focus();
  });
  show(openFirst);
}
