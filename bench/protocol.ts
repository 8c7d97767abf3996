/** What the runner asks of a page, and what the page answers. */
import type { Fixture, Work } from './job.ts';
import type { SubjectName } from './subjects.ts';

/** One load of the page: one subject, one piece of work. */
export interface VisitSpec {
  readonly subject: SubjectName;
  readonly realm: 'page' | 'worker';
  readonly work: Work;
}

export interface FillSpec {
  readonly subject: SubjectName;
  readonly realm: 'page' | 'worker';
  readonly fixture: Fixture;
}

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** The subject does not offer this. */
  | { readonly kind: 'skipped'; readonly reason: string };

/** A sample with its surroundings: who answered, and how long the page could not react. */
export interface Observation {
  /** undefined: the page had none to give. */
  readonly ms: number | undefined;
  readonly longestTaskMs: number;
  /** The Long Tasks API sees tasks from 50 ms on; elsewhere gaps between turns of the event loop count. */
  readonly longestTaskBy: 'long tasks' | 'event loop';
  /** Where keepsake's hits came from. */
  readonly hitSources: readonly string[];
}

export interface SampleLimits {
  readonly budgetMs: number;
  readonly count: number;
}

/** The page's side, as the runner calls it. */
export interface BenchPage {
  fill(spec: FillSpec): Promise<Outcome<undefined>>;
  /** Opens what the work needs and does it once, unmeasured. */
  open(spec: VisitSpec): Promise<Outcome<undefined>>;
  observe(): Promise<Outcome<Observation>>;
  measure(limits: SampleLimits): Promise<Outcome<readonly number[]>>;
}

declare global {
  interface Window {
    keepsakeBench: BenchPage;
  }
}
