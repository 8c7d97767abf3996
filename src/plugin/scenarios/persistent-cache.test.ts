import { join } from 'node:path';
import type { Configuration as RspackConfiguration } from '@rspack/core';
import { afterEach, expect, test } from 'vitest';
import type { PluginOptions } from '../options.ts';
import { type Built, head, SmallProject } from './small-project.ts';

let project: SmallProject | undefined;
afterEach(() => project?.remove());

function open(): SmallProject {
  project = new SmallProject({
    'app/main.js': `${head}import { scale } from 'scale';\nexport const f = memory.cache((x) => scale(x));`,
    'node_modules/scale/package.json':
      '{ "name": "scale", "version": "1.0.0", "main": "index.js", "type": "module", "dependencies": { "deep": "*" } }',
    'node_modules/scale/index.js': "import { deep } from 'deep';\nexport const scale = (x) => deep(x) * 2;",
    'node_modules/deep/package.json':
      '{ "name": "deep", "version": "1.0.0", "main": "index.js", "type": "module" }',
    'node_modules/deep/index.js': 'export const deep = (x) => x;',
  });
  project.folder = 'app';
  return project;
}

/** Each build is a process of its own as far as the bundler can tell: only the disk is common. */
function build(
  bundler: 'webpack' | 'rspack',
  small: SmallProject,
  options: PluginOptions = {},
): Promise<Built> {
  const folder = join(small.root, '.cache');
  if (bundler === 'webpack')
    return small.webpack({ cache: { type: 'filesystem', cacheDirectory: folder } }, options);
  const cache = { type: 'persistent' as const, storage: { type: 'filesystem' as const, directory: folder } };
  // The option moved out of `experiments` with rspack 2; older ones ignore it here.
  return small.rspack({ cache } as RspackConfiguration, options);
}

const patch = '--- a/index.js\n+++ b/index.js\n';

test.each(['webpack', 'rspack'] as const)(
  '%s: facts in a persistent cache',
  { timeout: 120_000 },
  async (bundler) => {
    const small = open();
    const first = (await build(bundler, small)).bundled;
    expect((await build(bundler, small)).bundled, 'nothing changed').toBe(first);
    small.write({
      'node_modules/deep/package.json':
        '{ "name": "deep", "version": "1.0.1", "main": "index.js", "type": "module" }',
    });
    const updated = (await build(bundler, small)).bundled;
    expect(updated, 'a package of a package has another version').not.toBe(first);
    small.write({ 'patches/scale+1.0.0.patch': patch });
    const patched = (await build(bundler, small)).bundled;
    expect(patched, 'a patch above the folder of the bundler').not.toBe(updated);
    small.write({ '.yarn/patches/deep-npm-1.0.1-abc.patch': patch });
    const patchedByYarn = (await build(bundler, small)).bundled;
    expect(patchedByYarn, "a patch of yarn's").not.toBe(patched);
    const salted = (await build(bundler, small, { salt: 'new' })).bundled;
    expect(salted, 'another salt').not.toBe(patchedByYarn);
    expect((await build(bundler, small, { salt: 'new' })).bundled, 'nothing changed again').toBe(salted);
  },
);
