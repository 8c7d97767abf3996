/** Two pages beside each other ask for the same: one computes, the other waits and shares. */
import { memory } from '../cached.ts';
import { createElement } from '../elements.ts';
import { createButton, type Stage } from './scene.ts';

const functionId = 'shared-distances';

function createFrame(title: string): { figure: HTMLElement; frame: HTMLIFrameElement; ready: Promise<void> } {
  const frame = createElement('iframe', { src: './tab.html', title, name: title });
  const { promise, resolve } = Promise.withResolvers<void>();
  addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source === frame.contentWindow && data === 'ready') resolve();
  });
  const figure = createElement('figure', {}, createElement('figcaption', {}, title), frame);
  return { figure, frame, ready: promise };
}

async function forget(): Promise<number> {
  const keys: string[] = [];
  for await (const { key } of memory.entries({ functionId })) keys.push(key);
  return (await memory.delete(...keys)).removed;
}

export function open({ root, say }: Stage): void {
  const frames = [createFrame('One tab'), createFrame('Another tab')];
  const both = createButton(
    'Ask in both at once',
    async () => {
      await Promise.all(frames.map(({ ready }) => ready));
      for (const { frame } of frames) frame.contentWindow?.postMessage('run', location.origin);
      say('Both tabs ask.');
    },
    true,
  );
  const again = createButton('Forget the result', async () => {
    const removed = await forget();
    say(removed === 0 ? 'Nothing was stored.' : 'The result is deleted, for both tabs.');
  });
  const hint = createElement(
    'p',
    { class: 'hint' },
    'They share nothing but the origin: a lock says who computes, the storage has the result. Try it with real tabs: ',
    createElement('a', { href: './tab.html', target: '_blank', rel: 'noopener' }, 'open another one'),
    '.',
  );
  root.append(
    createElement('div', { class: 'row-of-buttons' }, both, again),
    createElement('div', { class: 'frames' }, ...frames.map(({ figure }) => figure)),
    hint,
  );
}
