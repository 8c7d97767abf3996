/**
 * Everything that must hold, in one command: format, lint, types, layers, tests, build, size, package.
 * `node scripts/check.ts [step…]` runs some of it. Closes with a plain line: `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { whyNoWebKitGtk } from './browsers.ts';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** JSON report of a test runner; the step counts as its tests. */
  readonly report?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Why it is left out on this machine. */
  readonly whySkipped?: () => string | undefined;
}

interface Count {
  passed: number;
  failed: number;
}

/** What Firefox runs too: every verb on real storage, mapped results, every blob backend. */
const firefoxTests = [
  'memory.browser',
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

/** Counts tests in a vitest (jest-like) or Playwright JSON report. */
function countTests(file: string): Count {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if ('numPassedTests' in report) return { passed: report.numPassedTests, failed: report.numFailedTests };
  return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected };
}

function run({ name, command: [program = '', ...args], report, env, whySkipped }: Step): Count {
  const reason = whySkipped?.();
  if (reason) {
    console.log(`\n── ${name}: SKIPPED: ${reason}`);
    return { passed: 0, failed: 0 };
  }
  console.log(`\n── ${name}: ${[program, ...args].join(' ')}`);
  if (report) rmSync(report, { force: true });
  const start = performance.now();
  const { status, error } = spawnSync(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  console.log(
    `── ${name}: ${status === 0 ? 'passed' : `failed${error ? ` (${error.message})` : ''}`} in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
  const tests = report && existsSync(report) ? countTests(report) : { passed: 0, failed: 0 };
  if (status !== 0 && tests.failed === 0) return { ...tests, failed: 1 };
  return report ? tests : { passed: 1, failed: 0 };
}

mkdirSync('reports', { recursive: true });
const wanted = process.argv.slice(2);
const total: Count = { passed: 0, failed: 0 };
const failures: string[] = [];
for (const step of steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { passed, failed } = run(step);
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(step.name);
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
