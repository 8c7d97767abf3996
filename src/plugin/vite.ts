import type { Plugin } from 'vite';
import type { ViteOptions } from './options.ts';
import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions, ViteOptions } from './options.ts';
export type { WarmBrowser, WarmOptions } from './warm/warm-options.ts';

/** The build plugin for vite. */
export const keepsake: (options?: ViteOptions) => Plugin = unplugin.vite;
