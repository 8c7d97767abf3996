import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundlerName, buildWith, type Fingerprints } from './bundlers.ts';
import { applyEdit, changedFunctions, scenarios } from './edits.ts';
import { Project } from './project.ts';

const bundlers: readonly BundlerName[] = ['vite', 'webpack', 'rspack', 'esbuild'];

describe.each(bundlers)('fingerprints in a %s build', (bundler) => {
  let project: Project;
  let baseline: Fingerprints;

  beforeAll(async () => {
    project = new Project();
    baseline = await buildWith(bundler, project);
  }, 60_000);
  afterAll(() => project.remove());

  test('cover the 26 memoised functions', () => {
    expect([...baseline.keys()]).toHaveLength(26);
  });

  test.each(scenarios)('$title', { timeout: 30_000 }, async (scenario) => {
    const undo = applyEdit(project, scenario);
    try {
      expect(changedFunctions(baseline, await buildWith(bundler, project))).toEqual(
        [...scenario.changes].sort(),
      );
    } finally {
      undo();
    }
  });
});
