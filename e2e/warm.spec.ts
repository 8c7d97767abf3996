/** Packs that are made at build time: a first visitor computes nothing, and a rebuild only what has changed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import { type PreviewServer, preview } from 'vite';
import { getBrowser } from '../scripts/browsers.ts';
import { blocksOf } from '../scripts/docs.ts';
import { ownPort } from './support/home.ts';
import { expect, Profile } from './support/profile.ts';
import { ProjectCopy } from './support/project-copy.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { args, executablePath, channel } = getBrowser('chromium');
const browser = { args, ...(executablePath && { executablePath }), ...(channel && { channel }) };

const files = {
  'package.json': '{ "type": "module" }',
  'index.html': '<!doctype html><script type="module" src="/main.ts"></script>',
  'scale.ts': 'export const scale = 2;',
  'results.ts': `
    import { Memory } from 'keepsake';
    import { scale } from './scale.ts';
    export const memory = new Memory({ name: 'lab', verify: 'off', packs: ['results.pack'] });
    export const ramp = memory.cache((n: number) => Float64Array.from({ length: n }, (_, i) => i));
    export const scaled = memory.cache(async (n: number) => (await ramp(n)).map((each) => each * scale));
    export const name = memory.cache((n: number) => 'n'.repeat(n));`,
  'warm.ts': `
    import { memory, name, scaled } from './results.ts';
    export { memory };
    export function* calls() {
      for (const n of [10, 100_000]) yield () => scaled(n);
      yield () => name(7);
    }`,
  'main.ts': `
    import { memory, name, scaled } from './results.ts';
    const seen: string[] = [];
    memory.addEventListener('hit', ({ detail }) => seen.push(detail.reason));
    memory.addEventListener('compute', () => seen.push('computed'));
    const [large, small, text] = [await scaled(100_000), await scaled(10), await name(7)];
    await memory.flush();
    Object.assign(window, { outcome: { seen, values: [large[99_999], small[9], text] } });`,
};

interface Outcome {
  readonly seen: readonly string[];
  readonly values: readonly unknown[];
}

class WarmProject {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keepsake-warm-project-'));
  #server: PreviewServer | undefined;

  constructor() {
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.configure({});
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  edit(name: keyof typeof files, from: string, to: string): void {
    const text = readFileSync(join(this.#folder, name), 'utf8');
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    this.write(name, text.replace(from, to));
  }

  /** @param warm undefined for a build that makes no calls. */
  configure(warm: object | undefined, input: readonly string[] = ['index.html']): void {
    const calls = warm && { calls: 'warm.ts', pack: 'results.pack', browser, ...warm };
    const options = { cacheDir: './cache', warm: calls };
    this.write(
      'vite.config.ts',
      `import { keepsake } from ${JSON.stringify(join(root, 'src/plugin/vite.ts'))};
      const alias = [
        { find: /^keepsake$/, replacement: ${JSON.stringify(join(root, 'src/index.ts'))} },
        { find: /^keepsake\\/warm$/, replacement: ${JSON.stringify(join(root, 'src/warm/warm.ts'))} },
      ];
      export default { base: './', plugins: [keepsake(${JSON.stringify(options)})], resolve: { alias }, build: { target: 'es2023', rollupOptions: { input: ${JSON.stringify(input)} } } };`,
    );
  }

  /** What the build says of calls, or why it failed. */
  build(): { readonly status: number | null; readonly lines: string } {
    const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/vite'), ['build'], {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => /keepsake: |Error/.test(line));
    return { status, lines: lines.join('\n') };
  }

  /** What `keepsake warm` prints. */
  warm(...args: readonly string[]): string {
    const executable = executablePath ? ['--executable', executablePath] : [];
    const command = [join(root, 'src/plugin/command.ts'), 'warm', ...args, '--cache', 'cache', ...executable];
    return spawnSync(process.execPath, command, { cwd: this.#folder, encoding: 'utf8' }).stdout;
  }

  async serve(): Promise<string> {
    this.#server ??= await preview({
      root: this.#folder,
      configFile: false,
      logLevel: 'error',
      preview: { port: ownPort, strictPort: true },
    });
    return `http://localhost:${ownPort}/`;
  }

  async dispose(): Promise<void> {
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const test = base.extend<{ project: WarmProject }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  project: async ({}, use) => {
    const project = new WarmProject();
    await use(project);
    await project.dispose();
  },
});

/** What a page sees that is opened in the profile. */
async function visit(profile: Profile, url: string): Promise<Outcome> {
  const page = await profile.openPage(url);
  await page.waitForFunction(() => 'outcome' in window);
  return page.evaluate(() => Reflect.get(window, 'outcome'));
}

async function firstVisit<T>(use: (profile: Profile) => Promise<T>): Promise<T> {
  const profile = new Profile();
  return use(profile).finally(() => profile.dispose());
}

test('a build makes calls: the first visit of a fresh browser computes nothing, a rebuild only what changed', async ({
  project,
}) => {
  const first = project.build();
  console.log(first.lines);
  expect(first).toMatchObject({ status: 0 });
  expect(first.lines).toMatch(/results\.pack: 5 results, .* 3 calls, 5 computed/);
  const url = await project.serve();
  await firstVisit(async (profile) => {
    const values = [199_998, 18, 'nnnnnnn'];
    expect(await visit(profile, url)).toEqual({ seen: ['pack', 'pack', 'pack'], values });
    expect(await visit(profile, url)).toEqual({ seen: ['storage', 'storage', 'storage'], values });
  });

  project.edit('scale.ts', '2', '3');
  const second = project.build();
  console.log(second.lines);
  // What it calls has not changed; nothing is kept of the code that has.
  expect(second.lines).toMatch(
    /5 results, .* 3 calls, 2 computed \(results\.ts#scaled 2 .*; 2 of the last pack left out/,
  );
  await firstVisit(async (profile) => {
    const values = [299_997, 27, 'nnnnnnn'];
    expect(await visit(profile, url)).toEqual({ seen: ['pack', 'pack', 'pack'], values });
  });

  // Also after a build in which nothing asked for what the changed function calls.
  expect(project.build().lines).toMatch(/5 results, .* 3 calls, 0 computed; /);
  project.edit('scale.ts', '3', '4');
  expect(project.build().lines).toMatch(
    /5 results, .* 3 calls, 2 computed \(results\.ts#scaled 2 .*; 2 of the last pack left out/,
  );
});

test('a build fails for a pack that is too large and for a call that throws, and keeps what was computed', async ({
  project,
}) => {
  project.configure({ maxBytes: '1M' });
  const large = project.build();
  expect(large.status).toBe(1);
  expect(large.lines).toMatch(
    /The pack has 1\.5 MiB, and "maxBytes" is 1\.0 MiB: .*results\.ts#ramp 781\.\d KiB/,
  );
  project.configure({});
  project.edit('warm.ts', 'yield () => name(7)', "yield () => { throw new Error('no such name'); }");
  const failed = project.build();
  expect(failed.status).toBe(1);
  expect(failed.lines).toContain('Calls failed: call 3: no such name');
  project.write('warm.ts', 'export const calls = [];');
  expect(project.build().lines).toContain('The module of calls is to export "memory"');
  project.write('warm.ts', files['warm.ts']);
  expect(project.build().lines).toMatch(/5 results, .* 3 calls, 1 computed \(results\.ts#name 1/);
  project.write('warm.ts', files['warm.ts'].replace('scaled(n)', '0'));
  expect(project.build().lines).toMatch(/: 1 result, .* 3 calls, 0 computed; 4 of the last pack left out/);
});

test('a page that hands its calls over is warmed on the command line, whatever built it', async ({
  project,
}) => {
  project.configure(undefined, ['index.html', 'page.html']);
  project.write('page.html', '<!doctype html><script type="module" src="/page.ts"></script>');
  project.write(
    'page.ts',
    "import { warm } from 'keepsake/warm'; import * as calls from './warm.ts'; await warm(calls);",
  );
  expect(project.build()).toEqual({ status: 0, lines: '' });
  expect(project.warm('page.html', '--in', 'dist')).toMatch(/keepsake\.pack: 5 results, .* 5 computed/);
  expect(project.warm('page.html', '--in', 'dist')).toMatch(/keepsake\.pack: 5 results, .* 0 computed; /);
});

test("the guide's example is built and called", async ({ project }) => {
  const guide = blocksOf(readFileSync(join(root, 'docs/sharing.md'), 'utf8'), 'ts');
  for (const name of ['results.ts', 'warm.ts']) {
    const block = guide.find(({ code }) => code.startsWith(`// ${name}`));
    project.write(name, block?.code ?? '');
  }
  project.write('integrate.ts', 'export const integrate = (steps: number) => new Float64Array(steps);');
  project.write('main.ts', "import './results.ts';");
  expect(project.build().lines).toMatch(/2 results, .* 2 calls, 2 computed \(results\.ts#orbit 2/);
});

test('the demo, warmed on the command line: one changed helper computes one function again', async () => {
  test.setTimeout(600_000);
  const flags = ['--max-bytes', '128M', ...(executablePath ? ['--executable', executablePath] : [])];
  const copy = new ProjectCopy();
  try {
    await copy.build();
    const first = copy.warm('demo/warm.ts', ...flags);
    console.log(first);
    expect(first).toMatch(/2 results, .* 2 computed \(pairwise-distances 1 .*umap-layout 1/);
    expect(copy.warm('demo/warm.ts', ...flags)).toMatch(/2 results, .* 2 calls, 0 computed; /);
    copy.edit('demo/distances-worker.ts', '/ 255', '/ 256');
    await copy.build();
    const second = copy.warm('demo/warm.ts', ...flags);
    console.log(second);
    expect(second).toMatch(/2 results, .* 1 computed \(pairwise-distances 1 .*1 of the last pack left out/);
  } finally {
    await copy.dispose();
  }
});
