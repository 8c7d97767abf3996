import type { Plugin } from 'esbuild';
import type { PluginOptions } from './options.ts';
import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for esbuild. */
export const keepsake: (options?: PluginOptions) => Plugin = unplugin.esbuild;
