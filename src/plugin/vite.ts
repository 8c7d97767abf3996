import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for vite. */
export const keepsake = unplugin.vite;
