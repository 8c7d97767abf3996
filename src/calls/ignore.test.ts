import { describe, expect, test } from 'vitest';
import { ignoredPaths } from './ignore.ts';
import { parametersOf } from './parameters.ts';

/** Functions as their authors write them; only the source is looked at. */
const sources: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['(a, b) => a', ['a', 'b']],
  ['a => a', ['a']],
  ['async a => a', ['a']],
  ['async (a, ...rest) => a', ['a', 'rest']],
  ['async => async', ['async']],
  ['() => 1', []],
  ['function () {}', []],
  ['function plain(a, b,) {}', ['a', 'b']],
  ['async function* stream(a) {}', ['a']],
  ['function*g(a){}', ['a']],
  ['run(x, verbose) { return x; }', ['x', 'verbose']],
  ['async run(x) {}', ['x']],
  ['*items(x) {}', ['x']],
  ['async *items(x) {}', ['x']],
  ['static run(x) {}', ['x']],
  ['#secret(x) {}', ['x']],
  ['["odd (name"](x) {}', ['x']],
  ['"odd, name"(x) {}', ['x']],
  ['(a = f(1, 2), b = [3, (4)], c = { d: 5, e }) => a', ['a', 'b', 'c']],
  [`(a = ",)", b = '("', c = \`,$\{g("),")},\`, d) => a`, ['a', 'b', 'c', 'd']],
  ['(a = "\\",(", b) => a', ['a', 'b']],
  ['(a /* , not (this */, b // nor ), this\n, c) => a', ['a', 'b', 'c']],
  ['/* before */ (a, b) => a', ['a', 'b']],
  ['(a = /[,(/]\\//g, b = 4 / 2, c = (1) / 2) => a', ['a', 'b', 'c']],
  ['(a = (x, y) => x, b = function (p, q) {}) => a', ['a', 'b']],
  ['(a = b => b, c) => a', ['a', 'c']],
  ['({ a, b: [c] }, [d, e] = [], f) => a', ['{ a, b: [c] }', '[d, e]', 'f']],
  ['(größe, $el, _) => 1', ['größe', '$el', '_']],
  ['function max() { [native code] }', undefined],
  ['class A { constructor(a) {} }', undefined],
];

describe('parametersOf()', () => {
  test.each(sources)('%s', (source, parameters) => {
    expect(parametersOf(source)).toEqual(parameters);
  });

  test('agrees with what the engine prints of real functions', () => {
    const computed = 'computed (name';
    const object = {
      async method(_first: string, _second = ',(') {},
      [computed](_x: number) {},
      get: (_a: number, { b: _b } = { b: ')' }) => 0,
    };
    expect(parametersOf(String(object.method))).toEqual(['_first', '_second']);
    expect(parametersOf(String(object[computed]))).toEqual(['_x']);
    expect(parametersOf(String(object.get))).toEqual(['_a', '{ b: _b }']);
    expect(parametersOf(String(Math.max))).toBeUndefined();
  });
});

describe('ignoredPaths()', () => {
  const source = '(points, { metric, verbose }, options, ...rest) => 1';

  test('takes positions, names and paths', () => {
    expect(ignoredPaths([0, 'options.verbose', '1.verbose', 'rest'], { source })).toEqual({
      args: [[0], [2, 'verbose'], [1, 'verbose'], [3]],
      captures: [],
    });
    expect(ignoredPaths([], { source })).toBeUndefined();
    expect(ignoredPaths(['n'], { source: '(a) => 1', params: ['m', '...n'] })?.args).toEqual([[1]]);
  });

  test('takes names of captured values, and fields of the receiver', () => {
    const surroundings = { source: '(x) => { report(x); }', captures: '()=>({onEnd:a,config:b})' };
    expect(ignoredPaths(['report', 'onEnd', 'config.log', 'this.element', 'x'], surroundings)).toEqual({
      args: [[0]],
      captures: [['report'], ['onEnd'], ['config', 'log'], ['this.element']],
    });
    expect(() => ignoredPaths(['repor'], surroundings)).toThrow(TypeError);
  });

  test.each([
    ['verbose', source, /inside the pattern of parameter 1; give its path instead: "1\.verbose"/],
    ['colour', source, /names "colour", but the parameters are points, \{ metric, verbose \}, options, rest/],
    ['a', '() => 1', /the parameters are \(none\)/],
    ['a', 'function () { [native code] }', /cannot be read from its source; give the position instead/],
  ])('refuses %s', (name, text, message) => {
    expect(() => ignoredPaths([name], { source: text })).toThrow(message);
  });
});
