import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { minifySync } from 'vite';
import { describe, expect, test } from 'vitest';
import { RandomSource } from '../random/random-source.ts';
import { summarise } from './summarise.ts';

const require = createRequire(import.meta.url);

/** d3 comes as one function around all of its modules; what is inside of it is a module like any other. */
function insideOfUmd(source: string): string {
  const start = source.indexOf('{', source.indexOf('(function (exports)')) + 1;
  return source.slice(start, source.lastIndexOf('}'));
}

const libraries = {
  three: readFileSync(join(dirname(require.resolve('three')), 'three.core.js'), 'utf8'),
  d3: insideOfUmd(readFileSync(require.resolve('d3').replace(/src.*|dist.*/, 'dist/d3.js'), 'utf8')),
};

/** Every declaration by name: what enters the fingerprint of it alone. */
function declarations(source: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const item of summarise('library.js', source).items) {
    const facts = JSON.stringify([item.skeleton, item.slots, item.globals, item.isMutable]);
    if (item.names.length > 0) found.set(item.names.join(), facts);
  }
  return found;
}

function statements(source: string): string[] {
  return summarise('library.js', source)
    .items.filter((item) => item.names.length === 0)
    .map((item) => item.skeleton);
}

function reprint(source: string, renamesLocals: boolean): string {
  const { code } = minifySync('library.js', source, {
    module: true,
    compress: false,
    mangle: renamesLocals ? { toplevel: false } : false,
    codegen: { removeWhitespace: true },
  });
  return code;
}

describe.each(Object.entries(libraries))('the declarations of %s', (name, source) => {
  const before = declarations(source);

  test('are many', () => {
    expect(before.size).toBeGreaterThan(800);
    if (process.env.KEEPSAKE_REPORT) console.log(`${name}: ${before.size} declarations`);
  });

  test.each([
    ['reprinted without white space and comments', false],
    ['with every local name changed', true],
  ])('keep their hash when %s', { timeout: 120_000 }, (_, renamesLocals) => {
    const after = declarations(reprint(source, renamesLocals));
    expect([...before].filter(([each, hash]) => after.get(each) !== hash).map(([each]) => each)).toEqual([]);
    expect(statements(reprint(source, renamesLocals))).toEqual(statements(source));
  });
});

/** Tokens and what replaces them, each replacement of the same kind but of another meaning. */
const replacements: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/(?<=[\s(=,[+*/-])\d+(?:\.\d+)?(?=[\s;),\]+*/-])/g, (text) => String(Number(text) + 1)],
  [/(?<= )(?:\+|-|\*|\/)(?= )/g, (text) => (text === '+' ? '-' : '+')],
  [/ (?:===|<=?|>=?|!==) /g, (text) => (text === ' !== ' ? ' === ' : ' !== ')],
  [/ (?:&&|\|\|) /g, (text) => (text === ' && ' ? ' || ' : ' && ')],
  [/\btrue\b|\bfalse\b/g, (text) => (text === 'true' ? 'false' : 'true')],
  [/(?<=\.)[a-z]\w+\b/g, (text) => `${text}X`],
  [/(?<=['"])[a-z]\w+(?=['"])/g, (text) => `${text}X`],
  [/(?<=^\t+|^ +)return /gm, () => 'throw '],
  [/ (?:\+|-)= /g, (text) => (text === ' += ' ? ' -= ' : ' += ')],
  [/\b(?:let|var)(?= \w+ =)/g, (text) => (text === 'let' ? 'var' : 'let')],
];

/** Mutations in all; `KEEPSAKE_MUTATIONS=5000` for more. */
const total = Number(process.env.KEEPSAKE_MUTATIONS ?? 2000);

describe('a changed token', () => {
  test.each(Object.keys(libraries))('of %s is noticed', { timeout: 600_000 }, (name) => {
    const source = name === 'three' ? libraries.three : libraries.d3;
    const random = new RandomSource(7);
    const chunks = topLevelChunks(source);
    const unnoticed: string[] = [];
    let noticed = 0;
    while (noticed + unnoticed.length < total / 2) {
      const chunk = random.pick(chunks);
      const [pattern, change] = random.pick(replacements);
      const matches = [...chunk.matchAll(pattern)].filter((match) => !isInComment(chunk, match.index));
      if (matches.length === 0) continue;
      const match = random.pick(matches);
      const next = change(match[0]);
      const mutated = chunk.slice(0, match.index) + next + chunk.slice(match.index + match[0].length);
      const before = summarise('chunk.js', chunk);
      const after = summarise('chunk.js', mutated);
      if (after.error !== undefined || before.error !== undefined) continue;
      if (JSON.stringify(identity(before)) !== JSON.stringify(identity(after))) noticed++;
      else
        unnoticed.push(
          `${match[0]} -> ${next}: ${chunk.slice(Math.max(0, match.index - 60), match.index + 40)}`,
        );
    }
    if (process.env.KEEPSAKE_REPORT)
      console.log(`${name}: ${noticed} noticed, ${unnoticed.length} not`, unnoticed);
    // Without a meaning: `let` for `var` of a variable of the module itself.
    expect(unnoticed.filter((each) => !/^(?:let -> var|var -> let)/.test(each))).toEqual([]);
  });
});

function identity(summary: ReturnType<typeof summarise>) {
  return [
    summary.items.map((item) => [item.names, item.skeleton, item.slots, item.globals]),
    summary.exports,
    summary.imports,
  ];
}

/** One declaration at a time, so that thousands of mutations take seconds. */
function topLevelChunks(source: string): string[] {
  return summarise('library.js', source).items.map((item) => {
    const text = source.slice(item.start, item.end);
    return item.kind === 'statement' || /^(?:async )?(?:function|class)\b/.test(text)
      ? text
      : `const ${text};`;
  });
}

function isInComment(source: string, at: number): boolean {
  const open = source.lastIndexOf('/*', at);
  const isInBlock = open !== -1 && source.indexOf('*/', open) > at;
  return isInBlock || source.slice(source.lastIndexOf('\n', at) + 1, at).includes('//');
}
