import type { CacheEventOf, EntryInfo } from 'keepsake';
import { createElement } from './elements.ts';
import { formatBytes, formatDuration, formatRatio } from './format.ts';

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

const places: Readonly<Record<NonNullable<EntryInfo['tier']>, string>> = {
  database: 'in IndexedDB',
  segment: 'in a private file, with other results',
  file: 'in a private file',
  memory: 'in this tab',
};

/** Where the bytes are: "64 MB in a private file". */
export const placeText = ({ sizeBytes, tier }: EntryInfo): string =>
  `${formatBytes(sizeBytes)} ${tier ? places[tier] : 'in this browser'}`;

const figure = (ms: number) => createElement('strong', {}, formatDuration(ms));

/** Says how a value came; of hits, what computing took and what reading took, side by side. */
export function createOutcomeText(outcome: Outcome): (Node | string)[] {
  switch (outcome.kind) {
    case 'computed':
      return [
        paragraph('Computed in ', figure(outcome.ms), ', in a worker. Reload the page: it is read back.'),
      ];
    case 'hit':
      return createHitText(outcome);
    case 'cancelled':
      return [paragraph('Cancelled after ', figure(outcome.ms), '. Nothing was stored.')];
    case 'failed':
      return [paragraph(`It failed: ${outcome.message}`)];
  }
}

function createHitText({ ms, source, computeMs }: Extract<Outcome, { kind: 'hit' }>): (Node | string)[] {
  if (source === 'in-flight' || computeMs === undefined || computeMs < ms)
    return [paragraph(sources[source], figure(ms), '.')];
  const times = createElement(
    'span',
    { class: 'times' },
    createTime('computing', 'Computed once in ', computeMs, 1),
    createTime('reading', sources[source], ms, ms / computeMs),
  );
  return [times, paragraph(`Computing it again would take ${formatRatio(computeMs, ms)} longer.`)];
}

const paragraph = (...children: (Node | string)[]) =>
  createElement('span', { class: 'sentence' }, ...children);

/** A duration in figures and, to the scale of the one beside it, as a bar. */
function createTime(name: 'computing' | 'reading', words: string, ms: number, share: number): HTMLElement {
  const bar = createElement('span', { class: 'bar', 'data-bar': name, 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(share));
  return createElement('span', { class: 'time', 'data-time': name }, words, figure(ms), bar);
}
