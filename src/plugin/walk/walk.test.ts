import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../scenarios/analyse-files.ts';
import { head, testEdits, two } from '../scenarios/edit-case.ts';

const usesH = "import { h } from './h';\nexport const f = memory.cache((x: number) => h(x));";

describe('an edit across files', () => {
  testEdits([
    two(
      'registration by the file of the function',
      "import { register, get } from './h';\nregister('a', () => 1);\nexport const f = memory.cache(() => get('a'));",
      'const all = new Map();\nexport function register(k: string, v: () => number) { all.set(k, v); }\nexport const get = (k: string) => all.get(k)();',
      'all.set(k, v)',
      'all.set(k, () => 2)',
      true,
    ),
    [
      'registered function',
      {
        'main.ts': `${head}import { register, get } from './h';\nregister('a', () => 1);\nexport const f = memory.cache(() => get('a'));`,
        'h.ts':
          'const all = new Map();\nexport function register(k: string, v: () => number) { all.set(k, v); }\nexport const get = (k: string) => all.get(k)();',
      },
      'main.ts',
      '() => 1',
      '() => 2',
      true,
    ],
    [
      'registered function, where the registry is not read',
      {
        'main.ts': `${head}import { register, other } from './h';\nregister('a', () => 1);\nexport const f = memory.cache(() => other());`,
        'h.ts':
          'const all = new Map();\nexport function register(k: string, v: () => number) { all.set(k, v); }\nexport const other = () => 3;',
      },
      'main.ts',
      '() => 1',
      '() => 2',
      false,
    ],
    [
      'imported object handed to a function at load',
      {
        'main.ts': `${head}import { t } from './h';\nfunction fill(a: number[], n: number) { a[0] = n; }\nfill(t, 1);\nexport const f = memory.cache(() => t[0]);`,
        'h.ts': 'export const t: number[] = [];',
      },
      'main.ts',
      'fill(t, 1)',
      'fill(t, 2)',
      true,
    ],

    two(
      'inherited method',
      "import { C } from './h';\nexport const f = memory.cache(() => new C().m());",
      'class B { m() { return 1; } }\nexport class C extends B {}',
      'return 1',
      'return 2',
      true,
    ),
    two(
      'static block',
      "import { C } from './h';\nexport const f = memory.cache(() => C.n);",
      'export class C { static n = 0; static { this.n = 1; } }',
      'n = 1',
      'n = 2',
      true,
    ),
    two(
      'prototype method',
      "import { P } from './h';\nexport const f = memory.cache(() => new (P as any)().m());",
      'export function P() {}\nP.prototype.m = function () { return 1; };',
      'return 1',
      'return 2',
      true,
    ),
    two(
      'prototype of another function',
      "import { P } from './h';\nexport const f = memory.cache(() => new (P as any)().m());",
      'export function P() {}\nfunction Q() {}\nQ.prototype.m = function () { return 1; };',
      'return 1',
      'return 2',
      false,
    ),
    two(
      'two functions swapped',
      "import { a, b } from './h';\nexport const f = memory.cache((x: number) => a(b(x)));",
      'export const a = (x: number) => x + 1;\nexport const b = (x: number) => x * 2;',
      'export const a = (x: number) => x + 1;\nexport const b = (x: number) => x * 2;',
      'export const b = (x: number) => x + 1;\nexport const a = (x: number) => x * 2;',
      true,
    ),
    two(
      'register call in the same module',
      "import { get } from './h';\nexport const f = memory.cache(() => get());",
      "const all = new Map();\nfunction register(k: string, v: number) { all.set(k, v); }\nregister('a', 1);\nexport const get = () => all.get('a');",
      "'a', 1",
      "'a', 2",
      true,
    ),
    two(
      'init chain',
      "import { get } from './h';\nexport const f = memory.cache(() => get());",
      'const t: number[] = [];\nfunction put(a: number[]) { a.push(1); }\nfunction init() { put(t); }\nfunction start() { init(); }\nstart();\nexport const get = () => t[0];',
      '\nstart();',
      '\n',
      true,
    ),
    two(
      'filled by a callback',
      "import { get } from './h';\nexport const f = memory.cache(() => get());",
      'const t: number[] = [];\n[1, 2].forEach((v) => t.push(v));\nexport const get = () => t[0];',
      '[1, 2]',
      '[2, 1]',
      true,
    ),
    two(
      'filled by an initialiser',
      "import { get } from './h';\nexport const f = memory.cache(() => get());",
      'const t: number[] = [];\nconst n = t.push(1);\nexport const get = () => t[0];',
      'push(1)',
      'push(2)',
      true,
    ),
    two(
      'Object.assign',
      "import { get } from './h';\nexport const f = memory.cache(() => get());",
      'const t: any = {};\nObject.assign(t, { a: 1 });\nexport const get = () => t.a;',
      'a: 1',
      'a: 2',
      true,
    ),
    two(
      'class instance changed by a method',
      "import { get } from './h';\nexport const f = memory.cache(() => get());",
      'class S { v = 0; put(v: number) { this.v = v; } }\nconst s = new S();\ns.put(1);\nexport const get = () => s.v;',
      'put(1)',
      'put(2)',
      true,
    ),
    two(
      'destructured declaration',
      "import { a } from './h';\nexport const f = memory.cache(() => a);",
      'export const { a, b } = { a: 1, b: 2 };',
      '{ a, b }',
      '{ b: a, a: b }',
      true,
    ),
    two(
      'default export',
      "import h from './h';\nexport const f = memory.cache(() => h());",
      'export default () => 1;',
      '=> 1',
      '=> 2',
      true,
    ),
    two('alias export', usesH, 'const g = (x: number) => x + 1;\nexport { g as h };', 'x + 1', 'x + 2', true),
    two(
      'whole namespace',
      "import * as all from './h';\nexport const f = memory.cache((k: string) => (all as any)[k]);",
      'export const a = 1;',
      'a = 1',
      'a = 2',
      true,
    ),
    two(
      'whole namespace: name',
      "import * as all from './h';\nexport const f = memory.cache((k: string) => (all as any)[k]);",
      'export const a = 1;',
      'const a',
      'const b',
      true,
    ),
    two(
      'name of an export that is renamed on both sides',
      usesH,
      'export const h = (x: number) => x;',
      '(x: number) => x',
      '(y: number) => y',
      false,
    ),
    two(
      'global written by a reached module',
      "import { h } from './h';\nexport const f = memory.cache((x: number) => h(x) + (globalThis as any).rate);",
      '(globalThis as any).rate = 1;\nexport const h = (x: number) => x;',
      'rate = 1',
      'rate = 2',
      true,
    ),
    two(
      'global that is not read',
      usesH,
      '(globalThis as any).rate = 1;\nexport const h = (x: number) => x;',
      'rate = 1',
      'rate = 2',
      false,
    ),
    two(
      'built-in changed by a reached module',
      usesH,
      '(Array.prototype as any).last = function () { return 1; };\nexport const h = (x: number) => x;',
      'return 1',
      'return 2',
      true,
    ),
    two(
      'bare import',
      "import './h';\nexport const f = memory.cache(() => 1);",
      '(globalThis as any).x = 1;',
      'x = 1',
      'x = 2',
      true,
    ),
    two(
      'write to an imported object',
      "import { cfg } from './h';\ncfg.a = 1;\nexport const f = memory.cache(() => cfg.a);",
      'export const cfg = { a: 0 };',
      'a: 0',
      'a: 5',
      true,
    ),
    two(
      'require',
      "declare const require: any;\nexport const f = memory.cache(() => require('./h').a);",
      'export const a = 1;',
      'a = 1',
      'a = 2',
      true,
    ),
    two(
      'CommonJS helper',
      "import h from './h';\nexport const f = memory.cache(() => (h as any).a);",
      'exports.a = 1;',
      'a = 1',
      'a = 2',
      true,
    ),
    two(
      'worker from new URL',
      "export const f = memory.cache(() => new Worker(new URL('./h.ts', import.meta.url)));",
      'self.onmessage = () => 1;',
      '=> 1',
      '=> 2',
      true,
    ),
    two(
      'raw text',
      "import text from './h.ts?raw';\nexport const f = memory.cache(() => text);",
      'any text',
      'any',
      'some',
      true,
    ),
  ]);
});

describe('the fingerprint', () => {
  test('of a function that uses another counts the version given to the other', async () => {
    const source = (version: number) =>
      `${head}export const f = memory.cache(() => g());\nconst g = memory.cache(() => 1, { version: ${version}, maxAgeMs: ${version} });`;
    const options = (maxAgeMs: number) =>
      `${head}export const f = memory.cache(() => g());\nconst g = memory.cache(() => 1, { maxAgeMs: ${maxAgeMs} });`;
    expect(await fingerprintOf({ 'main.ts': source(1) })).not.toBe(
      await fingerprintOf({ 'main.ts': source(2) }),
    );
    expect(await fingerprintOf({ 'main.ts': options(1) })).toBe(
      await fingerprintOf({ 'main.ts': options(2) }),
    );
  });

  test('moves with the salt', async () => {
    const files = { 'main.ts': `${head}export const f = memory.cache(() => 1);` };
    expect(await fingerprintOf(files, { salt: 'a' })).not.toBe(await fingerprintOf(files, { salt: 'b' }));
  });
});
