import { keepsake as unplugin } from './plugin.ts';

export type { PluginOptions } from './options.ts';

/** The build plugin for rspack. */
export const keepsake = unplugin.rspack;
