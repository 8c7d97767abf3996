/** A helper that you edit: what reaches it computes again, and nothing else does. */
import { memory } from '../cached.ts';
import { fetchFlights } from '../data.ts';
import { createElement } from '../elements.ts';
import { formatDuration } from '../format.ts';
import type { Stage } from './scene.ts';
import { smooth } from './smoothing.ts';

/** Returns the mean delay, in minutes, of [count, 2] flights in each of 24 hours, smoothed. */
function delaysByHour(flights: Int16Array): number[] {
  const sums = new Array<number>(24).fill(0);
  const counts = new Array<number>(24).fill(0);
  for (let at = 0; at < flights.length; at += 2) {
    const hour = Math.floor((flights[at] ?? 0) / 60);
    sums[hour] = (sums[hour] ?? 0) + (flights[at + 1] ?? 0);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return smooth(sums.map((sum, hour) => sum / Math.max(1, counts[hour] ?? 0)));
}

const delays = memory.cache(delaysByHour, { id: 'delays-by-hour' });

const file = 'demo/scenes/smoothing.ts';

/** The steps, for whoever has the source. */
function createSteps(): HTMLElement {
  const code = (text: string) => createElement('code', {}, text);
  const step = (...children: (Node | string)[]) => createElement('li', {}, ...children);
  return createElement(
    'ol',
    { class: 'steps', 'aria-label': 'What to do' },
    step('Open ', code(file), ' in your editor.'),
    step('Change ', code('reach = 1'), ' to ', code('reach = 3'), ', and save. The page reloads by itself.'),
    step('This function computes again, and says that its code has changed. All other results stay.'),
    step('Undo the change, and save: the old result is read back. A rollback costs nothing.'),
  );
}

const createOnlyInDevelopment = (): HTMLElement =>
  createElement(
    'p',
    { class: 'hint' },
    'To edit code takes the source: clone the project, run ',
    createElement('code', {}, 'npm ci && npm start'),
    ', and come back to this scene. Below is what it shows, from the code as it was built.',
  );

function createChart(hours: readonly number[]): HTMLElement {
  const most = Math.max(1, ...hours);
  const bars = hours.map((minutes, hour) => {
    const bar = createElement('span');
    bar.style.blockSize = `${Math.max(1, (100 * minutes) / most)}%`;
    bar.title = `${hour}:00, ${minutes.toFixed(1)} min`;
    return bar;
  });
  const latest = hours.indexOf(Math.max(...hours));
  const label = `Mean delay by hour, longest at ${latest}:00 with ${(hours[latest] ?? 0).toFixed(1)} min`;
  const axis = ['00:00', 'Mean delay of 200,000 flights by hour', '23:00'].map((text) =>
    createElement('span', {}, text),
  );
  return createElement(
    'figure',
    { class: 'panel-picture' },
    createElement('div', { class: 'bars', role: 'img', 'aria-label': label }, ...bars),
    createElement('figcaption', {}, ...axis),
  );
}

export async function open({ root }: Stage): Promise<void> {
  const flights = await fetchFlights();
  const { hit, differences } = await delays.explain(flights);
  const start = performance.now();
  const hours = await delays(flights);
  const time = formatDuration(performance.now() - start);
  const changes = differences.filter(({ kind }) => kind === 'code').map(({ text }) => text);
  const outcome = hit
    ? `Read back in ${time}: the code is what it was when this was computed.`
    : changes.length > 0
      ? `Computed again in ${time}, because its code has changed.`
      : `Computed in ${time}: it is the first time.`;
  const output = createElement('output', { class: 'result', 'aria-label': 'How the delays came' }, outcome);
  output.dataset.outcome = hit ? 'hit' : 'computed';
  const list = createElement('ul', { class: 'steps', 'aria-label': 'What changed' });
  list.append(...changes.map((change) => createElement('li', {}, change)));
  list.hidden = changes.length === 0;
  root.append(
    output,
    list,
    createChart(hours),
    import.meta.env.DEV ? createSteps() : createOnlyInDevelopment(),
  );
}
