import { describe, expect, test } from 'vitest';
import { type Files, fingerprintOf } from '../scenarios/analyse-files.ts';

const head = "import { memory } from './memory';\n";

/** Files, an edit of one of them, and whether the function's fingerprint must move. */
type Case = readonly [title: string, files: Files, file: string, from: string, to: string, moves: boolean];

function one(title: string, source: string, from: string, to: string, moves: boolean): Case {
  return [title, { 'main.ts': head + source }, 'main.ts', from, to, moves];
}

function two(title: string, main: string, helper: string, from: string, to: string, moves: boolean): Case {
  return [title, { 'main.ts': head + main, 'h.ts': helper }, 'h.ts', from, to, moves];
}

const usesH = "import { h } from './h';\nexport const f = memory.cache((x: number) => h(x));";

const cases: readonly Case[] = [
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
  one(
    'two arguments swapped',
    'export const f = memory.cache((a: number, b: number) => a - b);',
    'a - b',
    'b - a',
    true,
  ),
  one(
    'two locals swapped consistently',
    'export const f = memory.cache((a: number, b: number) => a - b);',
    '(a: number, b: number) => a - b',
    '(b: number, a: number) => b - a',
    false,
  ),
  one(
    'shadowing undone',
    'const k = 1;\nexport const f = memory.cache(() => { const k = 2; return k; });',
    'const k = 2',
    'const j = 2',
    true,
  ),
  one(
    'own name of a function expression',
    'export const f = memory.cache(function g(n: number): number { return n ? g(n - 1) : 0; });',
    'function g(n: number): number { return n ? g(',
    'function h(n: number): number { return n ? h(',
    false,
  ),
  one(
    'recursion of the inner or the outer function',
    'export const f = memory.cache(function a(n: number): any { return function b(): any { return a; }; });',
    'return a;',
    'return b;',
    true,
  ),
  one(
    'label of another loop',
    'export const f = memory.cache((n: number) => { a: for (;;) { b: for (;;) { if (n) break a; break b; } } });',
    'break a; break b',
    'break b; break a',
    true,
  ),
  one(
    'labels renamed',
    'export const f = memory.cache(() => { a: for (;;) { break a; } });',
    'a: for (;;) { break a; }',
    'b: for (;;) { break b; }',
    false,
  ),
  one('optional chaining', 'export const f = memory.cache((x: any) => x.a.b);', 'x.a.b', 'x.a?.b', true),
  one(
    'await',
    'export const f = memory.cache(async (x: any) => { await x; return 1; });',
    'await x',
    'x',
    true,
  ),
  one('async', 'export const f = memory.cache(async () => 1);', 'async () =>', '() =>', true),
  one(
    'generator',
    'export const f = memory.cache(function () { return 1; } as any);',
    'function ()',
    'function* ()',
    true,
  ),
  one(
    'regular expression flags',
    'export const f = memory.cache((s: string) => s.replace(/a/, ""));',
    '/a/',
    '/a/g',
    true,
  ),
  one('string quotes', 'export const f = memory.cache(() => "a");', '"a"', "'a'", false),
  one('template without placeholders', 'export const f = memory.cache(() => "a");', '"a"', '`a`', false),
  one(
    'tagged template keeps its raw text',
    'export const f = memory.cache(() => String.raw`\\n`);',
    '\\n',
    '\\x0a',
    true,
  ),
  one('number forms', 'export const f = memory.cache(() => 1000);', '1000', '1e3', false),
  one('bigint', 'export const f = memory.cache(() => 10n);', '10n', '11n', true),
  one('number beyond range', 'export const f = memory.cache(() => 1e999);', '1e999', 'null', true),
  one(
    'order of keys',
    'export const f = memory.cache(() => ({ a: 1, b: 2 }));',
    'a: 1, b: 2',
    'b: 2, a: 1',
    true,
  ),
  one('quoted key', 'export const f = memory.cache(() => ({ a: 1 }));', 'a: 1', "'a': 1", false),
  one('shorthand', 'export const f = memory.cache((a: number) => ({ a }));', '{ a }', '{ a: a }', false),
  one(
    'shorthand __proto__',
    'export const f = memory.cache((__proto__: any) => ({ __proto__ }));',
    '({ __proto__ })',
    '({ __proto__: __proto__ })',
    true,
  ),
  one(
    'regrouped &&',
    'export const f = memory.cache((a: any, b: any, c: any) => (a && b) && c);',
    '(a && b) && c',
    'a && (b && c)',
    false,
  ),
  one(
    'regrouped +',
    'export const f = memory.cache((a: any, b: any, c: any) => (a + b) + c);',
    '(a + b) + c',
    'a + (b + c)',
    true,
  ),
  one(
    'let for const inside',
    'export const f = memory.cache(() => { const fs = []; for (var i = 0; i < 2; i++) fs.push(() => i); return fs[0]!(); });',
    'var i',
    'let i',
    true,
  ),
  one(
    'enum member',
    'enum E { A = 1, B }\nexport const f = memory.cache(() => E.B);',
    'A = 1',
    'A = 2',
    true,
  ),
  one(
    'namespace member',
    'namespace N { export const a = 1; }\nexport const f = memory.cache(() => N.a);',
    'a = 1',
    'a = 2',
    true,
  ),
  one(
    'parameter property',
    'class C { constructor(public n: number) {} }\nexport const f = memory.cache(() => new C(1));',
    'public n',
    'n',
    true,
  ),
  one(
    'accessibility',
    'class C { private n = 1; }\nexport const f = memory.cache(() => new C());',
    'private n',
    'public n',
    false,
  ),
  one(
    'abstract member',
    'abstract class C { n = 1; }\nclass D extends C {}\nexport const f = memory.cache(() => new D());',
    'n = 1;',
    'n = 1; abstract x: number;',
    false,
  ),
  one(
    'declared field',
    'class C { n = 1; }\nexport const f = memory.cache(() => new C());',
    'n = 1;',
    'n = 1; declare x: number;',
    false,
  ),
  one(
    'overloads',
    'export function g(x: string): string;\nexport function g(x: any) { return x; }\nexport const f = memory.cache(() => g("a"));',
    'g(x: string): string;',
    'g(x: string): string;\nexport function g(x: number): number;',
    false,
  ),
  one(
    'JSX text and white space',
    'declare const h: any;\nexport const f = memory.cache(() => 1);',
    '=> 1',
    '=>\n 1',
    false,
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
  one(
    'write to an imported object, in the file of the function',
    "import { memory as other } from './memory';\n(other as any).x = 1;\nexport const f = memory.cache(() => (other as any).x);",
    'x = 1',
    'x = 2',
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
  one(
    'form of an asset',
    "import text from './memory.ts?raw';\nexport const f = memory.cache(() => text);",
    '?raw',
    '?url',
    true,
  ),
  one(
    'decorator beside',
    'const log = (_: unknown, c: any) => c;\nclass M { @log @memory.cache run() { return 1; } }\nexport { M };',
    '=> c',
    '=> null',
    true,
  ),
  one(
    'super',
    'class B { m() { return 1; } }\nclass M extends B { @memory.cache run() { return super.m(); } }\nexport { M };',
    'return 1',
    'return 2',
    true,
  ),
  one(
    'getter through this',
    'class M { get g() { return 1; } @memory.cache run() { return this.g; } }\nexport { M };',
    'return 1',
    'return 2',
    true,
  ),
  one(
    'constant of an enclosing function',
    'export function make() { const k = 1; return memory.cache(() => k); }',
    'k = 1',
    'k = 2',
    true,
  ),
  one(
    'helper of an enclosing function',
    'export function make() { function h() { return 1; } return memory.cache(() => h()); }',
    'return 1',
    'return 2',
    true,
  ),
  one(
    'captured variable renamed',
    'export function make(k: number) { return memory.cache(() => k); }',
    '(k: number) { return memory.cache(() => k)',
    '(j: number) { return memory.cache(() => j)',
    false,
  ),
  one(
    'name of an inner function that a parameter hides',
    'export const f = memory.cache(() => { function e(e: number) { return e; } return e(1); });',
    'function e(e: number) { return e; } return e(1)',
    'function a(b: number) { return b; } return a(1)',
    false,
  ),
  one('comment and directive', 'export const f = memory.cache(() => 1);', '() =>', '/* c */ () =>', false),
];

describe('the fingerprint', () => {
  test.each(cases)('%s', async (_, files, file, from, to, moves) => {
    const before = files[file] ?? '';
    expect(before).toContain(from);
    const first = await fingerprintOf(files);
    const second = await fingerprintOf({ ...files, [file]: before.replace(from, to) });
    expect(second !== first).toBe(moves);
  });

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
