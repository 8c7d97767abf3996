/** What a job is. */
import type { SubjectName } from './subjects.ts';

/** Entries that are stored before anything is measured; a length of 0 stands for a small record. */
export interface Fixture {
  /** Store (database, memory) that holds them. */
  readonly store: string;
  readonly count: number;
  readonly byteLength: number;
}

/** Calls are given a value of `byteLength` bytes; a length of 0 stands for a small record. */
export type Work =
  /** One hit after another. 'storage': never an entry that this page has had; 'verified': one that it has. */
  | { readonly kind: 'hit'; readonly of: Fixture; readonly from: 'storage' | 'verified' | 'tier' }
  /** The first hit of a page, with everything that has to be opened for it. */
  | { readonly kind: 'opening-hit'; readonly of: Fixture }
  /** What a page that was just opened does: each result read once, in order; timed to the end of the first or of the last. */
  | { readonly kind: 'first-visit'; readonly of: Fixture; readonly until: 'first' | 'last' }
  /** As the first thing that a page does. */
  | { readonly kind: 'first-slice'; readonly of: Fixture; readonly sliceBytes: number }
  | { readonly kind: 'hits-at-once'; readonly of: Fixture; readonly from: 'storage' | 'tier' }
  | { readonly kind: 'store'; readonly byteLength: number }
  | { readonly kind: 'hit-into'; readonly of: Fixture }
  | { readonly kind: 'slice'; readonly of: Fixture; readonly sliceBytes: number }
  | {
      readonly kind: 'random-slices';
      readonly of: Fixture;
      readonly sliceBytes: number;
      readonly count: number;
      readonly pass: 'first' | 'second';
    }
  /** Removes every entry of a store that is filled anew each time. */
  | { readonly kind: 'clear'; readonly of: Fixture; readonly by: 'clear' | 'reduceSize' }
  /** Removes the least recently used so many of a store, again and again. */
  | { readonly kind: 'reduce'; readonly of: Fixture; readonly items: number }
  | { readonly kind: 'hash'; readonly argument: 'array' | 'numbers'; readonly count: number }
  /** Calls with primitive arguments, kept in the realm; a sample is the mean of many. */
  | { readonly kind: 'tier-calls'; readonly count: number };

/** A figure that the job's result is held against. */
export type Target =
  | { readonly than: 'best peer' | SubjectName; readonly atMost: number }
  | { readonly than: 'job'; readonly job: string; readonly atMost: number }
  | {
      readonly than: 'limit';
      readonly of: 'medianMs' | 'longestTaskMs' | 'memoryBytes';
      readonly atMost: number;
    };

export interface Job {
  readonly name: string;
  readonly title: string;
  readonly work: Work;
  readonly fixtures: readonly Fixture[];
  readonly subjects: readonly SubjectName[];
  /** The platform's own figure, to compare with. */
  readonly raw?: SubjectName;
  readonly realm: 'page' | 'worker';
  readonly targets: readonly Target[];
  /** How many samples one page may give. */
  readonly samplesPerVisit: number;
  /** Each visit is the first of a browser that was started anew. */
  readonly isBrowserAnew: boolean;
  /** 'slow' jobs are not part of a quick run, 'full' ones only of a full run. */
  readonly cost: 'quick' | 'slow' | 'full';
  /** A figure measured elsewhere, printed beside ours. */
  readonly quoted?: string;
}
