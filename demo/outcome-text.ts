import type { CacheEventOf } from 'keepsake';
import { createElement } from './elements.ts';
import { formatDuration, formatRatio } from './format.ts';

export type Outcome =
  | { readonly kind: 'computed'; readonly ms: number }
  | {
      readonly kind: 'hit';
      readonly ms: number;
      readonly source: HitSource;
      readonly computeMs: number | undefined;
    }
  | { readonly kind: 'cancelled'; readonly ms: number }
  | { readonly kind: 'failed'; readonly ms: number; readonly message: string };

type HitSource = CacheEventOf<'hit'>['reason'];

const sources: Readonly<Record<HitSource, string>> = {
  storage: 'Read from storage in ',
  memory: "Taken from this tab's memory in ",
  pack: 'Read from a pack of this site in ',
  remote: 'Read from a shared store in ',
  'in-flight': 'Another call was computing it already: shared after ',
};

const advice: Partial<Readonly<Record<CacheEventOf<'skip'>['reason'], string>>> = {
  'storage-full': 'Not kept: the storage is full. Clear some of it below, and get the result again.',
  'storage-failed': 'Not kept: this browser refuses storage here. It lasts until this tab is closed.',
  cleared: 'Not kept: the storage was cleared while it was computed.',
  'arguments-changed': 'Not kept: an argument changed while it was computed.',
};

/** Why a result is not in the store, and what can be done about it. */
export const whyNotKept = (reason: CacheEventOf<'skip'>['reason']): string =>
  advice[reason] ?? `Not kept (${reason}).`;

const figure = (ms: number) => createElement('strong', {}, formatDuration(ms));

/** Says in words, and for hits also in two bars, how a value came. */
export function createOutcomeText(outcome: Outcome): (Node | string)[] {
  switch (outcome.kind) {
    case 'computed':
      return [paragraph('Computed in ', figure(outcome.ms), ', in a worker.')];
    case 'hit':
      return createHitText(outcome);
    case 'cancelled':
      return [paragraph('Cancelled after ', figure(outcome.ms), '. Nothing was stored.')];
    case 'failed':
      return [paragraph(`It failed: ${outcome.message}`)];
  }
}

function createHitText({ ms, source, computeMs }: Extract<Outcome, { kind: 'hit' }>): (Node | string)[] {
  const start = [sources[source], figure(ms)];
  if (source === 'in-flight' || computeMs === undefined || computeMs < ms) return [paragraph(...start, '.')];
  const comparison = ` — computing took ${formatDuration(computeMs)}, ${formatRatio(computeMs, ms)} longer.`;
  return [paragraph(...start, comparison), createBars(ms, computeMs)];
}

const paragraph = (...children: (Node | string)[]) =>
  createElement('span', { class: 'sentence' }, ...children);

/** Two bars to scale; hidden from assistive technology, since the sentence above says the same. */
function createBars(ms: number, computeMs: number): HTMLElement {
  const bars = createElement('span', { class: 'bars', 'aria-hidden': 'true' });
  for (const [name, share] of [
    ['computing', 1],
    ['reading', ms / computeMs],
  ] as const) {
    const bar = createElement('span', { class: 'bar', 'data-bar': name });
    bar.style.setProperty('--share', String(share));
    bars.append(createElement('span', { class: 'bar-name' }, name), bar);
  }
  return bars;
}
