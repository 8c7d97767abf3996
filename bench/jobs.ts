/** What is measured: each job with the entries it needs, who does it, and what is aimed at. */
import { bestPeer, everyone, fixture, GIB, job, KIB, MIB, smooth, than } from './draft-job.ts';
import type { Job, Target } from './job.ts';
import { visitJobs } from './visit-jobs.ts';

export { GIB, KIB, MIB } from './draft-job.ts';

const small = fixture(1000, 0);
const medium = fixture(64, 64 * KIB);
const mebibytes = fixture(24, MIB);
const wholes = {
  16: fixture(1, 16 * MIB),
  64: fixture(1, 64 * MIB),
  256: fixture(1, 256 * MIB),
} as const;
const gibibyte = fixture(1, GIB);
const doomed = fixture(10_000, 0, 'doomed');

const smallJobs: readonly Job[] = [
  job({
    name: 'small-hit',
    title: 'small hit, from storage',
    work: { kind: 'hit', of: small, from: 'storage' },
    subjects: [...everyone, 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    samplesPerVisit: 120,
    targets: [bestPeer(1), than('raw-indexeddb', 1.3)],
  }),
  job({
    name: 'small-hit-tier',
    title: 'small hit, from the memory tier',
    work: { kind: 'hit', of: small, from: 'tier' },
    subjects: [...everyone, 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    samplesPerVisit: 120,
  }),
  job({
    name: 'small-1000-hits',
    title: '1,000 small hits at once, from storage',
    work: { kind: 'hits-at-once', of: small, from: 'storage' },
    // Another entry opens what has to be opened.
    fixtures: [small, medium],
    subjects: [...everyone, 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    targets: [bestPeer(0.7)],
  }),
  job({
    name: 'small-1000-hits-tier',
    title: '1,000 small hits at once, from the memory tier',
    work: { kind: 'hits-at-once', of: small, from: 'tier' },
    subjects: [...everyone, 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    samplesPerVisit: 3,
    targets: [bestPeer(0.2)],
  }),
  job({
    name: 'small-store',
    title: 'small store',
    work: { kind: 'store', byteLength: 0 },
    subjects: [...everyone, 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    samplesPerVisit: 60,
    targets: [bestPeer(0.9)],
  }),
];

const mediumJobs: readonly Job[] = [
  job({
    name: '64KiB-hit',
    title: '64 KiB hit',
    work: { kind: 'hit', of: medium, from: 'storage' },
    subjects: [...everyone, 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    samplesPerVisit: 40,
  }),
  job({
    name: '64KiB-hit-opening',
    title: '64 KiB hit, first after navigation',
    work: { kind: 'opening-hit', of: medium },
    targets: [bestPeer(1.5)],
  }),
  job({
    name: '64KiB-store',
    title: '64 KiB store',
    work: { kind: 'store', byteLength: 64 * KIB },
    samplesPerVisit: 20,
    targets: [bestPeer(0.35)],
  }),
  job({
    name: '1MiB-hit',
    title: '1 MiB hit',
    work: { kind: 'hit', of: mebibytes, from: 'storage' },
    subjects: [...everyone, 'raw-handle-fresh'],
    raw: 'raw-handle-fresh',
    samplesPerVisit: 20,
    targets: [bestPeer(0.35)],
  }),
  job({
    name: '1MiB-store',
    title: '1 MiB store',
    work: { kind: 'store', byteLength: MIB },
    samplesPerVisit: 8,
  }),
];

const hitTargets: Readonly<Record<number, readonly Target[]>> = {
  16: [bestPeer(0.45)],
  64: [bestPeer(0.5), than('raw-handle-fresh', 1.25), smooth],
};

const largeJobs: readonly Job[] = ([16, 64, 256] as const).flatMap((size) => [
  job({
    name: `${size}MiB-hit`,
    title: `${size} MiB hit, verified before`,
    work: { kind: 'hit', of: wholes[size], from: 'verified' },
    subjects: [...everyone, 'raw-handle-fresh'],
    raw: 'raw-handle-fresh',
    samplesPerVisit: size === 16 ? 8 : 3,
    targets: hitTargets[size] ?? [],
    cost: size === 256 ? 'slow' : 'quick',
  }),
  job({
    name: `${size}MiB-store`,
    title: `${size} MiB store`,
    work: { kind: 'store', byteLength: size * MIB },
    samplesPerVisit: 2,
    targets: size === 64 ? [bestPeer(0.4), smooth] : [],
    cost: size === 256 ? 'slow' : 'quick',
  }),
]);

const arrayJobs: readonly Job[] = [
  job({
    name: '64MiB-hit-first',
    title: '64 MiB hit, first in the page',
    work: { kind: 'hit', of: wholes[64], from: 'storage' },
    fixtures: [wholes[64], mebibytes],
    subjects: [...everyone, 'raw-handle-fresh'],
    raw: 'raw-handle-fresh',
    targets: [than('raw-handle-fresh', 1.6), smooth],
  }),
  ...(['worker', 'page'] as const).map((realm) =>
    job({
      name: `64MiB-into-${realm}`,
      title: `64 MiB hit into a given buffer, in a ${realm}`,
      work: { kind: 'hit-into', of: wholes[64] },
      subjects: ['keepsake', 'raw-handle-warm'],
      raw: 'raw-handle-warm',
      realm,
      samplesPerVisit: 5,
    }),
  ),
  job({
    name: 'slice-1MiB-of-64MiB',
    title: '1 MiB slice of 64 MiB',
    work: { kind: 'slice', of: wholes[64], sliceBytes: MIB },
    subjects: [...everyone, 'raw-handle-fresh', 'raw-file-slice'],
    raw: 'raw-handle-fresh',
    samplesPerVisit: 8,
    targets: [bestPeer(0.03)],
  }),
  job({
    name: 'slice-1MiB-of-1GiB',
    title: '1 MiB slice of 1 GiB',
    work: { kind: 'slice', of: gibibyte, sliceBytes: MIB },
    subjects: ['keepsake', 'raw-handle-fresh', 'raw-file-slice'],
    raw: 'raw-handle-fresh',
    samplesPerVisit: 8,
    targets: [
      { than: 'job', job: 'slice-1MiB-of-64MiB', atMost: 1.3 },
      { than: 'limit', of: 'memoryBytes', atMost: 4 * MIB },
    ],
    cost: 'slow',
  }),
  ...(['first', 'second'] as const).map((pass) =>
    job({
      name: `random-slices-${pass}`,
      title: `10,000 random 4 KiB slices of 64 MiB, ${pass} pass`,
      work: { kind: 'random-slices', of: wholes[64], sliceBytes: 4 * KIB, count: 10_000, pass },
      subjects: ['keepsake', 'raw-handle-warm'],
      raw: 'raw-handle-warm',
      realm: 'worker',
      samplesPerVisit: pass === 'first' ? 1 : 4,
      targets: pass === 'first' ? [] : [than('raw-handle-warm', 2)],
    }),
  ),
];

const among = (entries: number): Job =>
  job({
    name: `among-${entries}`,
    title: `small hit among ${entries.toLocaleString('en')} entries`,
    work: { kind: 'hit', of: fixture(entries, 0, `filled-${entries}`), from: 'storage' },
    subjects: ['keepsake', 'raw-indexeddb'],
    raw: 'raw-indexeddb',
    samplesPerVisit: 60,
    targets: entries === 100 ? [] : [{ than: 'job', job: 'among-100', atMost: 1.3 }],
    cost: entries > 10_000 ? 'full' : entries > 100 ? 'slow' : 'quick',
  });

const reduced = (entries: number): Job =>
  job({
    name: `reduce-100-of-${entries}`,
    title: `reduceSize() that removes 100 of ${entries.toLocaleString('en')} entries`,
    work: { kind: 'reduce', of: fixture(entries, 0, `reduced-${entries}`), items: 100 },
    fixtures: [],
    subjects: ['keepsake'],
    samplesPerVisit: 20,
    targets: entries === 1_000 ? [] : [{ than: 'job', job: 'reduce-100-of-1000', atMost: 1.5 }],
    cost: 'slow',
  });

const catalogJobs: readonly Job[] = [
  among(100),
  among(10_000),
  among(100_000),
  job({
    name: 'clear-10000',
    title: 'clear() of 10,000 entries',
    work: { kind: 'clear', of: doomed, by: 'clear' },
    fixtures: [],
    subjects: ['keepsake', 'idb-keyval'],
    targets: [{ than: 'limit', of: 'medianMs', atMost: 1000 }],
    cost: 'slow',
  }),
  job({
    name: 'reduce-10000',
    title: 'reduceSize({ items: 0 }) of 10,000 entries',
    work: { kind: 'clear', of: doomed, by: 'reduceSize' },
    fixtures: [],
    subjects: ['keepsake'],
    cost: 'slow',
  }),
  reduced(1_000),
  reduced(10_000),
];

const hashJobs: readonly Job[] = [
  job({
    name: 'hash-64MiB',
    title: 'key of a 64 MiB Float32Array',
    work: { kind: 'hash', argument: 'array', count: 16 * MIB },
    subjects: ['keepsake'],
    samplesPerVisit: 5,
    quoted: 'joblib.hash, native: 89–117 ms',
  }),
  job({
    name: 'hash-100000-numbers',
    title: 'key of a list of 100,000 numbers',
    work: { kind: 'hash', argument: 'numbers', count: 100_000 },
    subjects: ['keepsake', 'idb-keyval'],
    samplesPerVisit: 20,
    quoted: 'joblib.hash, native: 90–120 ms',
  }),
  job({
    name: 'tier-call',
    title: 'memory-tier hit, primitive arguments',
    work: { kind: 'tier-calls', count: 500 },
    subjects: ['keepsake'],
    samplesPerVisit: 40,
    targets: [{ than: 'limit', of: 'medianMs', atMost: 0.01 }],
  }),
];

export const jobs: readonly Job[] = [
  ...visitJobs,
  ...smallJobs,
  ...mediumJobs,
  ...largeJobs,
  ...arrayJobs,
  ...catalogJobs,
  ...hashJobs,
];
