import type { Plot } from './plot.ts';
import type { Point } from './plot-geometry.ts';

/** `isByKeyboard` tells whether to announce the digit: a pointer crosses too many to read out. */
type OnPick = (digit: number | undefined, isByKeyboard: boolean) => void;

const reachPx = 24;
/** Points aside of the arrow's direction count as this much farther. */
const sidewaysPenalty = 2.5;
const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Lets the pointer pick the digit under it, and the arrow keys walk from digit to digit. */
export function wirePlotInput(region: HTMLElement, plot: Plot, onPick: OnPick): void {
  region.tabIndex = 0;
  const pickUnderPointer = (event: PointerEvent) => {
    const point = { x: event.offsetX, y: event.offsetY };
    const digit = plot.find(({ x, y }) => Math.hypot(x - point.x, y - point.y));
    if (digit === undefined || digit === plot.selected) return;
    const { x, y } = plot.positionOf(digit);
    if (Math.hypot(x - point.x, y - point.y) <= reachPx) onPick(digit, false);
  };
  region.addEventListener('pointermove', pickUnderPointer);
  region.addEventListener('pointerdown', pickUnderPointer);
  region.addEventListener('focus', () => {
    const isByKeyboard = region.matches(':focus-visible');
    if (isByKeyboard && plot.selected === undefined) onPick(findMiddle(plot), true);
  });
  region.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return onPick(undefined, true);
    const direction = directions[event.key];
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = plot.selected === undefined ? findMiddle(plot) : findNext(plot, plot.selected, direction);
    if (next !== undefined) onPick(next, true);
  });
}

function findMiddle(plot: Plot): number | undefined {
  const { width, height } = plot.size;
  return plot.find(({ x, y }) => Math.hypot(x - width / 2, y - height / 2));
}

function findNext(plot: Plot, from: number, direction: Point): number | undefined {
  const start = plot.positionOf(from);
  return plot.find(({ x, y }) => {
    const ahead = (x - start.x) * direction.x + (y - start.y) * direction.y;
    const aside = Math.abs((x - start.x) * direction.y + (y - start.y) * direction.x);
    return ahead > 0.5 ? ahead + sidewaysPenalty * aside : Number.POSITIVE_INFINITY;
  });
}
