/** What failed in a step of check.ts, from the report of its test runner: a name and a message each. */

export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** Of vitest; `failures` are the consumers'. */
interface TestReport {
  readonly numFailedTests: number;
  readonly failures?: readonly Failure[];
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly ok: boolean;
    readonly tests: readonly {
      readonly results: readonly { readonly errors?: readonly { readonly message?: string }[] }[];
    }[];
  }[];
}

/** Of Playwright. */
interface SpecReport {
  readonly suites: readonly Suite[];
  readonly errors?: readonly { readonly message?: string }[];
}

export type Report = TestReport | SpecReport;

export const failuresIn = (report: Report): Failure[] =>
  'suites' in report
    ? [
        ...(report.errors ?? []).map(({ message = '' }) => ({ name: 'Outside of the tests', message })),
        ...report.suites.flatMap(failedSpecs),
      ]
    : [...(report.failures ?? []), ...failedTests(report)];

function failedTests({ testResults = [] }: TestReport): Failure[] {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((each) => each.status === 'failed')
      .map(({ fullName, failureMessages }) => ({
        name: `${file}: ${fullName}`,
        message: (failureMessages ?? []).join('\n'),
      }));
    // A file that cannot even be loaded has no tests.
    return failed.length === 0 && status === 'failed' ? [{ name: file, message }] : failed;
  });
}

function failedSpecs({ suites = [], specs = [] }: Suite): Failure[] {
  const own = specs
    .filter(({ ok }) => !ok)
    .map(({ title, file, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap(({ errors: each = [] }) => each));
      return { name: `${file}: ${title}`, message: errors.map(({ message = '' }) => message).join('\n') };
    });
  return [...own, ...suites.flatMap(failedSpecs)];
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** So many lines at most, each failure with its share of them. */
export function describeFailures(failures: readonly Failure[], home: string, lines: number): string[] {
  const share = Math.max(1, Math.floor(lines / failures.length) - 1);
  const all = failures.flatMap(({ name, message }) => [
    `✗ ${name.replace(`${home}/`, '')}`,
    ...message
      .replaceAll(colours, '')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, share)
      .map((line) => `    ${line.slice(0, 300)}`),
  ]);
  return all.length <= lines ? all : [...all.slice(0, lines - 1), `… ${failures.length} failures in all`];
}
