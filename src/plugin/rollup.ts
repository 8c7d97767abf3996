import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for rollup. */
export const keepsake = unplugin.rollup;
