import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cures, diagnosticTitles } from './report/diagnostic-code.ts';
import { analyseFiles, type Files } from './scenarios/analyse-files.ts';

const head = "import { memory } from './memory';\n";

async function diagnose(
  source: string,
  files: Files = {},
): Promise<{ codes: string[]; texts: string; flags: readonly string[] }> {
  const { outcome, functions } = await analyseFiles({ 'main.ts': `${head}${source}`, ...files });
  const [first] = Object.values(functions);
  return {
    codes: outcome.diagnostics.map((each) => each.code),
    texts: outcome.diagnostics.map((each) => each.text).join('\n'),
    flags: first?.flags ?? [],
  };
}

describe('diagnostics', () => {
  test.each([
    ['FP001', 'export const make = (k: number) => memory.cache((x: number) => x * k);', []],
    [
      'FP002',
      'let k = 1;\nexport const set = (v: number) => { k = v; };\nexport const f = memory.cache((x: number) => x * k);',
      [],
    ],
    [
      'FP003',
      'export const f = memory.cache(async (name: string) => (await import(name)).value);',
      ['partial'],
    ],
    ['FP003', 'export const f = memory.cache((name: string) => require(name));', ['partial']],
    [
      'FP003',
      'export const f = memory.cache((name: string) => new URL(name, import.meta.url));',
      ['partial'],
    ],
    ['FP004', 'export const f = memory.cache((x: string) => eval(x));', ['partial']],
    ['FP004', 'export const f = memory.cache((x: string) => new Function(x)());', ['partial']],
    ['FP003', "export const f = memory.cache(() => new Worker('/worker.js'));", ['partial']],
    ['FP003', "export const f = memory.cache(() => require.context('./a'));", ['partial']],
    ['FP004', 'export const f = memory.cache((x: string) => (0, eval)(x));', ['partial']],
    ['FP005', 'export const f = memory.cache(() => Math.random());', []],
    ['FP005', 'export const f = memory.cache(() => new Date().getTime());', []],
    ['FP006', 'export const f = memory.cache(() => import.meta.env.DEV);', []],
    ['FP007', "import { a } from './view.vue';\nexport const f = memory.cache(() => a);", ['partial']],
    ['FP007', "import { a } from 'virtual:thing';\nexport const f = memory.cache(() => a);", ['partial']],
    [
      'FP007',
      "import { a } from 'https://example.com/a.js';\nexport const f = memory.cache(() => a);",
      ['partial'],
    ],
    ['FP007', "import { a } from './broken';\nexport const f = memory.cache(() => a);", ['partial']],
    ['FP008', "export const f = memory.cache(() => localStorage.getItem('x'));", []],
    ['FP009', 'export const wrap = (fn: () => number) => memory.cache(fn);', ['partial']],
    [
      'FP009',
      'export const f = function (this: { k: number }) { return memory.cache(() => Object.keys(this)); };',
      ['partial'],
    ],
  ])('%s: %s', async (code, source, flags) => {
    const found = await diagnose(source, { 'view.vue': '<template/>', 'broken.ts': 'export const = ;' });
    expect(found.codes).toContain(code);
    expect(found.flags).toEqual(flags);
  });

  test('FP012 tells of legacy decorators', async () => {
    const source = `${head}export class Model {\n  @memory.cache async run(x: number) { return x; }\n}`;
    const config = '{\n  // for Angular\n  "extends": "./base",\n}';
    const base = (value: boolean) => JSON.stringify({ compilerOptions: { experimentalDecorators: value } });
    const codes = async (value: boolean) => {
      const files = { 'main.ts': source, 'tsconfig.json': config, 'base.json': base(value) };
      return (await analyseFiles(files)).outcome.diagnostics.map((each) => each.code);
    };
    expect(await codes(true)).toContain('FP012');
    expect(await codes(false)).not.toContain('FP012');
  });

  test.each(Object.keys(diagnosticTitles))('%s names a cure, and has a place in the docs', (code) => {
    const docs = readFileSync(new URL('../../docs/plugin.md', import.meta.url), 'utf8');
    expect(docs).toContain(`### ${code}\n`);
    expect(Object.keys(cures)).toContain(code);
  });

  test('FP009 tells of a call whose Memory cannot be found', async () => {
    const source =
      "import type { Memory } from 'keepsake';\nexport const f = (m: Memory) => m.cache((x: number) => x);";
    const { outcome, functions } = await analyseFiles({ 'main.ts': source });
    expect(outcome.diagnostics.map((each) => each.code)).toEqual(['FP009']);
    expect(functions).toEqual({});
    expect(outcome.output).toBeUndefined();
  });

  test('show the place where it happens, in the helper', async () => {
    const helper = 'export function roll() {\n  return Math.random();\n}\n';
    const found = await diagnose(
      "import { roll } from './dice';\nexport const f = memory.cache(() => roll());",
      { 'dice.ts': helper },
    );
    expect(found.texts).toBe(
      [
        '[keepsake FP005] main.ts#f: reads Math.random, which differs from call to call (not deterministic)',
        'dice.ts:2:10',
        '  1 | export function roll() {',
        '> 2 |   return Math.random();',
        '    |          ^^^^^^^^^^^',
        '  3 | }',
        'pass a seed or the time as an argument; more in docs/plugin.md#fp005',
      ].join('\n'),
    );
  });

  test('are silenced by a comment on their line or the line before, and so is the flag', async () => {
    const before =
      '// keepsake-ignore FP003\nexport const f = memory.cache(async (name: string) => import(name));';
    const beside =
      'export const f = memory.cache(() => Math.random()); // keepsake-ignore FP005: seeded elsewhere';
    const other = 'export const f = memory.cache(() => Math.random()); // keepsake-ignore FP003';
    expect(await diagnose(before)).toEqual({ codes: [], texts: '', flags: [] });
    expect((await diagnose(beside)).codes).toEqual([]);
    expect((await diagnose(other)).codes).toEqual(['FP005']);
  });

  test('FP002 silenced at the declaration leaves the variable out of the key', async () => {
    const source =
      '// keepsake-ignore FP002\nconst seen = new Map();\nexport const f = memory.cache((x: number) => { seen.set(x, x); return x; });';
    const { outcome } = await analyseFiles({ 'main.ts': head + source });
    expect(outcome.output?.code).not.toContain('captures');
    expect(outcome.diagnostics).toEqual([]);
  });

  test('named in the "ignore" option are not reported, but keep their flag', async () => {
    const source = `${head}export const f = memory.cache(async (name: string) => import(name));`;
    const { outcome, functions } = await analyseFiles({ 'main.ts': source }, { ignore: ['FP003'] });
    expect(outcome.diagnostics).toEqual([]);
    expect(functions.f?.flags).toEqual(['partial']);
  });
});
