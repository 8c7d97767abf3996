import { describe, expect, test } from 'vitest';
import { describeFailures, failuresIn } from './failures.ts';

describe('failures in the reports of test runners', () => {
  test('vitest: failed tests, and files that cannot be loaded', () => {
    const report = {
      numFailedTests: 1,
      testResults: [
        {
          name: '/home/src/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { fullName: 'adds', status: 'passed', failureMessages: [] },
            {
              fullName: 'adds twice',
              status: 'failed',
              failureMessages: ['expected 3 to be 4\n    at a.ts'],
            },
          ],
        },
        { name: '/home/src/b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
        { name: '/home/src/c.test.ts', status: 'passed', message: '', assertionResults: [] },
      ],
    };
    expect(failuresIn(report)).toEqual([
      { name: '/home/src/a.test.ts: adds twice', message: 'expected 3 to be 4\n    at a.ts' },
      { name: '/home/src/b.test.ts', message: 'no such module' },
    ]);
  });

  test('Playwright: specs at any depth, with the errors of each try', () => {
    const spec = (title: string, ok: boolean, ...messages: string[]) => ({
      title,
      file: 'a.spec.ts',
      ok,
      tests: [{ results: messages.map((message) => ({ errors: [{ message }] })) }],
    });
    const report = {
      errors: [{ message: 'no server' }],
      suites: [
        { specs: [spec('passes', true)], suites: [{ specs: [spec('reloads', false, 'once', 'twice')] }] },
      ],
    };
    expect(failuresIn(report)).toEqual([
      { name: 'Outside of the tests', message: 'no server' },
      { name: 'a.spec.ts: reloads', message: 'once\ntwice' },
    ]);
  });

  test('consumers say it themselves', () => {
    const failures = [{ name: 'Vite 8, build', message: '3 were computed again' }];
    expect(failuresIn({ numFailedTests: 1, failures })).toEqual(failures);
  });
});

describe('what is printed of them', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `/home/${index}`, message: 'a\n\n\u001b[31mb\nc' }));

  test('names without the folder, messages without colours and empty lines', () => {
    expect(describeFailures(many(1), '/home', 60)).toEqual(['✗ 0', '    a', '    b', '    c']);
  });

  test('never more lines than wanted, and each failure has its share', () => {
    expect(describeFailures(many(20), '/home', 60)).toHaveLength(60);
    expect(describeFailures(many(20), '/home', 60)).toContain('✗ 19');
    const tooMany = describeFailures(many(100), '/home', 60);
    expect(tooMany).toHaveLength(60);
    expect(tooMany.at(-1)).toBe('… 100 failures in all');
  });
});
