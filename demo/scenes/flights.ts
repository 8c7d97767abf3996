/** A density surface of 200,000 flights, whose slider is instant at the places where it was. */
import { memory } from '../cached.ts';
import { type Wired, wireComputation } from '../computation.ts';
import { fetchFlights } from '../data.ts';
import { createElement } from '../elements.ts';
import { hasStorage, onRemoved } from '../stored.ts';
import { drawLevels, onColours } from './colours.ts';
import { flightDensity } from './density.ts';
import { createCard, type Stage } from './scene.ts';
import { surface } from './surface.ts';

const density = memory.cache(flightDensity, { id: 'flight-density' });

const places = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const middle = 3;

const bandwidthText = (bandwidth: number): string =>
  `${bandwidth * surface.minutesPerColumn} min of the day × ${(bandwidth * surface.delayPerRow).toFixed(1)} min of delay`;

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(Math.round(minute % 60)).padStart(2, '0')}`;

class Surface {
  readonly #canvas = createElement('canvas', { role: 'img', 'aria-label': 'Density of flights' });
  readonly element: HTMLElement;
  #values: Float32Array | undefined;

  constructor() {
    this.#canvas.width = surface.width;
    this.#canvas.height = surface.height;
    const lastDelay = surface.firstDelay + surface.height * surface.delayPerRow;
    const caption = createElement(
      'figcaption',
      {},
      createElement('span', {}, '00:00'),
      createElement(
        'span',
        {},
        `Time of departure →, delay from ${surface.firstDelay} to ${lastDelay} min ↓`,
      ),
      createElement('span', {}, '24:00'),
    );
    this.element = createElement('figure', { class: 'panel-picture' }, this.#canvas, caption);
    onColours(() => this.#draw());
  }

  show(values: Float32Array): void {
    this.#values = values;
    this.#draw();
  }

  #draw(): void {
    const values = this.#values;
    if (!values) return;
    const { width, height, minutesPerColumn, firstDelay, delayPerRow } = surface;
    const most = values.reduce((most, value) => Math.max(most, value), 0);
    const peak = values.indexOf(most);
    drawLevels(this.#canvas, {
      width,
      height,
      // The root of the root: a crowd of punctual flights beside a few late ones.
      at: (column, row) => Math.sqrt(Math.sqrt((values[row * width + column] ?? 0) / most)),
    });
    const delay = Math.round(firstDelay + Math.floor(peak / width) * delayPerRow);
    this.#canvas.ariaLabel = `Density of 200,000 flights by time and delay; densest at ${clock((peak % width) * minutesPerColumn)} with a delay of ${delay} min`;
  }
}

class Slider {
  readonly input = createElement('input', {
    id: 'bandwidth',
    type: 'range',
    min: '0',
    max: String(places.length - 1),
    step: '1',
    value: String(middle),
    'aria-describedby': 'bandwidth-visited',
  });
  readonly #text = createElement('output', { for: 'bandwidth' });
  readonly #marks = places.map(() => createElement('span'));
  readonly #visited = createElement('p', { id: 'bandwidth-visited', class: 'hint' });
  readonly element: HTMLElement;

  constructor() {
    this.element = createElement(
      'div',
      { class: 'slider' },
      createElement('label', { for: 'bandwidth' }, 'Bandwidth', this.#text),
      this.input,
      createElement('div', { class: 'places', 'aria-hidden': 'true' }, ...this.#marks),
      this.#visited,
    );
    this.input.addEventListener('input', () => this.#showText());
    this.#showText();
  }

  get bandwidth(): number {
    return places[this.input.valueAsNumber] ?? 0;
  }

  showVisited(isVisited: readonly boolean[]): void {
    for (const [at, mark] of this.#marks.entries()) mark.classList.toggle('visited', isVisited[at] ?? false);
    const count = isVisited.filter(Boolean).length;
    this.#visited.textContent = `${count} of ${places.length} places are stored: there the slider is instant, after a reload too.`;
  }

  #showText(): void {
    this.#text.textContent = bandwidthText(this.bandwidth);
    this.input.ariaValueText = bandwidthText(this.bandwidth);
  }
}

/** One call at a time: that of the slider's last place. */
function callLastOnly({ run, cancel }: Wired): () => Promise<void> {
  let running: Promise<void> | undefined;
  let wanted = 0;
  return async () => {
    wanted += 1;
    const turn = wanted;
    cancel();
    await running;
    if (turn !== wanted) return;
    running = run();
    await running;
  };
}

export async function open({ root }: Stage): Promise<void> {
  const flights = await fetchFlights();
  const picture = new Surface();
  const slider = new Slider();
  const card = createCard({
    job: 'density',
    title: 'Density of 200,000 flights',
    about: 'When flights leave, and how late: a Gaussian for each, summed in a worker.',
    what: 'the density',
  });
  const side = createElement('div', { class: 'side' }, slider.element, card);
  root.append(createElement('div', { class: 'panes' }, picture.element, side));
  const isStored = (bandwidth: number) => density.checkCallInCache(flights, { bandwidth });
  const wired = wireComputation({
    card,
    job: 'density',
    memory,
    functionId: density.id,
    call: (signal) => density(flights, { bandwidth: slider.bandwidth, signal }),
    isStored: () => isStored(slider.bandwidth),
    onResult: (values) => picture.show(values),
  });
  const showVisited = async () => {
    const isKept = await hasStorage(memory);
    slider.showVisited(await Promise.all(places.map(async (place) => isKept && (await isStored(place)))));
  };
  const move = callLastOnly(wired);
  // An event has nobody to hand promises to; the card says what went wrong.
  slider.input.addEventListener('input', () => void move());
  memory.addEventListener('store', ({ detail }) => detail.functionId === density.id && void showVisited());
  onRemoved(memory, () => void showVisited());
  await showVisited();
  void move();
}
