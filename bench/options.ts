/** What the command line asks for. */
import { parseArgs } from 'node:util';
import type { BrowserName } from '../scripts/browsers.ts';
import type { Job } from './job.ts';
import { jobs } from './jobs.ts';

/** How long, how often. Each visit is one load of the page with one subject. */
export interface Pace {
  /** Rounds go on until a job has taken this long; each round visits every subject once. */
  readonly jobBudgetMs: number;
  readonly leastRounds: number;
  /** Instead of leastRounds, for jobs whose every round is long. */
  readonly leastSlowRounds: number;
  readonly mostRounds: number;
  readonly visitBudgetMs: number;
  /** The page that was watched is measured as well, and no other where that gave samples. */
  readonly isOneVisit: boolean;
}

export interface BenchOptions {
  readonly browser: BrowserName;
  readonly pace: Pace;
  readonly jobs: readonly Job[];
}

const paces = {
  quick: {
    jobBudgetMs: 0,
    leastRounds: 1,
    leastSlowRounds: 1,
    mostRounds: 1,
    visitBudgetMs: 120,
    isOneVisit: true,
  },
  usual: {
    jobBudgetMs: 8_000,
    leastRounds: 3,
    leastSlowRounds: 1,
    mostRounds: 10,
    visitBudgetMs: 300,
    isOneVisit: false,
  },
} as const satisfies Record<string, Pace>;

const usage = `npm run bench -- [--browser chromium|firefox] [--jobs name,…] [--quick] [--full]
  --jobs   parts of names; a job whose name holds one of them is run, however long it takes
  --quick  one round of the quick jobs
  --full   also the jobs that take minutes`;

function chooseJobs(wanted: string | undefined, isQuick: boolean, isFull: boolean): readonly Job[] {
  const parts = (wanted ?? '').split(',').filter((part) => part !== '');
  if (parts.length > 0) return jobs.filter(({ name }) => parts.some((part) => name.includes(part)));
  if (isFull) return jobs;
  return jobs.filter(({ cost }) => cost === 'quick' || (cost === 'slow' && !isQuick));
}

/** @throws Error with the usage for arguments that are not understood. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      browser: { type: 'string', default: 'chromium' },
      jobs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
    },
  });
  const { browser } = values;
  if (browser !== 'chromium' && browser !== 'firefox') throw new Error(usage);
  const chosen = chooseJobs(values.jobs, values.quick, values.full);
  if (chosen.length === 0) {
    throw new Error(
      `No job has a name like "${values.jobs}"; there are ${jobs.map(({ name }) => name).join(', ')}\n${usage}`,
    );
  }
  return { browser, jobs: chosen, pace: values.quick ? paces.quick : paces.usual };
}
