import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as errors from '../src/errors/errors.ts';

const page = readFileSync('docs/troubleshooting.md', 'utf8');
const sources = globSync('src/**/*.ts', {
  exclude: ['**/*.test.ts', '**/*.test-d.ts', 'src/{plugin,testing}/**'],
});
const textOf = (file: string): string => readFileSync(file, 'utf8');

const section = (title: string): string => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rowsOf = (text: string): string[] =>
  [...text.matchAll(/^\| (`.*?`(?:, `.*?`)*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );

test('every error class has a row, and every row an error class', () => {
  const classes = Object.entries(errors).filter(([, each]) => each.prototype instanceof errors.MemoryError);
  expect(classes.length).toBeGreaterThan(5);
  expect(rowsOf(section('Errors')).sort()).toEqual(classes.map(([name]) => name).sort());
});

/** The members of a union of texts in src/events. */
function reasonsOf(type: string): string[] {
  const [, union = ''] =
    new RegExp(`export type ${type} =([^;]+);`).exec(textOf('src/events/events.ts')) ?? [];
  return [...union.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
}

test('every reason of a miss and of a skip has a row, and so has every tier', () => {
  const rows = rowsOf(page);
  for (const type of ['MissReason', 'SkipReason', 'StorageTier']) {
    expect(reasonsOf(type).length).toBeGreaterThan(4);
    for (const reason of reasonsOf(type)) expect(rows, `${type} ${reason}`).toContain(reason);
  }
});

/** Where src/ says something on the console, and how often: a new place needs a row, and a new number here. */
const places = {
  'src/blobs/worker-start.ts': 1,
  'src/calls/call-keys.ts': 4,
  'src/calls/call-log.ts': 1, // what joblib prints at its levels of verbosity
  'src/calls/notices.ts': 1,
  'src/calls/untold.ts': 1, // what the others go through
  'src/elsewhere/elsewhere.ts': 1,
  'src/inspector/inspect.ts': 1, // what it is asked for
  'src/memory/verifier.ts': 1,
  'src/warm/warm.ts': 1,
};

test('every row of the console is said somewhere, and nothing is said elsewhere', () => {
  const speaks = /\bconsole(?:\.(?:log|info|warn|error|debug)|\[level\])\(|(?<!function )\bnoticeOnce\(/g;
  const found = sources
    .map((file): [string, number] => [file, textOf(file).match(speaks)?.length ?? 0])
    .filter(([, count]) => count > 0);
  expect(Object.fromEntries(found)).toEqual(places);
  const said = sources
    .map(textOf)
    .join('\n')
    .replaceAll('`', '')
    .replaceAll(/\$\{[^}]*\}/g, '…');
  const rows = rowsOf(section('What the console says'));
  expect(rows.length).toBeGreaterThan(9);
  const isSaid = (part: string): boolean => said.includes(part.trim().replace('3 times', '… times'));
  expect(rows.filter((row) => !row.split('…').every(isSaid))).toEqual([]);
});
