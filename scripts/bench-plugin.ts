/**
 * What the build plugin costs: a project of 1,000 modules with 60 cached functions, built and served with and without it.
 *
 *   node scripts/bench-plugin.ts
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, createServer, type Plugin } from 'vite';
import { keepsake } from '../src/plugin/vite.ts';

const moduleCount = Number(process.env.KEEPSAKE_MODULES ?? 1000);
const functionCount = 60;
const rounds = Number(process.env.KEEPSAKE_ROUNDS ?? 3);

const root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-bench-')));

function moduleSource(index: number): string {
  // A tree, and with KEEPSAKE_CHAIN a row beside it, in which nearly every function reaches nearly every module.
  const row = process.env.KEEPSAKE_CHAIN ? [index + 1] : [];
  const children = [...new Set([...row, index * 2 + 1, index * 2 + 2])].filter(
    (child) => child < moduleCount,
  );
  const imports = children.map((child) => `import { f${child} } from './m${child}';`).join('\n');
  const helpers = Array.from(
    { length: 12 },
    (_, each) => `
interface Shape${each} { width: number; height: number; label?: string }
const limit${each} = ${index + each};
function helper${each}(shape: Shape${each}, factor = 1): number {
  const { width, height } = shape;
  let area = width * height * factor;
  for (let step = 0; step < limit${each}; step++) area += Math.sqrt(step) > ${each} ? step : -step;
  return area > 100 ? area / 2 : area;
}`,
  ).join('\n');
  const sum = [
    ...children.map((child) => `f${child}(x)`),
    'helper0({ width: x, height: 2 })',
    'helper3({ width: 1, height: x })',
  ];
  return `${imports}\n${helpers}\nexport function f${index}(x: number): number {\n  return ${sum.join(' + ')};\n}\n`;
}

function writeProject(): void {
  const files = new Map<string, string>([
    ['package.json', '{ "name": "bench", "type": "module" }'],
    ['index.html', '<script type="module" src="/src/main.ts"></script>'],
    [
      'node_modules/keepsake/package.json',
      '{ "name": "keepsake", "version": "1.0.0", "type": "module", "main": "index.js" }',
    ],
    ['node_modules/keepsake/index.js', 'export class Memory { cache(fn) { return fn; } }'],
    ['src/memory.ts', "import { Memory } from 'keepsake';\nexport const memory = new Memory();"],
  ]);
  for (let index = 0; index < moduleCount; index++) files.set(`src/m${index}.ts`, moduleSource(index));
  const names = Array.from({ length: functionCount }, (_, index) => index);
  for (const index of names) {
    const target = 10 + index * 3;
    files.set(
      `src/memo${index}.ts`,
      `import { f${target} } from './m${target}';\nimport { memory } from './memory';\nexport const memo${index} = memory.cache((x: number) => f${target}(x) + ${index});\n`,
    );
  }
  const uses = names.map(
    (index) => `import { memo${index} } from './memo${index}';\nconsole.log(memo${index}(1));`,
  );
  files.set('src/main.ts', `${uses.join('\n')}\nimport { f0 } from './m0';\nconsole.log(f0(1));\n`);
  for (const [file, content] of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}

interface Cost {
  readonly wallMs: number;
  /** Of all threads, so that other work on the machine does not count. */
  readonly cpuMs: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(title: string, prepare: () => void, work: () => Promise<unknown>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    prepare();
    costs.push(await costOf(work));
  }
  const cost = {
    wallMs: median(costs.map((each) => each.wallMs)),
    cpuMs: median(costs.map((each) => each.cpuMs)),
  };
  console.log(
    `${title.padEnd(56)} ${cost.wallMs.toFixed(0).padStart(6)} ms ${cost.cpuMs.toFixed(0).padStart(6)} ms CPU`,
  );
  return cost;
}

function difference(more: Cost, less: Cost): string {
  return `${(more.wallMs - less.wallMs).toFixed(0)} ms (${(more.cpuMs - less.cpuMs).toFixed(0)} ms CPU)`;
}

function buildProject(plugins: Plugin[]): Promise<unknown> {
  return build({ root, configFile: false, logLevel: 'silent', plugins, build: { write: false } });
}

const withPlugin = (): Plugin[] => [keepsake()].flat() as Plugin[]; // Vite's own type, not the adapter's copy of it

function dropDiskCache(): void {
  rmSync(join(root, 'node_modules/.cache'), { recursive: true, force: true });
}

/** Size of the manifest, in a build of its own. */
async function manifestBytes(): Promise<number> {
  const output = await buildProject(withPlugin());
  const [bundle] = [output].flat();
  const files = typeof bundle === 'object' && bundle !== null && 'output' in bundle ? bundle.output : [];
  for (const file of Array.isArray(files) ? files : []) {
    if (file.fileName === 'memo-manifest.json') return Buffer.byteLength(file.source);
  }
  return Number.NaN;
}

async function measureBuilds(): Promise<void> {
  await buildProject([]);
  const without = await measure(
    'vite build without the plugin',
    () => undefined,
    () => buildProject([]),
  );
  const cold = await measure('vite build with it, cold', dropDiskCache, () => buildProject(withPlugin()));
  const warm = await measure(
    'vite build with it, disk cache',
    () => undefined,
    () => buildProject(withPlugin()),
  );
  console.log(
    `adds cold ${difference(cold, without)}, limit 1500; with the disk cache ${difference(warm, without)}, limit 500`,
  );
  console.log(`manifest: ${((await manifestBytes()) / 1e6).toFixed(2)} MB, limit 1`);
}

async function measureEdits(): Promise<void> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: withPlugin(),
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
  });
  const { client } = server.environments;
  const loadAll = () =>
    Promise.all(
      Array.from({ length: functionCount }, (_, index) => client.transformRequest(`/src/memo${index}.ts`)),
    );
  const first = await costOf(loadAll);
  console.log(
    `dev: first load of ${functionCount} modules with cached functions: ${first.wallMs.toFixed(0)} ms`,
  );
  // Reached through m175, m87, m43 and m21 from m10, which a cached function uses.
  const edited = join(root, 'src/m351.ts');
  const source = readFileSync(edited, 'utf8');
  let count = 0;
  await measure(
    'dev: one edit, then all of them again (limit 200)',
    () => undefined,
    async () => {
      count++;
      writeFileSync(edited, source.replace('area / 2', `area / ${count + 2}`));
      await client.pluginContainer.watchChange(edited, { event: 'update' });
      await loadAll();
    },
  );
  await server.close();
}

writeProject();
try {
  await measureBuilds();
  await measureEdits();
} finally {
  rmSync(root, { recursive: true, force: true });
}
