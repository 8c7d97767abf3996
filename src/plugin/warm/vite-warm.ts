/** Calls of a Vite project: built once more by themselves with the project's own settings, and made against its output. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InlineConfig, Plugin, ResolvedConfig } from 'vite';
import { cacheFolder } from '../graph/classify.ts';
import { LastPack } from './last-pack.ts';
import { makePack } from './make-pack.ts';
import { importFrom } from './project-package.ts';
import type { ResolvedWarm } from './warm-options.ts';

type Vite = Pick<typeof import('vite'), 'build' | 'mergeConfig' | 'resolveConfig'>;

const PLUGIN = 'keepsake:warm-calls';
const ENTRY = 'virtual:keepsake-warm';
const PAGE = 'keepsake-warm.html';

export async function viteOf(root: string): Promise<Vite> {
  const vite = (await importFrom(root, ['vite'])) as Vite | undefined; // as its own declarations say
  if (!vite) throw new Error('Calls of a module are built by Vite, which is not installed here');
  return vite;
}

/** Whether this is the build of the calls: it makes none itself. */
export const isCallsBuild = ({ plugins }: Pick<ResolvedConfig, 'plugins'>): boolean =>
  plugins.some(({ name }) => name === PLUGIN);

/** Takes the place of the app's entry, and says what the file is called. */
function callsPlugin(calls: string, onEntry: (fileName: string) => void): Plugin {
  return {
    name: PLUGIN,
    enforce: 'pre',
    options(options) {
      // Rolldown says of each plugin that takes long that it does; this is a second, small build.
      const quiet = 'rolldownVersion' in this.meta && { checks: { pluginTimings: false } };
      return { ...options, input: ENTRY, ...quiet };
    },
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : undefined),
    load: (id) =>
      id === `\0${ENTRY}`
        ? `import { warm } from 'keepsake/warm';\nimport * as calls from ${JSON.stringify(calls)};\nvoid warm(calls);\n`
        : undefined,
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && chunk.facadeModuleId === `\0${ENTRY}`) onEntry(chunk.fileName);
    },
  };
}

async function buildCalls(config: ResolvedConfig, calls: string, outDir: string): Promise<string> {
  const vite = await viteOf(config.root);
  let entry = '';
  const plugin = callsPlugin(calls, (fileName) => {
    entry = fileName;
  });
  const changes: InlineConfig = {
    root: config.root,
    mode: config.mode,
    logLevel: 'error',
    clearScreen: false,
    plugins: [plugin],
    build: { outDir, emptyOutDir: true, copyPublicDir: false, lib: false, ssr: false, watch: null },
  };
  await vite.build(vite.mergeConfig(config.inlineConfig, changes));
  if (entry === '') throw new Error(`${calls} was not built`);
  return entry;
}

/** Pages are served from a path of this machine, whatever host they are for. */
const pathOf = (base: string): string => new URL(base === './' ? '/' : base, 'http://localhost/').pathname;

function headersOf({ preview }: ResolvedConfig): Record<string, string> {
  const given = Object.entries(preview.headers ?? {});
  return Object.fromEntries(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

export interface WarmCaching {
  /** Folder of the plugin's cache, false for none. */
  readonly cacheDir?: string | false;
}

/** @throws Error as makePack() does, and where the module of calls cannot be built */
export async function warmVite(
  config: ResolvedConfig,
  options: ResolvedWarm,
  { cacheDir = cacheFolder(config.root) }: WarmCaching,
): Promise<void> {
  const { root, logger } = config;
  const folder = mkdtempSync(join(tmpdir(), 'keepsake-calls-'));
  try {
    const entry = await buildCalls(config, resolve(root, options.calls), folder);
    const outDir = resolve(root, config.build.outDir);
    const base = pathOf(config.base);
    const page = `<!doctype html><meta charset="utf-8"><script type="module" src="${base}${entry}"></script>`;
    await makePack({
      ...{ root, options, outDir, base, page: PAGE },
      folders: [folder, outDir],
      pages: new Map([[`${base}${PAGE}`, page]]),
      headers: headersOf(config),
      last: new LastPack(cacheDir === false ? folder : resolve(root, cacheDir), join(outDir, options.pack)),
      log: (line) => logger.info(`keepsake: ${line}`),
      warn: (line) => logger.warn(`keepsake: ${line}`),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
