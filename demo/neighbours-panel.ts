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
  const palette = readPalette();
  const imageOf = (index: number) => {
    return createDigitImage(digits, index, palette.digits[digits.labels[index] ?? 0] ?? palette.ink);
  };
  const caption = createElement(
    'p',
    {},
    createElement('b', {}, `A ${digits.labels[digit]}`),
    `sample ${digit}`,
  );
  picked.replaceChildren(imageOf(digit), caption);
  list.replaceChildren(
    ...(neighbours ?? []).map((neighbour) =>
      createElement(
        'li',
        { 'data-label': String(digits.labels[neighbour.digit]) },
        imageOf(neighbour.digit),
        createElement(
          'span',
          { class: 'visually-hidden' },
          `A ${digits.labels[neighbour.digit]} at distance `,
        ),
        distanceFormat.format(neighbour.distance),
      ),
    ),
  );
}

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
