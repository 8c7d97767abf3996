import type { Page } from '@playwright/test';
import { test as base, expect } from './support/profile.ts';
import { SmallProject } from './support/small-project.ts';

const test = base.extend<{ project: SmallProject }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  project: async ({}, use) => {
    const project = new SmallProject();
    await use(project);
    await project.dispose();
  },
});

interface Lab {
  [name: string]: (x: number) => Promise<number>;
}
interface Watched {
  readonly lab: Lab;
  /** What every cached call came to, in order. */
  readonly outcomes: string[];
}

const memory = `import { Memory } from 'keepsake';
export const memory = new Memory({ name: 'hot' });
globalThis.outcomes = [];
for (const kind of ['hit', 'compute', 'skip']) memory.addEventListener(kind, ({ detail }) =>
  outcomes.push(kind === 'skip' ? 'skip ' + detail.reason : kind));
`;

/** A module that is updated in place. */
const work = (comment: string, more = ''): string => `import { memory } from './memory.ts';
// ${comment}
const f = memory.cache(async (x) => Math.round(helper(x)), { id: 'f' });
function helper(x) { return x * 2; }
${more}
globalThis.lab = { ...globalThis.lab, f };
globalThis.evaluations = (globalThis.evaluations ?? 0) + 1;
import.meta.hot?.accept();
`;

/** Writes a module anew and waits until the page has evaluated it; watchers drop events that follow each other closely. */
async function update(page: Page, write: () => void): Promise<void> {
  const before = await evaluations(page);
  await expect(async () => {
    write();
    await page.waitForFunction((count) => Reflect.get(globalThis, 'evaluations') > count, before, {
      timeout: 3_000,
    });
  }).toPass();
}

const evaluations = (page: Page): Promise<number> =>
  page.evaluate(() => Number(Reflect.get(globalThis, 'evaluations')));

const call = (page: Page, name: string): Promise<[number, string[]]> =>
  page.evaluate(async (called) => {
    const { lab, outcomes } = globalThis as unknown as Watched; // set by the modules above
    outcomes.length = 0;
    const value = (await lab[called]?.(3)) ?? 0;
    return [value, [...outcomes]] as [number, string[]];
  }, name);

test('a module that is evaluated again is no second closure: its functions hit', async ({
  profile,
  project,
}) => {
  project.write('memory.ts', memory);
  project.write('work.ts', work('first'));
  project.write('main.ts', `import './work.ts'; globalThis.ready = true;`);
  await project.serve();
  const page = await profile.openPage(project.url);
  await page.waitForFunction(() => 'ready' in globalThis);
  expect(await call(page, 'f')).toEqual([6, ['compute']]);
  await update(page, () => project.write('work.ts', work('second\n// and longer')));
  expect(await call(page, 'f')).toEqual([6, ['hit']]);
  await update(page, () => project.write('work.ts', work('third')));
  expect(await call(page, 'f')).toEqual([6, ['hit']]);
  // The one before is nobody's function any more: it computes, and disturbs nobody.
  await page.evaluate(() => {
    const { lab } = globalThis as unknown as Watched;
    lab.before = lab.f as Lab[string];
  });
  await update(page, () => project.write('work.ts', work('fourth')));
  expect(await call(page, 'before')).toEqual([6, ['compute', 'skip ambiguous']]);
  expect(await call(page, 'f')).toEqual([6, ['hit']]);
});

test('two closures of one evaluation stay two, before and after an update', async ({ profile, project }) => {
  const twice = `
const make = (k) => memory.cache(async (x) => x * k, { id: 'g' });
globalThis.lab = { ...globalThis.lab, two: make(2), hundred: make(100) };`;
  project.write('memory.ts', memory);
  project.write('work.ts', work('first', twice));
  project.write('main.ts', `import './work.ts'; globalThis.ready = true;`);
  await project.serve();
  const page = await profile.openPage(project.url);
  await page.waitForFunction(() => 'ready' in globalThis);
  for (const comment of ['second', 'third']) {
    expect(await call(page, 'two')).toEqual([6, ['compute', 'skip ambiguous']]);
    expect(await call(page, 'hundred')).toEqual([300, ['compute', 'skip ambiguous']]);
    expect((await call(page, 'f'))[0]).toBe(6);
    await update(page, () => project.write('work.ts', work(comment, twice)));
  }
});

test('closures that a module makes for others are two, whichever of these is updated', async ({
  profile,
  project,
}) => {
  const user = (name: string, k: number): string => `import { make } from './factory.ts';
globalThis.lab = { ...globalThis.lab, ${name}: make(${k}) };
globalThis.evaluations = (globalThis.evaluations ?? 0) + 1;
import.meta.hot?.accept();
`;
  project.write('memory.ts', memory);
  project.write(
    'factory.ts',
    `import { memory } from './memory.ts';
export const make = (k) => memory.cache(async (x) => x * k, { id: 'g' });`,
  );
  project.write('a.ts', user('two', 2));
  project.write('b.ts', user('hundred', 100));
  project.write('main.ts', `import './a.ts'; import './b.ts'; globalThis.ready = true;`);
  await project.serve();
  const page = await profile.openPage(project.url);
  await page.waitForFunction(() => 'ready' in globalThis);
  expect(await call(page, 'two')).toEqual([6, ['compute', 'skip ambiguous']]);
  await update(page, () => project.write('a.ts', user('two', 4)));
  expect((await call(page, 'two'))[0]).toBe(12);
  expect((await call(page, 'hundred'))[0]).toBe(300);
});
