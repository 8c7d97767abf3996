/** The option "warm" of the Vite plugin: after a build, calls are made and their pack is written into the output. */
import type { Plugin, ResolvedConfig } from 'vite';
import type { ViteOptions } from '../options.ts';
import { resolveWarm } from './warm-options.ts';

/** A watched build makes no calls: each change would open a browser. */
const isFor = ({ command, build }: ResolvedConfig): boolean =>
  command === 'build' && !build.ssr && !build.watch;

export function warmHooks({ warm, cacheDir }: ViteOptions): {
  configResolved(config: ResolvedConfig): void;
  readonly hooks: Partial<Plugin>;
} {
  let config: ResolvedConfig | undefined;
  let isWritten = false;
  let isBusy = false;
  return {
    configResolved(resolved) {
      if (warm !== undefined && !isBusy && isFor(resolved)) config = resolved;
    },
    hooks: {
      writeBundle() {
        if (!isBusy) isWritten = true;
      },
      closeBundle: {
        order: 'post',
        sequential: true,
        async handler() {
          // Also called where the build failed.
          if (!config || !isWritten || isBusy || warm === undefined) return;
          const { isCallsBuild, warmVite } = await import('./vite-warm.ts');
          if (isCallsBuild(config)) return;
          isWritten = false;
          isBusy = true;
          try {
            await warmVite(config, resolveWarm(warm), { ...(cacheDir !== undefined && { cacheDir }) });
          } finally {
            isBusy = false;
          }
        },
      },
    },
  };
}
