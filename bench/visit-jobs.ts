/** What a page does that was just opened, in a browser that was just started. */

import { bestPeer, fixture, job, KIB, MIB, smooth, than } from './draft-job.ts';
import type { Fixture, Job } from './job.ts';

/** Results of one size that a page reads, each once. */
const visited = (byteLength: number, count = 8): Fixture =>
  fixture(count, byteLength, `visited-${byteLength}`);

/** At most so many times idb-keyval for the first read, and the best peer for all of them. */
const firstVisits: readonly (readonly [name: string, byteLength: number, first: number, all: number])[] = [
  ['64KiB', 64 * KIB, 1.5, 1.5],
  ['1MiB', MIB, 1.5, 0.9],
  ['4MiB', 4 * MIB, 1.3, 0.7],
  ['16MiB', 16 * MIB, 1.2, 0.6],
  ['64MiB', 64 * MIB, 0.8, 0.5],
];

/** A browser is started, a page opened, and each result read once: what a user does. */
export const visitJobs: readonly Job[] = [
  ...firstVisits.flatMap(([name, byteLength, first, all]) => [
    job({
      name: `first-read-${name}`,
      title: `${name}, the first read of a page`,
      work: { kind: 'first-visit', of: visited(byteLength), until: 'first' },
      isBrowserAnew: true,
      targets: [than('idb-keyval', first), smooth],
    }),
    job({
      name: `first-visit-${name}`,
      title: `eight results of ${name}, each read once`,
      work: { kind: 'first-visit', of: visited(byteLength), until: 'last' },
      isBrowserAnew: true,
      targets: [bestPeer(all), smooth],
    }),
  ]),
  job({
    name: 'first-visit-200-small',
    title: '200 results of 1 KiB, each read once, one after another',
    work: { kind: 'first-visit', of: visited(KIB, 200), until: 'last' },
    isBrowserAnew: true,
    targets: [smooth],
  }),
  job({
    name: 'first-slice',
    title: '1 MiB slice of 64 MiB, the first thing a page does',
    work: { kind: 'first-slice', of: visited(64 * MIB), sliceBytes: MIB },
    isBrowserAnew: true,
    targets: [smooth],
  }),
];
