import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = readFileSync('docs/what-is-in-the-key.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| (?!what is called)[^-]/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('docs/what-is-in-the-key.md has a row for each way of calling', () => {
  const named = rows.map(([, what]) => what);
  for (const what of ['plain function', 'method', 'static method', 'closure']) expect(named).toContain(what);
  expect(named.filter((what) => /^(?:field|bound) function/.test(what ?? ''))).toHaveLength(2);
});

test.each(rows)('docs/what-is-in-the-key.md: %s%s is shown by a test that exists', (...cells) => {
  const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(cells[4] ?? '') ?? [];
  const [path, ...more] = globSync(`src/**/${file}`);
  expect(more).toEqual([]);
  const quoted = [`'${name}'`, `\n  ${name}: (memory)`];
  expect(quoted.some((each) => readFileSync(path ?? '', 'utf8').includes(each))).toBe(true);
});

test('every program is run by a test', () => {
  const tests = globSync('src/calls/*.browser.test.ts').map((path) => readFileSync(path, 'utf8'));
  for (const path of globSync('src/testing/identity/*programs*.ts')) {
    const file = path.split('/').at(-1) ?? '';
    expect(tests.some((text) => text.includes(`identity/${file}`) && text.includes('test.each'))).toBe(true);
  }
});
