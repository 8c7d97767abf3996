/**
 * Everything that must hold, in one command: format, lint, types, layers, tests, build, size, package.
 * `node scripts/check.ts [step…]` runs some of it. Closes with what failed, and a plain line: `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { whyNoWebKitGtk } from './browsers.ts';
import { describeFailures, type Failure, failuresIn } from './failures.ts';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** JSON report of a test runner; the step counts as its tests. */
  readonly report?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Why it is left out on this machine. */
  readonly whySkipped?: () => string | undefined;
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}

/** What Firefox runs too: every verb on real storage, mapped results, every blob backend. */
const firefoxTests = [
  'memory/memory.browser',
  'verbs.browser',
  'mapped-results.browser',
  'mapped-calls.browser',
  'mapped-segments.browser',
  'blob-stores.browser',
];

/** And WebKitGTK: what its engine makes of files, databases and values. */
const webKitGtkTests = [
  'blob-stores.browser',
  'memory/memory.browser',
  'verbs.browser',
  'mapped-results.browser',
];

const vitest = (
  name: string,
  project: string,
  env: Readonly<Record<string, string>> = {},
  files: readonly string[] = [],
): Step => ({
  name,
  command: [
    'vitest',
    'run',
    ...files,
    `--project=${project}*`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=reports/${name}.json`,
  ],
  report: `reports/${name}.json`,
  env,
});

const steps: readonly Step[] = [
  { name: 'browsers', command: ['node', 'scripts/browsers.ts', 'chromium', 'firefox', 'webkitgtk'] },
  { name: 'lint', command: ['biome', 'ci', '--error-on-warnings'] },
  { name: 'types', command: ['node', 'scripts/types.ts'] },
  { name: 'docs', command: ['node', 'scripts/docs.ts'] },
  { name: 'layers', command: ['node', 'scripts/layers.ts'] },
  { name: 'graph', command: ['node', 'scripts/room-graph.ts', '--check'] },
  vitest('unit', 'node'),
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'site', command: ['npm', 'run', '--silent', 'docs:build'] },
  { name: 'size', command: ['npm', 'run', '--silent', 'size'] },
  { name: 'api', command: ['node', 'scripts/api.ts', '--check'] },
  { name: 'package', command: ['publint', '--strict'] },
  // The package is modules only, for tools that read "exports"; what others would find is shown and not counted.
  { name: 'exports', command: ['attw', '--pack', '.', '--profile', 'esm-only', '--quiet'] },
  {
    name: 'consumers',
    command: ['node', 'e2e/consumers/run.ts', 'local'],
    report: 'reports/consumers.json',
  },
  vitest('browser', 'browser'),
  vitest('firefox', 'browser', { KEEPSAKE_ENGINES: 'firefox' }, firefoxTests),
  {
    ...vitest('webkitgtk', 'browser', { KEEPSAKE_ENGINES: 'webkitgtk' }, webKitGtkTests),
    whySkipped: whyNoWebKitGtk,
  },
  { name: 'e2e', command: ['playwright', 'test'], report: 'reports/e2e.json' },
];

const LINES_OF_FAILURES = 60;
const LINES_OF_OUTPUT = 20;

/** Counts tests in a vitest (jest-like) or Playwright JSON report. */
function readReport(file: string): Outcome {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failures = failuresIn(report);
  if ('numPassedTests' in report)
    return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
  const { expected, flaky, unexpected } = report.stats;
  return { passed: expected + flaky, failed: unexpected, failures };
}

/** Passes the output on as it comes; its end is kept for who has no report. */
function execute([program = '', ...args]: readonly string[], env: Step['env']) {
  return new Promise<{ isGood: boolean; end: string }>((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let end = '';
    const keep = (text: string): void => {
      end = (end + text).split('\n').slice(-LINES_OF_OUTPUT).join('\n');
    };
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      from.setEncoding('utf8').on('data', (text: string) => {
        to.write(text);
        keep(text);
      });
    }
    child.on('error', ({ message }) => resolve({ isGood: false, end: message }));
    child.on('close', (status) => resolve({ isGood: status === 0, end }));
  });
}

async function run({ name, command, report, env, whySkipped }: Step): Promise<Outcome> {
  const reason = whySkipped?.();
  if (reason) {
    console.log(`\n── ${name}: SKIPPED: ${reason}`);
    return { passed: 0, failed: 0, failures: [] };
  }
  console.log(`\n── ${name}: ${command.join(' ')}`);
  if (report) rmSync(report, { force: true });
  const start = performance.now();
  const { isGood, end } = await execute(command, env);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${isGood ? 'passed' : 'failed'} in ${seconds} s`);
  const tests = report && existsSync(report) ? readReport(report) : { passed: 0, failed: 0, failures: [] };
  if (isGood) return report ? tests : { passed: 1, failed: 0, failures: [] };
  const failures =
    tests.failures.length > 0 ? tests.failures : [{ name: 'The end of its output', message: end }];
  return { passed: tests.passed, failed: Math.max(1, tests.failed), failures };
}

mkdirSync('reports', { recursive: true });
const wanted = process.argv.slice(2);
const total = { passed: 0, failed: 0 };
const failures: Failure[] = [];
for (const step of steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const outcome = await run(step);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  if (outcome.failed === 0) continue;
  failures.push(...outcome.failures.map(({ name, message }) => ({ name: `${step.name}: ${name}`, message })));
}
if (failures.length > 0)
  console.log(`\nFailed:\n${describeFailures(failures, process.cwd(), LINES_OF_FAILURES).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
