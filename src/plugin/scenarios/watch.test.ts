import { rmSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import webpack from 'webpack';
import { esbuildOptions, type Fingerprints, readFingerprints, webpackConfig } from './bundlers.ts';
import { changedFunctions } from './edits.ts';
import { Project } from './project.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

/** A helper three imports away from the function, so that only the plugin's own watch list leads to it. */
const edit = (): void => project.write('src/offset.ts', 'export const OFFSET = 70;\n');

describe('a bundler that goes on', () => {
  test('esbuild: rebuild() of a context sees an edited helper', async () => {
    const context = await esbuild.context(esbuildOptions(project));
    try {
      await context.rebuild();
      const before = readFingerprints(project);
      edit();
      await context.rebuild();
      expect(changedFunctions(before, readFingerprints(project))).toEqual(['sim']);
    } finally {
      await context.dispose();
    }
  });

  test('webpack: watch sees an edited helper', { timeout: 20_000 }, async () => {
    const compiler = webpack(webpackConfig(project));
    const builds: Fingerprints[] = [];
    await new Promise<void>((resolve, reject) => {
      const watching = compiler?.watch({ aggregateTimeout: 20 }, (error) => {
        if (error) reject(error);
        builds.push(readFingerprints(project));
        if (builds.length === 1) setTimeout(edit, 100);
        else watching?.close(() => resolve());
      });
    });
    expect(changedFunctions(builds[0] ?? new Map(), builds[1] ?? new Map())).toEqual(['sim']);
  });

  test('webpack: its persistent cache does not keep old facts', { timeout: 20_000 }, async () => {
    const cacheDirectory = project.path('node_modules/.cache/webpack');
    const bundle = () =>
      new Promise<string>((resolve, reject) => {
        const compiler = webpack({
          ...webpackConfig(project),
          cache: { type: 'filesystem', cacheDirectory },
        });
        compiler?.run((error) =>
          compiler.close(() => (error ? reject(error) : resolve(project.read('dist/main.js') ?? ''))),
        );
      });
    const fingerprint = (code: string) => /main\.ts#sim", ?"fingerprint": ?"([^"]+)/.exec(code)?.[1];
    const before = fingerprint(await bundle());
    expect(fingerprint(await bundle())).toBe(before);
    edit();
    rmSync(project.path('dist'), { recursive: true });
    const after = fingerprint(await bundle());
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
  });
});
