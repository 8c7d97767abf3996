import type { RspackPluginInstance } from '@rspack/core';
import type { PluginOptions } from './options.ts';
import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for rspack. */
export const keepsake: (options?: PluginOptions) => RspackPluginInstance = unplugin.rspack;
