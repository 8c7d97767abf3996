import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, createServer, type InlineConfig, type Plugin } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepsake } from '../vite.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-globs-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}

function config(): InlineConfig {
  const plugins = [keepsake({ cacheDir: false })].flat() as Plugin[]; // Vite's own type, not the adapter's copy of it
  return {
    root,
    configFile: false,
    logLevel: 'silent',
    plugins,
    resolve: { alias: { '@': join(root, 'src'), '~ops': join(root, 'src/ops') } },
    build: { write: false, minify: false, rollupOptions: { input: join(root, 'src/main.ts') } },
    optimizeDeps: { noDiscovery: true },
  };
}

const fingerprintIn = (code: string): string => /"?fingerprint"?: ?"([^"]+)"/.exec(code)?.[1] ?? 'none';

async function fingerprints(): Promise<{ built: string; served: string }> {
  const output = await build(config());
  const [bundle] = Array.isArray(output) ? output : [output];
  const chunk = bundle && 'output' in bundle ? bundle.output[0].code : '';
  const server = await createServer({
    ...config(),
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
  });
  try {
    const code = (await server.environments.client.transformRequest('/src/main.ts'))?.code ?? '';
    return { built: fingerprintIn(chunk), served: fingerprintIn(code) };
  } finally {
    await server.close();
  }
}

const basics = {
  'package.json': '{ "name": "globs", "type": "module", "imports": { "#ops/*": "./src/ops/*" } }',
  'node_modules/keepsake/package.json':
    '{ "name": "keepsake", "version": "1.0.0", "main": "index.js", "type": "module" }',
  'node_modules/keepsake/index.js': 'export class Memory { cache(fn) { return fn; } }',
  'src/ops/a.ts': 'export default (x: number) => x * 2;',
  'src/ops/skip.ts': 'export default 1;',
};
const head = "import { Memory } from 'keepsake';\nconst memory = new Memory();\n";
const uses = (glob: string): string =>
  `${head}const ms = import.meta.glob(${glob});\nexport const f = memory.cache((x: number) => Object.values(ms).map((m: any) => m.default(x)));`;

test.each([
  ['an alias', "'@/ops/*.ts', { eager: true }"],
  ['an alias without a slash', "'~ops/[a-c].ts', { eager: true }"],
  ['a subpath import', "'#ops/*.ts', { eager: true }"],
  ['a base', "'./*.ts', { base: './ops', eager: true }"],
  ['a character class', "'./ops/[a-c].ts', { eager: true }"],
  ['braces and a negative pattern', "['./ops/{a,b}.{ts,js}', '!**/b.ts'], { eager: true }"],
])('a glob with %s sees its files, in a build and in development', async (_, glob) => {
  write({ ...basics, 'src/main.ts': uses(glob) });
  const before = await fingerprints();
  write({ 'src/ops/a.ts': 'export default (x: number) => x * 3;' });
  const after = await fingerprints();
  expect(before.built).toBe(before.served);
  expect(after.built).toBe(after.served);
  expect(after.built).not.toBe(before.built);
});

test('a glob for its effects counts', async () => {
  const main = `${head}import.meta.glob('./ops/*.ts', { eager: true });\nexport const f = memory.cache((x: number) => (x as any).twice());`;
  const patch = (factor: number): string =>
    `(Number.prototype as any).twice = function () { return this * ${factor}; };`;
  write({ ...basics, 'src/main.ts': main, 'src/ops/a.ts': patch(2) });
  const before = await fingerprints();
  write({ 'src/ops/a.ts': patch(3) });
  expect((await fingerprints()).built).not.toBe(before.built);
});
