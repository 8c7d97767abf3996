import { describe, expect, test } from 'vitest';
import { analyseFiles, type Files } from '../scenarios/analyse-files.ts';

const head = "import { memory } from './memory';\n";
const lab = "import { Memory } from 'keepsake';\n";
const f = (callee: string): string => `export const f = ${callee}((x: number) => x * 2);`;

const recognised: readonly (readonly [title: string, main: string, files?: Files])[] = [
  ['const { cache } = memory', `${head}const { cache } = memory;\n${f('cache')}`],
  ['const { cache: keep } = memory', `${head}const { cache: keep } = memory;\n${f('keep')}`],
  ['const c = memory.cache', `${head}const c = memory.cache;\n${f('c')}`],
  [
    'inside of a function',
    `${head}export function make() {\n const { cache } = memory;\n ${f('cache').slice(7)}\n return f; }`,
  ],
  ['a bound method', `${head}const c = memory.cache.bind(memory);\n${f('c')}`],
  ['memory?.cache', `${head}${f('memory?.cache')}`],
  ['memory!.cache', `${head}${f('memory!.cache')}`],
  ["memory['cache']", `${head}${f("memory['cache']")}`],
  ['an alias', `${head}const lab = memory;\n${f('lab.cache')}`],
  ['getMemory()', `${head}const getMemory = () => memory;\n${f('getMemory().cache')}`],
  [
    'a factory',
    `${lab}function open(name: string) { return new Memory({ name }); }\nconst lab = open('l');\n${f('lab.cache')}`,
  ],
  [
    'a factory of another module',
    `import { open } from './open';\nconst lab = open();\n${f('lab.cache')}`,
    { 'open.ts': `${lab}export function open() { const m = new Memory(); return m; }` },
  ],
  [
    'an asynchronous factory',
    `import { open } from './open';\nconst lab = await open();\n${f('lab.cache')}`,
    { 'open.ts': `${lab}export async function open() { return new Memory(); }` },
  ],
  [
    'a lazy singleton',
    `import { get } from './get';\n${f('get().cache')}`,
    {
      'get.ts': `${lab}let it: Memory | undefined;\nexport function get() { if (!it) it = new Memory(); return it; }`,
    },
  ],
  [
    'it ??= new Memory()',
    `${lab}let it: Memory | undefined;\nconst get = () => (it ??= new Memory());\n${f('get().cache')}`,
  ],
  [
    'a conditional',
    `import { memory } from './either';\n${f('memory.cache')}`,
    {
      'either.ts': `${lab}export const memory = typeof window === 'undefined' ? new Memory({ name: 'a' }) : new Memory({ name: 'b' });`,
    },
  ],
  ['assigned later', `${lab}let memory: Memory;\nmemory = new Memory();\n${f('memory.cache')}`],
  [
    'class Lab extends Memory',
    `${lab}class Lab extends Memory {}\nconst lab = new Lab();\n${f('lab.cache')}`,
  ],
  [
    'a subclass of another module',
    `import { Lab } from './lab';\nconst lab = new Lab();\n${f('lab.cache')}`,
    { 'lab.ts': `${lab}class Base extends Memory {}\nexport class Lab extends Base {}` },
  ],
  ['ctx.memory.cache', `${head}const ctx = { memory };\n${f('ctx.memory.cache')}`],
  [
    'an object of another module',
    `import { app } from './app';\n${f('app.stores.memory.cache')}`,
    { 'app.ts': `${lab}export const app = { stores: { memory: new Memory() } };` },
  ],
  ['a namespace', `import * as all from './memory';\n${f('all.memory.cache')}`],
  [
    'the library as a namespace',
    `import * as keepsake from 'keepsake';\nconst lab = new keepsake.Memory();\n${f('lab.cache')}`,
  ],
  [
    'cache of another module',
    `import { cache } from './cache';\n${f('cache')}`,
    { 'cache.ts': `${head}export const { cache } = memory;` },
  ],
  [
    'cache under another name',
    `import { labCache as keep } from './cache';\n${f('keep')}`,
    { 'cache.ts': `${head}export const labCache = memory.cache;` },
  ],
  [
    'this.memory.cache',
    `${lab}export class Model {\n memory = new Memory();\n f = this.memory.cache((x: number) => x * 2);\n}`,
  ],
  [
    'this.#memory of a constructor',
    `${head}export class Model {\n #memory;\n constructor() { this.#memory = memory; }\n make() { return this.#memory.cache((x: number) => x * 2); }\n}`,
  ],
  ['a static memory', `${lab}class Model {\n static memory = new Memory();\n}\n${f('Model.memory.cache')}`],
  [
    'a field of an instance',
    `${lab}class Lab { memory = new Memory(); }\nconst lab = new Lab();\n${f('lab.memory.cache')}`,
  ],
  [
    'a getter',
    `${lab}const m = new Memory();\nclass Lab { get memory() { return m; } }\n${f('new Lab().memory.cache')}`,
  ],
  [
    'an inherited field',
    `import { Base } from './base';\nclass Model extends Base { f = this.memory.cache((x: number) => x * 2); }\nexport const m = new Model();`,
    { 'base.ts': `${lab}export class Base { memory = new Memory(); }` },
  ],
  [
    'a default export',
    `import lab from './lab';\n${f('lab.cache')}`,
    { 'lab.ts': `${lab}export default new Memory();` },
  ],
];

describe('a Memory is recognised', () => {
  test.each(recognised.map(([title, main, files = {}]) => [title, main, files] as const))(
    '%s',
    async (_, main, files) => {
      const { functions, outcome } = await analyseFiles({ ...files, 'main.ts': main });
      expect(outcome.diagnostics.filter((each) => each.code === 'FP009')).toEqual([]);
      expect(Object.keys(functions)).toHaveLength(1);
      expect(outcome.output?.code).toMatch(/x \* 2, void 0, \{"id"/);
    },
  );
});

const unknown: readonly (readonly [title: string, main: string])[] = [
  [
    'a parameter',
    `import type { Memory } from 'keepsake';\nexport const f = (m: Memory) => m.cache((x: number) => x);`,
  ],
  ['a field of a parameter', `export const make = (ctx: any) => ctx.memory.cache((x: number) => x);`],
  [
    'a Memory of a package',
    `import { memory } from 'own-lab';\nexport const f = memory.cache((x: number) => x);`,
  ],
  [
    'one of two, the other unknown',
    `${lab}import { other } from 'own-lab';\nconst memory = other ?? new Memory();\n${f('memory.cache')}`,
  ],
];

test.each(unknown)('%s is told of once, with the place and a cure', async (_, main) => {
  const { functions, outcome } = await analyseFiles({ 'main.ts': main });
  expect(functions).toEqual({});
  expect(outcome.diagnostics.map((each) => each.code)).toEqual(['FP009']);
  expect(outcome.diagnostics[0]?.text).toMatch(/module-level constant[\s\S]*main\.ts:\d+:\d+[\s\S]*\^\^/);
});

const foreign: readonly (readonly [title: string, main: string])[] = [
  ['of an object', `const redis = { cache: (f: any) => f };\n${f('redis.cache')}`],
  ['of a package', `import { cache } from 'react-like';\n${f('cache')}`],
  ['of a parameter', 'export const make = (app: any) => app.cache((x: number) => x);'],
];

test.each(foreign)('cache() %s is left alone', async (_, main) => {
  const { functions, outcome } = await analyseFiles({ 'main.ts': main });
  expect([Object.keys(functions), outcome.diagnostics]).toEqual([[], []]);
});

test.each([
  [
    'main.vue',
    `<template><p>{{ x }}</p></template>\n<script setup lang="ts">\n${head}${f('memory.cache').slice(7)}\n</script>`,
  ],
  ['main.svelte', `<script>\n${head}${f('memory.cache').slice(7)}\n</script>\n<p>{f(1)}</p>`],
])('a call inside of %s is told of once, with the place and a cure', async (file, source) => {
  const { functions, outcome } = await analyseFiles({ [file]: source });
  expect(functions).toEqual({});
  expect(outcome.output).toBeUndefined();
  const [first, ...more] = outcome.diagnostics.map((each) => each.text);
  expect(more).toEqual([]);
  expect(first).toMatch(/move the call to a module of its own[\s\S]*const f = memory\.cache/);
});
