import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import type { EnvironmentModuleNode, Plugin, ResolvedConfig, UserConfig, ViteDevServer } from 'vite';
import { viteNames } from '../constants.ts';
import type { PluginSession } from '../plugin-session.ts';
import {
  CLIENT_MODULE,
  clientImport,
  clientSource,
  IS_CURRENT,
  isCurrentExpression,
} from './is-current-client.ts';

interface ViteSettings {
  /** Makes one more instance on the same session, for the bundles of workers. */
  again(): Plugin | Plugin[];
  onConfig(config: ResolvedConfig): void;
}

/**
 * What Vite needs beyond the common hooks: its configuration, workers, and in development the invalidation of modules
 * whose fingerprints depend on a changed file.
 */
export function viteHooks(session: PluginSession, { again, onConfig }: ViteSettings): Partial<Plugin> {
  let server: ViteDevServer | undefined;
  return {
    // Both lists are merged with the user's.
    config: ({ root = '.' }: UserConfig): UserConfig => ({
      optimizeDeps: { exclude: ['keepsake'], include: dependenciesFrom(resolve(root)) },
      worker: { plugins: () => [again()] },
    }),
    configResolved(config: ResolvedConfig) {
      if (config.isWorker) return; // configured with the main bundle
      onConfig(config);
      const isServing = config.command === 'serve';
      const isBundledDev = isServing && hasBundledDev(config);
      if (isBundledDev) config.logger.warn(bundledDevWarning);
      const inject = isServing
        ? { isCurrent: isCurrentExpression, prelude: clientImport, isUntrusted: isBundledDev }
        : {};
      session.configure({ root: config.root, names: viteNames(config), inject, isServing });
    },
    resolveId: (source: string) => (source === CLIENT_MODULE ? `\0${CLIENT_MODULE}` : undefined),
    load: (id: string) => (id === `\0${CLIENT_MODULE}` ? clientSource : undefined),
    configureServer(started: ViteDevServer) {
      server = started;
      for (const environment of Object.values(started.environments)) {
        environment.hot.on(
          IS_CURRENT,
          (question: unknown, client: { send(name: string, data: unknown): void }) => {
            void answer(session, question, client); // answers for itself; a failure is a "no"
          },
        );
      }
    },
    watchChange(path, { event }) {
      // Vite only rewrites the imports of a module whose static import changed: its facts would stay as they are.
      if (server) invalidate(server, session.change(path, event));
      else session.change(path, event);
    },
    hotUpdate({ file, modules, timestamp }) {
      const graph = this.environment.moduleGraph;
      const dependants = session
        .dependants(file)
        .flatMap((path) => [...(graph.getModulesByFile(slashes(path)) ?? [])]);
      const added = dependants.filter((each) => !modules.includes(each));
      const seen = new Set<EnvironmentModuleNode>();
      for (const each of added) graph.invalidateModule(each, seen, timestamp, true);
      return added.length > 0 ? [...modules, ...added] : undefined;
    },
  };
}

/**
 * What the library itself imports. Vite does not look into what it excludes: it would meet these when a page asks for them,
 * and reload that page. Nothing where the library is not installed, but an alias.
 */
function dependenciesFrom(root: string): string[] {
  try {
    const { dependencies = {} } = createRequire(join(root, 'vite.config.js'))('keepsake/package.json');
    return Object.keys(dependencies).map((name) => `keepsake > ${name}`);
  } catch {
    return [];
  }
}

const bundledDevWarning =
  'keepsake: with experimental.bundledDev the server does not tell when a helper changed, so results are kept in memory only';

function hasBundledDev(config: ResolvedConfig): boolean {
  return 'bundledDev' in config.experimental && Boolean(config.experimental.bundledDev);
}

/** The form in which Vite's module graph names files. */
function slashes(path: string): string {
  return path.split(sep).join('/');
}

function invalidate(server: ViteDevServer, paths: readonly string[]): void {
  for (const environment of Object.values(server.environments)) {
    for (const path of paths) {
      for (const module of environment.moduleGraph.getModulesByFile(slashes(path)) ?? []) {
        environment.moduleGraph.invalidateModule(module);
      }
    }
  }
}

async function answer(
  session: PluginSession,
  question: unknown,
  client: { send(name: string, data: unknown): void },
): Promise<void> {
  if (typeof question !== 'object' || question === null) return;
  const asked = question as { question?: unknown; id?: unknown; fingerprint?: unknown }; // from a page: checked here
  const { id, fingerprint } = asked;
  if (typeof id !== 'string' || typeof fingerprint !== 'string') return;
  const current = await session.isCurrent(id, fingerprint).catch(() => false);
  client.send(IS_CURRENT, { question: asked.question, current });
}
