/** One load of the page, seen from inside: fills, warms up, observes, measures. Runs in the page and in a worker. */
import type { BenchPage, FillSpec, Observation, Outcome, SampleLimits, VisitSpec } from '../protocol.ts';
import type { SubjectName } from '../subjects.ts';
import { fill, samplerOf } from './sampler.ts';
import { collectAllGarbage, type Sampler } from './sampling.ts';
import { NotOfferedError, type Subject } from './subject.ts';

export type SubjectMakers = Partial<Readonly<Record<SubjectName, () => Subject>>>;

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (error instanceof NotOfferedError) return { kind: 'skipped', reason: error.message };
    throw error;
  }
}

/** The subject's part of an observation; the page adds how it felt. */
export type Observed = Pick<Observation, 'hitSources' | 'ms'>;

export class Visit {
  readonly #makers: SubjectMakers;
  #subject: Subject | undefined;
  #sampler: Sampler | undefined;

  constructor(makers: SubjectMakers) {
    this.#makers = makers;
  }

  fill({ subject, fixture }: FillSpec): Promise<Outcome<undefined>> {
    return outcomeOf(async () => {
      const made = this.#make(subject);
      await made.open(fixture.store);
      await fill(made, fixture);
      return undefined;
    });
  }

  open({ subject, work }: VisitSpec): Promise<Outcome<undefined>> {
    return outcomeOf(async () => {
      this.#subject = this.#make(subject);
      this.#sampler = samplerOf(this.#subject, work);
      await this.#sampler.warmUp();
      await collectAllGarbage();
      return undefined;
    });
  }

  /** One sample with someone looking. */
  observe(): Promise<Outcome<Observed>> {
    return outcomeOf(async () => {
      const watched = this.#subject?.watchHits?.();
      const ms = await this.#sampler?.sample();
      return { ms, hitSources: [...new Set(watched?.sources)] };
    });
  }

  measure({ budgetMs, count }: SampleLimits): Promise<Outcome<readonly number[]>> {
    return outcomeOf(async () => {
      const samples: number[] = [];
      const end = performance.now() + budgetMs;
      do {
        const ms = await this.#sampler?.sample();
        if (ms === undefined) break;
        samples.push(ms);
      } while (samples.length < count && performance.now() < end);
      return samples;
    });
  }

  #make(name: SubjectName): Subject {
    const make = this.#makers[name];
    if (!make) throw new NotOfferedError(`${name} does not run in this thread`);
    return make();
  }
}

/** Messages between the page and the visit in its worker. */
export interface VisitRequest {
  readonly method: 'fill' | 'open' | 'observe' | 'measure';
  readonly argument: unknown;
}

export type VisitReply = { readonly outcome: Outcome<unknown> } | { readonly error: string };

/** The same methods as BenchPage, without what only a page can see. */
export type Visiting = Omit<BenchPage, 'observe'> & { observe(): Promise<Outcome<Observed>> };
