import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Configuration as RspackConfiguration, rspack } from '@rspack/core';
import * as esbuild from 'esbuild';
import webpack from 'webpack';
import { keepsake as keepsakeEsbuild } from '../esbuild.ts';
import type { PluginOptions } from '../options.ts';
import { parseManifest } from '../report/manifest.ts';
import { keepsake as keepsakeRspack } from '../rspack.ts';
import { keepsake as keepsakeWebpack } from '../webpack.ts';

const library = {
  'package.json': '{ "name": "small", "type": "module" }',
  'node_modules/keepsake/package.json':
    '{ "name": "keepsake", "version": "1.0.0", "main": "index.js", "type": "module" }',
  'node_modules/keepsake/index.js': 'export class Memory { cache(fn) { return fn; } }',
};

/** The beginning of every entry. */
export const head = "import { Memory } from 'keepsake';\nconst memory = new Memory();\n";

export interface Built {
  readonly fingerprint: string;
  readonly flags: readonly string[];
  /** What is in the bundle, which may come from the bundler's cache. */
  readonly bundled: string;
}

/** A project of a few JavaScript files, built by the bundlers with settings of a test's own. */
export class SmallProject {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-small-')));
  /** The bundler's folder, where that is not the project's. */
  folder = '.';

  constructor(files: Readonly<Record<string, string>>) {
    this.write({ ...library, ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      writeFileSync(join(this.root, file), content);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  webpack(more: webpack.Configuration = {}, options: PluginOptions = {}): Promise<Built> {
    const plugins = [...(more.plugins ?? []), keepsakeWebpack({ cacheDir: false, ...options })];
    return this.#compile(webpack({ ...this.#shared(), ...more, plugins }));
  }

  rspack(more: RspackConfiguration = {}, options: PluginOptions = {}): Promise<Built> {
    const plugins = [...(more.plugins ?? []), keepsakeRspack({ cacheDir: false, ...options })];
    return this.#compile(rspack({ ...this.#shared(), ...more, plugins }));
  }

  async esbuild(more: esbuild.BuildOptions = {}): Promise<Built> {
    await esbuild.build({
      absWorkingDir: this.root,
      entryPoints: ['main.js'],
      bundle: true,
      format: 'esm',
      outdir: 'dist',
      logLevel: 'silent',
      plugins: [keepsakeEsbuild({ cacheDir: false })],
      ...more,
    });
    return this.#built();
  }

  #shared() {
    return {
      mode: 'production' as const,
      context: join(this.root, this.folder),
      entry: './main.js',
      output: { path: join(this.root, 'dist') },
      optimization: { minimize: false },
    };
  }

  #compile(compiler: {
    run(
      done: (
        error: Error | null,
        stats?: { hasErrors(): boolean; toString(preset: 'errors-only'): string },
      ) => void,
    ): void;
    close(done: () => void): void;
  }): Promise<Built> {
    return new Promise((resolve, reject) => {
      compiler.run((error, stats) => {
        const failure = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined);
        compiler.close(() => (failure ? reject(failure) : resolve(this.#built())));
      });
    });
  }

  #built(): Built {
    const [first] = Object.values(
      parseManifest(readFileSync(join(this.root, 'dist/memo-manifest.json'), 'utf8')).functions,
    );
    const bundle = readFileSync(join(this.root, 'dist/main.js'), 'utf8');
    return {
      fingerprint: first?.fingerprint ?? '',
      flags: first?.flags ?? [],
      bundled: /"?fingerprint"?: ?"([^"]+)"/.exec(bundle)?.[1] ?? 'none',
    };
  }
}
