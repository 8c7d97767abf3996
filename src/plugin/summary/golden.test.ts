import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeFields } from '../ast/node-fields.ts';
import { parseSource } from '../ast/parse.ts';
import { summarise } from './summarise.ts';

const folder = new URL('../fixtures/syntax/', import.meta.url);
const source = readFileSync(new URL('syntax.input.tsx', folder), 'utf8');

/** Node types that the fixture leaves out, with the reason. */
const absent = new Set([
  'ParenthesizedExpression', // the parser is told to drop them
  'WithStatement', // not allowed in modules
  'V8IntrinsicExpression',
]);

test('golden: the skeleton of every kind of syntax', async () => {
  const summary = summarise('syntax.input.tsx', source);
  const golden = {
    ...summary,
    items: summary.items.map(({ start, end, ...item }) => [item.names.join(), item]),
  };
  const path = fileURLToPath(new URL('syntax.golden.json', folder));
  await expect(`${JSON.stringify(golden, null, 1)}\n`).toMatchFileSnapshot(path);
});

test('the golden fixture holds every node type of the whitelist', () => {
  const parsed = parseSource('syntax.input.tsx', source);
  const types = new Set<string>();
  JSON.stringify(parsed, (key, value) => {
    if (key === 'type' && typeof value === 'string') types.add(value);
    return typeof value === 'bigint' ? String(value) : value;
  });
  expect([...nodeFields.keys()].filter((type) => !types.has(type) && !absent.has(type))).toEqual([]);
});

test('no syntax of the golden fixture is opaque', () => {
  const { items, error } = summarise('syntax.input.tsx', source);
  expect(error).toBeUndefined();
  expect(items.flatMap((item) => item.notes.filter((note) => note.code === 'FP007'))).toEqual([]);
});
