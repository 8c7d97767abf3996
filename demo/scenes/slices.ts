/** One row of a stored matrix at a time: the rest of it is never read. */
import type { MappedArray } from 'keepsake';
import { distances, memory, metric } from '../cached.ts';
import { wireComputation } from '../computation.ts';
import { type Digits, fetchDigits } from '../data.ts';
import { createElement } from '../elements.ts';
import { formatBytes, formatDuration } from '../format.ts';
import { findNearestInRow } from '../nearest-neighbours.ts';
import { createColouredDigit, createNeighbourItems, describeNeighbours } from '../neighbours-panel.ts';
import { createCard, type Stage } from './scene.ts';

const choiceCount = 40;
const neighbourCount = 10;
// The same function and arguments as in the first scene: the same entry, opened as a file and not loaded.
const mappedDistances = distances.with({ mmapMode: 'r' });

class Rows {
  readonly #digits: Digits;
  readonly #say: Stage['say'];
  readonly #list = createElement('ol', {
    class: 'neighbour-list',
    'aria-label': 'Ten nearest neighbours with their distances',
  });
  readonly #strip = createElement('div', { class: 'strip', role: 'img' });
  readonly #bytes = createElement('output', { class: 'result', 'aria-label': 'Bytes read' });
  readonly element: HTMLElement;
  #matrix: MappedArray<Float32Array> | undefined;
  #picked: number | undefined;
  #readBytes = 0;

  constructor(digits: Digits, say: Stage['say']) {
    this.#digits = digits;
    this.#say = say;
    this.element = createElement(
      'div',
      { class: 'panes' },
      createElement('div', {}, this.#createChoices(), this.#bytes, this.#strip),
      createElement(
        'div',
        {},
        createElement('h3', {}, 'The ten nearest, from one row'),
        createElement(
          'p',
          { class: 'hint' },
          'The first read within a mebibyte of the file also checks that mebibyte.',
        ),
        this.#list,
      ),
    );
    this.#show();
  }

  async open(matrix: MappedArray<Float32Array>): Promise<void> {
    await this.#matrix?.close();
    this.#matrix = matrix;
    this.#readBytes = 0;
    this.#strip.replaceChildren();
    this.#show();
    if (this.#picked !== undefined) await this.#pick(this.#picked);
  }

  #createChoices(): HTMLElement {
    const choices = Array.from({ length: choiceCount }, (_, digit) => {
      const radio = createElement('input', { type: 'radio', name: 'digit', value: String(digit) });
      const name = `A ${this.#digits.labels[digit]}, sample ${digit}`;
      radio.ariaLabel = name;
      radio.addEventListener('change', () => void this.#pick(digit)); // says what went wrong
      return createElement('label', { title: name }, radio, createColouredDigit(this.#digits, digit));
    });
    return createElement(
      'fieldset',
      { class: 'digit-choices' },
      createElement('legend', {}, 'Pick a digit'),
      ...choices,
    );
  }

  async #pick(digit: number): Promise<void> {
    this.#picked = digit;
    const matrix = this.#matrix;
    if (!matrix) return this.#show();
    const count = this.#digits.count;
    const start = performance.now();
    try {
      const row = await matrix.read(digit * count, (digit + 1) * count);
      if (digit !== this.#picked) return;
      this.#readBytes += row.byteLength;
      this.#mark(digit / count);
      const neighbours = findNearestInRow(row, digit, neighbourCount);
      this.#list.replaceChildren(...createNeighbourItems(this.#digits, neighbours));
      this.#say(describeNeighbours(this.#digits, digit, neighbours));
      this.#show(row.byteLength, performance.now() - start);
    } catch (problem) {
      this.#matrix = undefined;
      const text = problem instanceof Error ? problem.message : String(problem);
      this.#bytes.textContent = `The row could not be read: ${text}. Get the distances again.`;
    }
  }

  /** Where in the file a row was read. */
  #mark(share: number): void {
    const mark = createElement('span');
    mark.style.insetInlineStart = `${share * 100}%`;
    this.#strip.append(mark);
  }

  #show(rowBytes = 0, ms = 0): void {
    const total = this.#matrix?.byteLength ?? this.#digits.count ** 2 * 4;
    this.#strip.ariaLabel = `${this.#strip.childElementCount} reads, marked along the file of ${formatBytes(total)}`;
    if (!this.#matrix) {
      this.#bytes.textContent = 'Get the distances first: they are computed once, or opened where they lie.';
      return;
    }
    this.#bytes.replaceChildren(
      createElement('strong', { class: 'big-figure' }, formatBytes(this.#readBytes)),
      ` read of ${formatBytes(total)}`,
      rowBytes > 0 ? `; the last row, ${formatBytes(rowBytes)}, in ${formatDuration(ms)}` : '. Pick a digit.',
    );
  }
}

export async function open({ root, say }: Stage): Promise<void> {
  const digits = await fetchDigits();
  const rows = new Rows(digits, say);
  const card = createCard({
    job: 'distances',
    title: 'Pairwise distances, opened as a file',
    about: 'The matrix of the first scene. Where it is stored, to get it reads none of it.',
    what: 'the matrix',
  });
  root.append(card, rows.element);
  const isStored = () => distances.checkCallInCache(digits.pixels, { metric });
  const matrix = wireComputation({
    card,
    job: 'distances',
    memory,
    functionId: distances.id,
    call: (signal) => mappedDistances(digits.pixels, { metric, signal }),
    isStored,
    onResult: (mapped) => void rows.open(mapped), // says what went wrong
  });
  if (await isStored()) void matrix.run(); // the card says what went wrong
}
