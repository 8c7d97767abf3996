import type { WebpackPluginInstance } from 'webpack';
import type { PluginOptions } from './options.ts';
import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for webpack. */
export const keepsake: (options?: PluginOptions) => WebpackPluginInstance = unplugin.webpack;
