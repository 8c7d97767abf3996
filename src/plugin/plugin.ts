import { resolve } from 'node:path';
import type { UnpluginInstance, UnpluginOptions } from 'unplugin';
import { defineConstants, pluginNames } from './constants.ts';
import { viteHooks } from './dev/vite-hooks.ts';
import { splitQuery } from './graph/classify.ts';
import type { PluginOptions, ViteOptions } from './options.ts';
import { createUnplugin } from './peers.ts';
import { addToCacheVersion } from './persistent-cache.ts';
import { PluginSession } from './plugin-session.ts';
import { isFatal } from './report/diagnostic-code.ts';
import { writeBesideOutput } from './report/write-manifest.ts';
import { resolverOf } from './resolvers.ts';
import { emitWithEsbuild, emitWithRollup } from './storage-worker.ts';
import { warmHooks } from './warm/warm-hooks.ts';

/** Code files, components, and the entries of workers; not the `?raw` or `?url` of a code file. */
const codeId = /\.(?:vue|svelte|astro)$|\.[cm]?[jt]sx?(?:\?(?:worker_file|v=|t=|import)[^/]*)?$/;

/** Every bundler's plugin. They differ only in where settings come from. */
export const keepsake: UnpluginInstance<ViteOptions | undefined, false> = createUnplugin<
  ViteOptions | undefined,
  false
>((options) => hooks(new PluginSession(options ?? {}), options ?? {}));

interface SharedSession {
  readonly session: PluginSession;
  readonly options: PluginOptions;
}

/** More instances on one session: Vite bundles workers with a list of plugins of their own. */
const inWorkers = createUnplugin((shared: SharedSession) => ({
  ...commonHooks(shared.session, shared.options),
  name: 'keepsake:worker',
}));

function hooks(session: PluginSession, options: ViteOptions): UnpluginOptions {
  const warming = warmHooks(options);
  const manifest = options.manifest ?? 'memo-manifest.json';
  return {
    ...commonHooks(session, options),
    buildStart: () => session.start(),
    buildEnd() {
      session.save();
      if (manifest === false || session.isServing) return;
      const source = `${JSON.stringify(session.manifest())}
`;
      if (!writeBesideOutput(this.getNativeBuildContext?.(), manifest, source)) {
        this.emitFile({ type: 'asset', fileName: manifest, source });
      }
    },
    watchChange: (path, { event }) => {
      session.change(path, event);
    },
    vite: {
      ...viteHooks(session, {
        again: () => inWorkers.vite({ session, options }),
        onConfig: warming.configResolved,
      }),
      ...warming.hooks,
    },
    rollup: {
      options: () => session.configure({ root: process.cwd() }),
      renderChunk: emitWithRollup,
    },
    webpack(compiler) {
      const { plugins, mode } = compiler.options;
      session.configure({ root: compiler.context, names: pluginNames(plugins, mode) });
      addToCacheVersion(compiler.options, session.identity());
    },
    rspack(compiler) {
      const { plugins, mode } = compiler.options;
      session.configure({ root: compiler.context, names: pluginNames(plugins, mode) });
      addToCacheVersion(compiler.options, session.identity());
    },
    esbuild: {
      setup: emitWithEsbuild,
      config(config) {
        const root = config.absWorkingDir ?? process.cwd();
        const injected = (config.inject ?? []).map((file) => resolve(root, file));
        session.configure({ root, names: { constants: defineConstants(config.define), injected } });
      },
    },
  };
}

function commonHooks(session: PluginSession, options: PluginOptions): UnpluginOptions {
  return {
    name: 'keepsake',
    enforce: 'pre',
    transform: {
      filter: { id: { include: codeId, exclude: [/[\\/]node_modules[\\/]/, /^\0/] } },
      async handler(code, id) {
        const own = splitQuery(id).file;
        const { output, diagnostics, files } = await session.transform(code, own, resolverOf(this));
        // Vite takes what is watched for imported: an entry that imports itself has no end where a page would be reloaded.
        if (isWatched(this)) for (const file of files) if (file !== own) this.addWatchFile(file);
        for (const { code: finding, text, isUnfollowable } of diagnostics) {
          if (isFatal(finding) || (options.strict === true && isUnfollowable)) this.error(text);
          else this.warn(text);
        }
        return output;
      },
    },
  };
}

/** Rollup and its kin say whether anybody waits for changes; webpack's caches need the files in any case. */
function isWatched(context: object): boolean {
  const meta = 'meta' in context ? context.meta : undefined;
  return !(typeof meta === 'object' && meta !== null && 'watchMode' in meta && meta.watchMode === false);
}
