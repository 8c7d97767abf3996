import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Configuration as RspackConfiguration,
  DefinePlugin as RspackDefine,
  rspack,
} from '@rspack/core';
import * as esbuild from 'esbuild';
import { type Plugin, rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';
import { keepsake as keepsakeEsbuild } from '../esbuild.ts';
import { parseManifest } from '../report/manifest.ts';
import { keepsake as keepsakeRollup } from '../rollup.ts';
import { keepsake as keepsakeRspack } from '../rspack.ts';
import { keepsake as keepsakeVite } from '../vite.ts';
import { keepsake as keepsakeWebpack } from '../webpack.ts';
import type { Project } from './project.ts';

/** Name of each memoised function to its fingerprint. */
export type Fingerprints = ReadonlyMap<string, string>;

export type BundlerName = 'vite' | 'webpack' | 'rspack' | 'esbuild' | 'rollup';

const options = { cacheDir: false } as const;
const typeScriptLoader = fileURLToPath(new URL('../fixtures/type-script-loader.cjs', import.meta.url));

export function defines(project: Project): Record<string, string> {
  return JSON.parse(project.read('define.json') ?? '{}');
}

/** The env of the fixture as the define entries that bundlers without .env files are given. */
function envDefines(project: Project): Record<string, string> {
  const lines = (project.read('.env') ?? '').split('\n').filter((line) => line.includes('='));
  const entries = lines
    .map((line) => line.split('='))
    .map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]);
  return { ...Object.fromEntries(entries), 'import.meta.env.DEV': 'false' };
}

export function readFingerprints(project: Project): Fingerprints {
  const manifest = parseManifest(readFileSync(join(project.root, 'dist/memo-manifest.json'), 'utf8'));
  return new Map(
    Object.entries(manifest.functions).map(([id, each]) => [id.replace(/^.*#/, ''), each.fingerprint]),
  );
}

export function viteConfig(project: Project): vite.InlineConfig {
  return {
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    define: defines(project),
    plugins: [keepsakeVite(options)],
    build: { minify: true, outDir: 'dist' },
    optimizeDeps: { noDiscovery: true },
  };
}

export function webpackConfig(project: Project): webpack.Configuration {
  return {
    mode: 'production',
    context: project.root,
    entry: './src/main.ts',
    output: { path: project.path('dist'), assetModuleFilename: '[name][ext]' },
    optimization: { minimize: false },
    resolve: { extensions: ['.ts', '.js'], symlinks: true },
    experiments: { css: true },
    performance: false,
    module: {
      rules: [
        { test: /\.ts$/, use: typeScriptLoader },
        { test: /\.css$/, type: 'css' },
        { resourceQuery: /raw/, type: 'asset/source' },
        { resourceQuery: /url/, type: 'asset/resource' },
      ],
    },
    plugins: [
      new webpack.DefinePlugin({ ...defines(project), ...envDefines(project) }),
      keepsakeWebpack(options),
    ],
  };
}

function runCompiler(compiler: {
  run(
    done: (
      error: Error | null,
      stats?: { hasErrors(): boolean; toString(preset: 'errors-only'): string },
    ) => void,
  ): void;
  close(done: () => void): void;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      const failure = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined);
      compiler.close(() => (failure ? reject(failure) : resolve()));
    });
  });
}

export function esbuildOptions(project: Project): esbuild.BuildOptions {
  const emptyQuery: esbuild.Plugin = {
    name: 'queries',
    setup: (build) => {
      build.onResolve({ filter: /\?(?:raw|url)$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.replace(/\?.*$/, '')),
        namespace: path.endsWith('raw') ? 'raw' : 'url',
      }));
      build.onLoad({ filter: /.*/, namespace: 'raw' }, ({ path }) => ({
        contents: readFileSync(path),
        loader: 'text',
      }));
      build.onLoad({ filter: /.*/, namespace: 'url' }, ({ path }) => ({
        contents: readFileSync(path),
        loader: 'file',
      }));
    },
  };
  return {
    absWorkingDir: project.root,
    entryPoints: ['src/main.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    outdir: 'dist',
    logLevel: 'silent',
    define: { ...defines(project), ...envDefines(project) },
    plugins: [keepsakeEsbuild(options), emptyQuery],
  };
}

/** The test runner's NODE_ENV would make this a development build. */
async function buildWithVite(project: Project): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await vite.build(viteConfig(project));
  } finally {
    process.env.NODE_ENV = before;
  }
}

/** Rollup knows no TypeScript, no JSON and no queries: the fixture is given what is needed to get through. */
async function buildWithRollup(project: Project): Promise<void> {
  const define = { ...defines(project), ...envDefines(project) };
  const basics: Plugin = {
    name: 'basics',
    async resolveId(source, importer) {
      const [file = '', query] = source.split('?');
      if (!file.startsWith('.') && !file.startsWith('/')) return findPackageEntry(project, file);
      const base = resolve(importer ? dirname(importer) : project.root, file);
      const found = [base, `${base}.ts`].find((path) => existsSync(path));
      return found && (query === undefined ? found : `${found}?${query}`);
    },
    transform(code, id) {
      if (/\.(?:css|json|wasm|glsl)|node_modules.cjs-lib/.test(id)) return stubOf(id, code);
      return esbuild.transform(code, { loader: 'ts', define, target: 'es2022' }).then((each) => each.code);
    },
    load: (id) => readFileSync(id.replace(/\?.*$/, ''), 'latin1'),
  };
  const plugins = [keepsakeRollup({ ...options, root: project.root, define }), basics];
  const bundle = await rollup({ input: project.path('src/main.ts'), plugins, onLog: () => undefined });
  await bundle.write({ dir: project.path('dist') });
}

function stubOf(id: string, code: string): string {
  if (!id.endsWith('.json')) return 'export default "";';
  const named = Object.entries(JSON.parse(code)).map(
    ([key, value]) => `export const ${key} = ${JSON.stringify(value)};`,
  );
  return `${named.join('\n')}\nexport default ${code};`;
}

function findPackageEntry(project: Project, name: string): string {
  const folder = realpathSync(project.path(`node_modules/${name}`));
  return join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).main);
}

/** Builds the project once and gives the fingerprints of its manifest. */
export async function buildWith(bundler: BundlerName, project: Project): Promise<Fingerprints> {
  if (bundler === 'rollup') await buildWithRollup(project);
  else if (bundler === 'vite') await buildWithVite(project);
  else if (bundler === 'esbuild') await esbuild.build(esbuildOptions(project));
  else if (bundler === 'webpack') await runCompiler(webpack(webpackConfig(project)));
  else {
    const { plugins: _, ...shared } = webpackConfig(project);
    const plugins = [
      new RspackDefine({ ...defines(project), ...envDefines(project) }),
      keepsakeRspack(options),
    ];
    // The two configurations agree in every field that is used here.
    await runCompiler(rspack({ ...(shared as RspackConfiguration), plugins }));
  }
  return readFingerprints(project);
}
