import {
  DefinePlugin as RspackDefine,
  EnvironmentPlugin as RspackEnvironment,
  ProvidePlugin as RspackProvide,
} from '@rspack/core';
import { afterEach, expect, test } from 'vitest';
import webpack from 'webpack';
import { analyseFiles } from './analyse-files.ts';
import { type Built, head, SmallProject } from './small-project.ts';

let project: SmallProject | undefined;
afterEach(() => project?.remove());

const shim = (factor: number): string =>
  `export const scale = (x) => x * ${factor};\nexport default { scale };\n`;

function open(body: string): SmallProject {
  project = new SmallProject({
    'main.js': `${head}export const f = memory.cache((x) => ${body});`,
    'shim.js': shim(2),
  });
  return project;
}

/** Builds before and after the injected module changed. */
async function aroundEdit(in_: SmallProject, build: () => Promise<Built>): Promise<[Built, Built]> {
  const before = await build();
  in_.write({ 'shim.js': shim(3) });
  return [before, await build()];
}

test.each(['webpack', 'rspack'] as const)('%s: what ProvidePlugin provides counts', async (bundler) => {
  const small = open('scale(x) + $.scale(x)');
  const names = { scale: [`${small.root}/shim.js`, 'scale'], $: [`${small.root}/shim.js`, 'default'] };
  const [before, after] = await aroundEdit(small, () =>
    bundler === 'webpack'
      ? small.webpack({ plugins: [new webpack.ProvidePlugin(names)] })
      : small.rspack({ plugins: [new RspackProvide(names)] }),
  );
  expect(before.flags).toEqual([]);
  expect(after.fingerprint).not.toBe(before.fingerprint);
});

test('esbuild: what is injected counts', async () => {
  const small = open('scale(x)');
  const [before, after] = await aroundEdit(small, () => small.esbuild({ inject: ['./shim.js'] }));
  expect(before.flags).toEqual([]);
  expect(after.fingerprint).not.toBe(before.fingerprint);
});

test.each(['webpack', 'rspack'] as const)('%s: the values of EnvironmentPlugin count', async (bundler) => {
  const small = open('x * Number(process.env.KEEPSAKE_SCALE)');
  const build = (scale: string) =>
    bundler === 'webpack'
      ? small.webpack({ plugins: [new webpack.EnvironmentPlugin({ KEEPSAKE_SCALE: scale })] })
      : small.rspack({ plugins: [new RspackEnvironment({ KEEPSAKE_SCALE: scale })] });
  const before = await build('2');
  expect((await build('3')).fingerprint).not.toBe(before.fingerprint);
});

test('webpack: a value that DefinePlugin makes anew for each module makes the function partial', async () => {
  const small = open('x * SCALE');
  const { runtimeValue } = webpack.DefinePlugin;
  const built = await small.webpack({
    plugins: [new webpack.DefinePlugin({ SCALE: runtimeValue(() => '2') })],
  });
  expect(built.flags).toEqual(['partial']);
});

test('rspack: DefinePlugin is read', async () => {
  const small = open('x * SCALE');
  const build = (scale: string) => small.rspack({ plugins: [new RspackDefine({ SCALE: scale })] });
  const before = await build('2');
  expect(before.flags).toEqual([]);
  expect((await build('3')).fingerprint).not.toBe(before.fingerprint);
});

test.each([
  ['a bare name', 'useScale(x)'],
  ['a name below typeof', "typeof useScale === 'function' ? 1 : 2"],
  ['a name in JSX', '<Scale x={x} />'],
])('%s that nothing declares makes the function partial, with a cure', async (_, body) => {
  const source = `import { memory } from './memory';\nexport const f = memory.cache((x: any) => ${body});`;
  const { functions, outcome } = await analyseFiles({ 'main.tsx': source });
  expect(functions.f?.flags).toEqual(['partial']);
  expect(outcome.diagnostics.map((each) => each.text).join()).toMatch(
    /FP011[\s\S]*import it where it is used/,
  );
});

test.each([
  ['a global of every realm', 'Math.floor(x)'],
  ['a global that a reached module writes', '(globalThis as any).own * x'],
  ['a constant of the settings', '__VERSION__'],
])('%s leaves the function whole', async (_, body) => {
  const source = `import { memory } from './memory';\n(globalThis as any).own = 2;\nexport const f = memory.cache((x: any) => ${body});`;
  const { functions } = await analyseFiles({ 'main.ts': source });
  expect(functions.f?.flags).toEqual([]);
});
