/** A page by itself, as small as one can be: it shares nothing with the page that frames it but the origin. */
import { Memory } from 'keepsake';
import { wireComputation } from './computation.ts';
import { fetchDigits, pixelsPerDigit } from './data.ts';
import { pairwiseDistances } from './distances.ts';
import { createElement, getElement } from './elements.ts';
import { drawLevels, onColours } from './scenes/colours.ts';
import { createCard } from './scenes/scene.ts';
import { installTrustedTypesPolicy } from './trusted-types.ts';

const digitCount = 2_500;
const pictureSide = 250;

const memory = new Memory({ name: 'demo', verify: 'off' });
const distances = memory.cache(pairwiseDistances, { id: 'shared-distances' });

/** Digits of a kind side by side: the picture shows which kinds are alike. */
function drawMatrix(canvas: HTMLCanvasElement, matrix: Float32Array): void {
  const perDigit = digitCount / 10;
  const digitAt = (place: number): number => {
    const sorted = place * (digitCount / pictureSide);
    return (sorted % perDigit) * 10 + Math.floor(sorted / perDigit);
  };
  drawLevels(canvas, {
    width: pictureSide,
    height: pictureSide,
    at: (column, row) => 1.35 - (matrix[digitAt(row) * digitCount + digitAt(column)] ?? 0) / 11,
  });
}

/** Says that another tab computes what this one waits for. */
function sayWaiting(card: HTMLElement): void {
  const output = getElement('[data-result]', HTMLOutputElement, card);
  memory.addEventListener('remote', ({ detail: { reason, entries } }) => {
    const isOurs = entries.some(({ functionId }) => functionId === undefined || functionId === distances.id);
    if (reason !== 'computing' || !isOurs || !card.hasAttribute('data-busy')) return;
    output.textContent = 'Another tab computes it: waiting for its result…';
  });
}

async function start(): Promise<void> {
  // Two of them are on one page: each has its name as soon as it is there.
  const main = createElement('main', { 'aria-label': window.name || 'A tab by itself' });
  document.body.append(main);
  const { pixels } = await fetchDigits();
  const some = pixels.slice(0, digitCount * pixelsPerDigit);
  const card = createCard({
    job: 'distances',
    title: 'Distances of 2,500 digits',
    about: 'A matrix of 25 MB.',
    what: 'the distances',
  });
  const canvas = createElement('canvas', { role: 'img', 'aria-label': 'Nothing is computed yet' });
  main.append(card, canvas);
  let matrix: Float32Array | undefined;
  const draw = () => {
    if (matrix) drawMatrix(canvas, matrix);
  };
  onColours(draw);
  const wired = wireComputation({
    card,
    job: 'distances',
    memory,
    functionId: distances.id,
    call: (signal) => distances(some, { metric: 'euclidean', signal }),
    isStored: () => distances.checkCallInCache(some, { metric: 'euclidean' }),
    onResult: (result) => {
      matrix = result;
      canvas.ariaLabel = 'Distances between the digits, those of a kind side by side';
      draw();
    },
  });
  sayWaiting(card);
  // The page around asks both at once.
  addEventListener('message', ({ data, origin }: MessageEvent<unknown>) => {
    if (origin === location.origin && data === 'run' && !card.hasAttribute('data-busy')) void wired.run();
  });
  parent.postMessage('ready', location.origin);
}

installTrustedTypesPolicy();
await start();
