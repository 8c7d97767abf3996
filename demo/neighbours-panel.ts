import type { Digits } from './data.ts';
import { createDigitImage } from './digit-image.ts';
import { createElement, getElement } from './elements.ts';
import type { Neighbour } from './nearest-neighbours.ts';
import { readPalette } from './palette.ts';

const distanceFormat = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Shows one digit and its nearest neighbours as images; `neighbours` is undefined while no distances are known. */
export function showNeighbours(
  digits: Digits,
  digit: number | undefined,
  neighbours?: readonly Neighbour[],
): void {
  const picked = getElement('[data-picked]', HTMLElement);
  const list = getElement('[data-neighbours]', HTMLOListElement);
  list.hidden = digit === undefined || neighbours === undefined;
  getElement('[data-pick-hint]', HTMLElement).hidden = digit !== undefined;
  picked.hidden = digit === undefined;
  if (digit === undefined) return;
  const caption = createElement(
    'p',
    {},
    createElement('b', {}, `A ${digits.labels[digit]}`),
    `sample ${digit}`,
  );
  picked.replaceChildren(createColouredDigit(digits, digit), caption);
  list.replaceChildren(...createNeighbourItems(digits, neighbours ?? []));
}

/** A digit in the colour of its label. */
export function createColouredDigit(digits: Digits, digit: number): HTMLCanvasElement {
  const palette = readPalette();
  return createDigitImage(digits, digit, palette.digits[digits.labels[digit] ?? 0] ?? palette.ink);
}

/** One list item each, with its distance. */
export const createNeighbourItems = (digits: Digits, neighbours: readonly Neighbour[]): HTMLElement[] =>
  neighbours.map(({ digit, distance }) =>
    createElement(
      'li',
      { 'data-label': String(digits.labels[digit]) },
      createColouredDigit(digits, digit),
      createElement('span', { class: 'visually-hidden' }, `A ${digits.labels[digit]} at distance `),
      distanceFormat.format(distance),
    ),
  );

/** The same in one sentence, for the live region. */
export function describeNeighbours(digits: Digits, digit: number, neighbours?: readonly Neighbour[]): string {
  const subject = `A ${digits.labels[digit]}, sample ${digit}.`;
  if (!neighbours) return subject;
  const labels = neighbours.map((neighbour) => digits.labels[neighbour.digit]).join(', ');
  const nearest = neighbours[0]
    ? ` at distance ${distanceFormat.format(neighbours[0].distance)} or more`
    : '';
  return `${subject} Nearest${nearest}: ${labels}.`;
}
