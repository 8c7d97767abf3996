import type { Plugin } from 'rollup';
import type { PluginOptions } from './options.ts';
import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for rollup. */
export const keepsake: (options?: PluginOptions) => Plugin = unplugin.rollup;
