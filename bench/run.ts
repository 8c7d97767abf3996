/** `npm run bench`: keepsake, its peers and the raw platform on the same jobs, in one run of a real browser. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { buildPages } from './build.ts';
import { DrivenBrowser } from './driven-browser.ts';
import { JobRunner } from './measure-job.ts';
import { type BenchOptions, parseOptions } from './options.ts';
import { figuresOfJobs, type JobResult, tableOf } from './report.ts';
import { type Served, serve } from './serve.ts';

const reportFile = 'reports/bench.json';

const legend = `Medians. One page load per subject and turn, subjects in turn; the built library; default options of keepsake.
task: longest main-thread task of one repetition. memory: peak growth of the page process's resident bytes in it.`;

async function measure({ browser, jobs, pace }: BenchOptions, { home }: Served) {
  const driven = await DrivenBrowser.launch(browser, home);
  const results: JobResult[] = [];
  try {
    const runner = new JobRunner(driven, pace);
    for (const job of jobs) {
      const start = performance.now();
      results.push({ job, subjects: await runner.run(job) });
      console.error(`${job.title}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
    return { results, userAgent: await driven.version() };
  } finally {
    await driven.close();
  }
}

function write(options: BenchOptions, results: readonly JobResult[], userAgent: string): void {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem() };
  const { browser, pace } = options;
  const figures = figuresOfJobs(results);
  const samples = Object.fromEntries(results.map(({ job, subjects }) => [job.name, subjects]));
  mkdirSync('reports', { recursive: true });
  const report = {
    format: 1,
    date: new Date().toISOString(),
    userAgent,
    browser,
    machine,
    pace,
    figures,
    samples,
  };
  writeFileSync(reportFile, `${JSON.stringify(report, null, 1)}\n`);
  console.log(`\n${tableOf(figures)}\n\n${legend}\n${userAgent}\nAll figures: ${reportFile}`);
}

const options = parseOptions(process.argv.slice(2));
const served = await serve(await buildPages());
try {
  const { results, userAgent } = await measure(options, served);
  write(options, results, userAgent);
} finally {
  served.close();
}
