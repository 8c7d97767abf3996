import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build, preview } from 'vite';
import type { Lab } from './pages/module-state/main.ts';
import { test as base, expect } from './support/profile.ts';

const configFile = fileURLToPath(new URL('pages/module-state/vite.config.ts', import.meta.url));

const test = base.extend<{ home: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  home: async ({}, use) => {
    const outDir = mkdtempSync(join(tmpdir(), 'keepsake-state-'));
    await build({ configFile, build: { outDir, emptyOutDir: true } });
    const server = await preview({ configFile, build: { outDir }, preview: { port: 0 } });
    await use(server.resolvedUrls?.local[0] ?? '');
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  },
});

interface Told {
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** `hit` or `compute` of each call, by function. */
  readonly ways: Readonly<Record<string, readonly string[]>>;
}

/** Every call of the page, one after another. */
const callAll = (page: Page): Promise<Told> =>
  page.evaluate(async () => {
    const lab = (window as unknown as { openLab(): Lab }).openLab();
    const ways: Record<string, string[]> = {};
    for (const kind of ['hit', 'compute'] as const)
      lab.memory.addEventListener(kind, ({ detail }) => {
        const name = detail.functionId.split('#').at(-1) ?? '';
        ways[name] = [...(ways[name] ?? []), kind];
      });
    const values: Record<string, number[]> = {};
    const all = async (name: string, ...calls: (() => Promise<number>)[]): Promise<void> => {
      values[name] = [];
      for (const call of calls) values[name].push(await call());
    };
    const after =
      <T>(change: () => void, call: () => T) =>
      (): T => {
        change();
        return call();
      };
    const { byVariable, setFactor, byInstance, settings, byStore, store } = lab;
    const [variable, instance, state] = [() => byVariable(3), () => byInstance(3), () => byStore(3)];
    await all(
      'byVariable',
      variable,
      after(() => setFactor(2), variable),
      after(() => setFactor(1), variable),
    );
    await all(
      'byInstance',
      instance,
      after(() => settings.update(2), instance),
      after(() => settings.update(1), instance),
    );
    await all(
      'byStore',
      state,
      after(() => store.setState({ factor: 2 }), state),
    );
    await all(
      'counted',
      () => lab.counted(3),
      () => lab.counted(3),
      () => lab.counted(3),
    );
    await all('entered', async () => lab.timesEntered());
    await all(
      'memoised',
      () => lab.memoised(3),
      () => lab.memoised(3),
    );
    await all('filter', ...[lab.Filter, lab.Gauss, lab.Box].map((Kind) => () => new Kind().run(3)));
    await all('helper', () => lab.withHelper(2)(3));
    await all('progress', () => lab.withProgress(() => undefined)(3));
    await lab.memory.flush();
    return { values, ways };
  });

const values = {
  byVariable: [3, 6, 3],
  byInstance: [3, 6, 3],
  byStore: [3, 6],
  counted: [6, 6, 6],
  memoised: [9, 9],
  filter: [3, 6, 300],
  helper: [6],
  progress: [6],
};

test('state counts as it is at the call, receivers by their classes, and what nobody can read is computed', async ({
  profile,
  home,
}) => {
  const page = await profile.openPage(home);
  const first = await callAll(page);
  expect(first.values).toEqual({ ...values, entered: [1] });
  expect(first.ways.byVariable).toEqual(['compute', 'compute', 'hit']);
  expect(first.ways.byInstance).toEqual(['compute', 'compute', 'hit']);
  expect(first.ways.memoised).toEqual(['compute', 'hit']);

  await page.reload();
  const second = await callAll(page);
  expect(second.values).toEqual({ ...values, entered: [0] });
  for (const name of ['byVariable', 'byInstance', 'counted', 'memoised', 'filter', 'with-progress'])
    expect.soft(new Set(second.ways[name]), name).toEqual(new Set(['hit']));
  // Its state is in a closure.
  expect(second.ways.byStore).toEqual(['compute', 'compute']);
});

test('state is called by its name where it makes a call miss, and where it changes while the function runs', async ({
  profile,
  home,
}) => {
  const page = await profile.openPage(home);
  const notices: string[] = [];
  page.on('console', (message) => void notices.push(message.text()));
  const differences = await page.evaluate(async () => {
    const { byVariable, setFactor, tally, memory } = (window as unknown as { openLab(): Lab }).openLab();
    await byVariable(3);
    await tally(3);
    await memory.flush();
    setFactor(7);
    return (await byVariable.explain(3)).differences;
  });
  expect(differences).toEqual([
    { kind: 'state', path: 'state["state.ts#factor"]', text: 'state["state.ts#factor"] differs' },
  ]);
  expect(notices.join()).toMatch(
    /not kept: state\["globalThis\.runs"\] changed while it ran, by the function itself/,
  );
});
