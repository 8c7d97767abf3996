import { expect, test } from 'vitest';
import { analyseFiles, type Files, fingerprintOf } from '../scenarios/analyse-files.ts';

const head = "import { memory } from './memory';\n";

function times(count: number, each: (index: number) => string, separator = ''): string {
  return Array.from({ length: count }, (_, index) => each(index)).join(separator);
}

const deepModules: readonly (readonly [title: string, source: string])[] = [
  [
    '3,000 strings joined by +',
    `export const f = memory.cache(() => ${times(3000, (i) => `'${i}'`, ' + ')});`,
  ],
  ['a chain of 1,000 calls', `export const f = memory.cache((b) => b${times(1000, (i) => `.x(${i})`)});`],
  ['5,000 conditions', `export const f = memory.cache((x) => ${times(5000, (i) => `x !== ${i}`, ' && ')});`],
  [
    '3,000 branches',
    `export const f = memory.cache((x) => { ${times(3000, (i) => `if (x === ${i}) return ${i}; else `)} return -1; });`,
  ],
  [
    'a deep constant of the module',
    `const text = ${times(3000, (i) => `'${i}'`, ' + ')};\nexport const f = memory.cache(() => text);`,
  ],
  [
    '1,500 functions in a row',
    `${times(1500, (i) => `function g${i}(x) { return g${i + 1}(x) + ${i}; }\n`)}
     function g1500(x) { return x; }\nexport const f = memory.cache((x) => g0(x));`,
  ],
];

test.each(deepModules)('%s are analysed, to the last', async (_, source) => {
  const { outcome, functions } = await analyseFiles({ 'main.ts': head + source });
  expect(outcome.diagnostics).toEqual([]);
  const last = source.lastIndexOf(
    source.includes('g1500') ? '1499' : source.includes('.x(') ? '999' : '2999',
  );
  const edited =
    last < 0 ? source.replace('4999', '5000') : `${source.slice(0, last)}7${source.slice(last + 1)}`;
  expect(await fingerprintOf({ 'main.ts': head + edited })).not.toBe(functions.f?.fingerprint);
});

const moduleChains: readonly (readonly [title: string, count: number, link: (next: number) => string])[] = [
  [
    '5,000 modules in a row',
    5000,
    (i) => `import { k as next } from './m${i}';\nexport const k = () => next() + 1;`,
  ],
  ['1,000 barrels in a row', 1000, (i) => `export * from './m${i}';`],
  ['1,000 re-exports in a row', 1000, (i) => `export { k } from './m${i}';`],
];

test.each(moduleChains)('%s are followed, to the last', async (_, count, link) => {
  const chain = (last: string): Files => ({
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}.ts`, link(i + 1)])),
    [`m${count}.ts`]: `export const k = () => ${last};`,
    'main.ts': `${head}import { k } from './m0';\nexport const f = memory.cache(() => k());`,
  });
  expect(await fingerprintOf(chain('1'))).not.toBe(await fingerprintOf(chain('2')));
});
