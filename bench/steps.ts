/**
 * `npm run bench:steps -- --jobs small-hit --subjects keepsake,raw-indexeddb`: where the time of one repetition goes, as
 * far as a page can see it: calls into the platform, waiting for its answers, and the rest, which is JavaScript.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { getBrowser } from '../scripts/browsers.ts';
import { buildPages } from './build.ts';
import type { Job } from './job.ts';
import { jobs } from './jobs.ts';
import { serve } from './serve.ts';
import type { SubjectName } from './subjects.ts';
import { type Step, type StepKind, stepKinds, watchSteps } from './watch-steps.ts';

const VISITS = 6;

type Sample = Readonly<Record<StepKind | 'JavaScript' | 'all', number>>;

/** Milliseconds by kind: each moment counts once, for the first kind that has it. */
export function sharesOf(steps: readonly Step[], ms: number): Sample {
  const shares = Object.fromEntries(stepKinds.map((kind) => [kind, 0])) as Record<StepKind, number>; // all are set
  const edges = [...new Set(steps.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  let seen = 0;
  for (const [at, from] of edges.entries()) {
    const to = edges[at + 1] ?? from;
    const kind = stepKinds.find((each) =>
      steps.some((step) => step.kind === each && step.start <= from && step.end >= to),
    );
    if (kind === undefined) continue;
    shares[kind] += to - from;
    seen += to - from;
  }
  return { ...shares, JavaScript: Math.max(0, ms - seen), all: ms };
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Samples of one visit, taken in the page: a message from here between them would let it go cold. */
async function samplesOfVisit(page: Page, count: number): Promise<Sample[]> {
  const found = await page.evaluate(async (most) => {
    const all: { readonly ms: number; readonly steps: Step[] }[] = [];
    for (let left = most; left > 0; left -= 1) {
      window.benchSteps.length = 0;
      const before = performance.now();
      const outcome = await window.keepsakeBench.measure({ budgetMs: 0, count: 1 });
      const after = performance.now();
      const ms = outcome.kind === 'done' ? outcome.value[0] : undefined;
      if (ms === undefined) break;
      all.push({ ms, steps: window.benchSteps.filter(({ start, end }) => start >= before && end <= after) });
    }
    return all;
  }, count);
  return found.map(({ ms, steps }) => sharesOf(steps, ms));
}

async function samplesOf(page: Page, home: string, job: Job, subject: SubjectName): Promise<Sample[]> {
  const visit = async (): Promise<void> => {
    await page.goto(home);
    await page.waitForFunction(() => 'keepsakeBench' in window);
  };
  const spec = { subject, realm: 'page', work: job.work } as const;
  for (const fixture of job.fixtures) {
    await visit();
    await page.evaluate((given) => window.keepsakeBench.fill(given), { ...spec, fixture });
  }
  const samples: Sample[] = [];
  for (let turn = 0; turn < VISITS; turn += 1) {
    await visit();
    await page.evaluate((given) => window.keepsakeBench.open(given), spec);
    samples.push(...(await samplesOfVisit(page, job.samplesPerVisit)));
  }
  return samples;
}

function print(job: Job, subject: SubjectName, samples: readonly Sample[]): void {
  console.log(`\n${job.title}, ${subject}: medians of ${samples.length}, ms`);
  for (const name of [...stepKinds, 'JavaScript', 'all'] as const) {
    const median = medianOf(samples.map((sample) => sample[name]));
    if (median >= 0.0005) console.log(`  ${name.padEnd(18)} ${median.toFixed(3)}`);
  }
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      jobs: { type: 'string', default: 'small-hit,small-store,1MiB-hit' },
      subjects: { type: 'string', default: 'keepsake' },
    },
  });
  const chosen = jobs.filter(({ name, realm }) => realm === 'page' && values.jobs.split(',').includes(name));
  if (chosen.length === 0) throw new Error(`There is no job of a page with a name of "${values.jobs}"`);
  const served = await serve(await buildPages());
  const profile = mkdtempSync(join(tmpdir(), 'keepsake-steps-'));
  const { args, ...found } = getBrowser('chromium');
  const context = await chromium.launchPersistentContext(profile, {
    ...found,
    args: [...args, '--js-flags=--expose-gc'],
  });
  try {
    await context.addInitScript(watchSteps);
    const page = await context.newPage();
    for (const job of chosen) {
      const subjects = job.subjects.filter((name) => values.subjects.split(',').includes(name));
      for (const subject of subjects) print(job, subject, await samplesOf(page, served.home, job, subject));
    }
  } finally {
    await context.close();
    served.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

if (import.meta.main) await run();
