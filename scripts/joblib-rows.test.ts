import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = readFileSync('docs/joblib.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d+ /.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

test('docs/joblib.md has every row once, in order', () => {
  expect(rows.map(([, row]) => row)).toEqual(Array.from({ length: 101 }, (_, at) => `F${at + 1}`));
  for (const [, row, joblib, ours] of rows) expect([row, joblib, ours]).not.toContain('');
});

test.each(rows.filter(([, , , , shown]) => shown))(
  'docs/joblib.md: %s%s is shown by a test that exists',
  (...cells) => {
    const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(cells[4] ?? '') ?? [];
    const paths = globSync(file.includes('/') ? `src/${file}` : `src/**/${file}`);
    expect(paths).toHaveLength(1);
    expect(readFileSync(paths[0] ?? '', 'utf8')).toContain(name);
  },
);
