import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunctionFacts } from '../../fingerprint/fingerprint.ts';
import { codeRegistry } from '../../fingerprint/fingerprint.ts';
import { buildWith, type Fingerprints } from './bundlers.ts';
import { Project } from './project.ts';

const project = new Project();
let facts: ReadonlyMap<string, FunctionFacts>;
let built: Fingerprints;

/** What the fixture's stand-in for the library leaves behind. */
interface FixtureGlobals {
  __facts: FunctionFacts[];
  __setGain(value: number): void;
  __fixture: { panel(slider: { value: number }): { setFactor(value: number): void } };
}
const globals = globalThis as unknown as FixtureGlobals; // set by the built program

beforeAll(async () => {
  built = await buildWith('esbuild', project);
  await import(/* @vite-ignore */ pathToFileURL(project.path('dist/main.js')).href);
  facts = new Map(globals.__facts.map((each) => [each.id.replace(/^.*#/, ''), each]));
});
afterAll(() => project.remove());

test('a minified program hands the facts of the manifest to the library', () => {
  for (const [name, each] of facts) expect(each.fingerprint).toBe(built.get(name));
  expect(facts.size).toBe(25); // "panel.compute" is cached when it is called
});

test('parameter names survive minification', () => {
  expect(facts.get('sim')?.params).toEqual(['n', 'seed']);
  expect(facts.get('anonymousHolder.plain')?.params).toEqual(['a', '{b,c}', '...rest']);
  expect(facts.get('Model.run')).toMatchObject({ params: ['x'], thisProps: ['gain'] });
});

test('state is read as it is at the moment, under its source name', () => {
  const [key = ''] = facts.get('gained')?.state ?? [];
  expect(key).toBe('src/main.ts#gain');
  const cell = codeRegistry().cells.get(key);
  expect(cell?.read()).toBe(2);
  globals.__setGain(42);
  expect(cell?.read()).toBe(42);
  expect(facts.get('factory')?.captures?.call(undefined)).toEqual({ k: 2 });
});

test('captures() of a closure gives its own variables', () => {
  const { setFactor } = globals.__fixture.panel({ value: 3 });
  const panel = globals.__facts.find((each) => each.id.endsWith('#panel.compute'));
  setFactor(9);
  expect(panel?.captures?.call(undefined)).toEqual({ factor: 9, slider: { value: 3 } });
});

test('golden: the fingerprints of the fixture project', async () => {
  const golden = fileURLToPath(new URL('../fixtures/project.golden.json', import.meta.url));
  const sorted = Object.fromEntries([...built].sort(([left], [right]) => (left < right ? -1 : 1)));
  await expect(`${JSON.stringify(sorted, null, 2)}\n`).toMatchFileSnapshot(golden);
});

test('all bundlers agree on every fingerprint', { timeout: 60_000 }, async () => {
  for (const bundler of ['vite', 'webpack', 'rspack', 'rollup'] as const) {
    expect(Object.fromEntries(await buildWith(bundler, project)), bundler).toEqual(Object.fromEntries(built));
  }
});
