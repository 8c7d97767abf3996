import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildWith, type Fingerprints } from './bundlers.ts';
import { DevServer } from './dev-server.ts';
import { applyEdit, changedFunctions, scenarios } from './edits.ts';
import { Project } from './project.ts';

/** `envMode` reads `import.meta.env.DEV`, so that it has two fingerprints by design. */
function withoutMode(fingerprints: Fingerprints): Record<string, string> {
  return Object.fromEntries([...fingerprints].filter(([name]) => name !== 'envMode').sort());
}

describe('fingerprints in a vite development server', () => {
  const project = new Project();
  const built = new Project();
  const dev = new DevServer(project);
  let baseline: Fingerprints;

  beforeAll(async () => {
    await dev.start();
    baseline = await dev.fingerprints();
  }, 60_000);
  afterAll(async () => {
    await dev.stop();
    project.remove();
    built.remove();
  });

  test('cover the 26 memoised functions', () => {
    expect([...baseline.keys()]).toHaveLength(26);
  });

  test.each(scenarios)('$title', { timeout: 40_000 }, async (scenario) => {
    const restart = async (change: () => void): Promise<void> => {
      await dev.stop();
      change();
      await dev.start();
    };
    const make = (change: () => void) =>
      scenario.restarts ? restart(change) : dev.afterEvents(scenario.files, change);
    let undo = (): void => undefined;
    await make(() => {
      undo = applyEdit(project, scenario);
    });
    const undoBuilt = applyEdit(built, scenario);
    try {
      const fingerprints = await dev.fingerprints();
      expect(changedFunctions(baseline, fingerprints)).toEqual([...scenario.changes].sort());
      expect(withoutMode(await buildWith('vite', built))).toEqual(withoutMode(fingerprints));
    } finally {
      await make(undo);
      undoBuilt();
    }
    expect(changedFunctions(baseline, await dev.fingerprints())).toEqual([]);
  });
});
