import { describe, expect, test } from 'vitest';
import { analyseFiles, type Files } from '../scenarios/analyse-files.ts';
import { diffManifests } from './diff-manifests.ts';

const files: Files = {
  'main.ts': `import { memory } from './memory';
import { step, Model } from './physics';
import * as shapes from './shapes';
import { table } from './table';
import limits from './limits.json';
import { fold } from 'folding';
import { kind } from './barrel';
import './polyfill';
const gain = 2;
const local = (x: number) => x + gain;
export const sim = memory.cache((x: number) => {
  const inner = new Model(x).run(step(local(x)));
  return fold(shapes.area(inner), table, limits.max, kind, (x as any).twice(), import.meta.url.length > 0);
});
`,
  'physics.ts': `import { friction } from './constants';
export function step(x: number) { return helper(x) * friction; }
function helper(x: number) { return x - 1; }
export class Base { run(x: number) { return x * 5; } }
export class Model extends Base { k = 3; constructor(public x: number) { super(); } }
`,
  'constants.ts': 'export const friction = 0.5;\nexport const unused = 1;\n',
  'shapes.ts': 'export const area = (x: number) => x * x;\nexport const edge = (x: number) => x;\n',
  'table.ts':
    'export const table: number[] = [];\nfill();\nfunction fill() { for (let i = 0; i < 4; i++) table.push(i * size); }\nconst size = 3;\n',
  'limits.json': '{ "max": 10 }',
  'barrel.ts': "export * from './kinds';\n",
  'kinds.ts': 'export enum Kind { A = 1, B = 2 }\nexport const kind = Kind.A;\n',
  'polyfill.ts':
    'const factor = 2;\n(Number.prototype as any).twice = function () { return this * factor; };\n',
  'node_modules/folding/package.json': '{ "name": "folding", "version": "1.0.0", "main": "index.js" }',
  'node_modules/folding/index.js': 'export const fold = (...a) => a.length;',
};

/** Title, file, text, its replacement, and what must be named. */
const edits: readonly (readonly [title: string, file: string, from: string, to: string, named: string])[] = [
  ['its own body', 'main.ts', 'limits.max, kind', 'limits.max + 1, kind', 'main.ts#sim changed'],
  ['its own parameter’s default', 'main.ts', '(x: number) => {', '(x = 1) => {', 'main.ts#sim changed'],
  ['a local helper', 'main.ts', 'x + gain', 'x - gain', 'main.ts#local changed'],
  ['a constant beside it', 'main.ts', 'gain = 2', 'gain = 3', 'main.ts#gain changed'],
  [
    'an imported function',
    'physics.ts',
    'helper(x) * friction',
    'helper(x) / friction',
    'physics.ts#step changed',
  ],
  ["a helper's helper", 'physics.ts', 'return x - 1', 'return x - 2', 'physics.ts#helper changed'],
  ['a constant two modules away', 'constants.ts', '0.5', '0.6', 'constants.ts#friction changed'],
  ['an inherited method', 'physics.ts', 'x * 5', 'x * 6', 'physics.ts#Base changed'],
  ['a field', 'physics.ts', 'k = 3', 'k = 4', 'physics.ts#Model changed'],
  ['a member of a namespace', 'shapes.ts', 'x * x', 'x * x * 2', 'shapes.ts#area changed'],
  [
    'another member is used',
    'main.ts',
    'shapes.area',
    'shapes.edge',
    'main.ts#sim uses shapes.ts#edge instead of shapes.ts#area',
  ],
  ['what fills a table', 'table.ts', 'i * size', 'i + size', 'table.ts#fill changed'],
  ['how much it is filled', 'table.ts', 'size = 3', 'size = 4', 'table.ts#size changed'],
  ['the statement that fills it', 'table.ts', '\nfill();', '\nfill();fill();', 'table.ts#(statement 2)'],
  ['a value of a JSON file', 'limits.json', '10', '11', 'json limits.json changed'],
  [
    'a version of a package',
    'node_modules/folding/package.json',
    '1.0.0',
    '1.0.1',
    'package folding#fold changed',
  ],
  ['a member of an enum', 'kinds.ts', 'A = 1', 'A = 7', 'kinds.ts#Kind changed'],
  ['behind a barrel', 'kinds.ts', 'kind = Kind.A', 'kind = Kind.B', 'kinds.ts#kind changed'],
  ['a polyfill', 'polyfill.ts', 'this * factor', 'this + factor', 'polyfill.ts#'],
  ['a constant of a polyfill', 'polyfill.ts', 'factor = 2', 'factor = 3', 'polyfill.ts#factor changed'],
  [
    'a helper that also has a new name',
    'physics.ts',
    'helper(x)',
    'other(x)',
    'physics.ts#step uses physics.ts#other instead of physics.ts#helper',
  ],
  [
    'one helper exchanged for another',
    'main.ts',
    'step(local(x))',
    'step(Number(x))',
    'main.ts#local is gone',
  ],
];

async function causes(file: string, from: string, to: string): Promise<readonly string[]> {
  const before = files[file] ?? '';
  expect(before).toContain(from);
  let after = before.replace(from, to);
  if (to === 'other(x)')
    after = after.replace(
      'function helper(x: number) { return x - 1',
      'function other(x: number) { return x - 3',
    );
  const [older, newer] = [await analyseFiles(files), await analyseFiles({ ...files, [file]: after })];
  return diffManifests(older.manifest, newer.manifest).lost.flatMap((each) => each.causes);
}

describe('a diff of two manifests names the declaration', () => {
  test.each(edits)('%s', async (_, file, from, to, named) => {
    const found = await causes(file, from, to);
    expect(found.join('\n')).toContain(named);
  });
});

test('an edit of one declaration is told as that and nothing else', async () => {
  expect(await causes('constants.ts', '0.5', '0.6')).toEqual(['constants.ts#friction changed']);
  expect(await causes('main.ts', 'x + gain', 'x - gain')).toEqual(['main.ts#local changed']);
  expect(await causes('shapes.ts', 'x * x', 'x * x * 2')).toEqual(['shapes.ts#area changed']);
});

test('another salt is told as that', async () => {
  const [older, newer] = [await analyseFiles(files, { salt: 'a' }), await analyseFiles(files, { salt: 'b' })];
  expect(diffManifests(older.manifest, newer.manifest).lost.map((each) => each.causes)).toEqual([
    ['the option "salt" changed'],
  ]);
});

test('two functions with one id have an entry each', async () => {
  const source = `import { memory } from './memory';
export const a = memory.cache((x: number) => x, { id: 'same' });
export const b = memory.cache((x: number) => x * 2, { id: 'same' });
`;
  const { manifest } = await analyseFiles({ 'main.ts': source });
  const [first, second, ...more] = Object.entries(manifest.functions);
  expect(more).toEqual([]);
  expect([first?.[0], second?.[0]]).toEqual(['main.ts#same', 'main.ts#same~2']);
  expect(first?.[1].fingerprint).not.toBe(second?.[1].fingerprint);
});
