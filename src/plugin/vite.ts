import type { Plugin } from 'vite';
import type { PluginOptions } from './options.ts';
import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for vite. */
export const keepsake: (options?: PluginOptions) => Plugin = unplugin.vite;
