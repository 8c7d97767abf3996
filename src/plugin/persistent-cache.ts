import { digestText } from './summary/digest-text.ts';

/**
 * Makes a bundler's cache on disk begin anew where it could not see that facts have changed: a setting of the plugin, a
 * patch that appeared, another version of the plugin. What files say, it hears by the files of each module.
 */
export function addToCacheVersion(options: object, identity: string): void {
  const experiments: unknown = 'experiments' in options ? options.experiments : undefined;
  for (const holder of [options, experiments]) {
    if (typeof holder !== 'object' || holder === null || !('cache' in holder)) continue;
    const { cache } = holder;
    if (typeof cache !== 'object' || cache === null) continue;
    const version = 'version' in cache && typeof cache.version === 'string' ? cache.version : '';
    Object.assign(cache, { version: `${version}|keepsake ${digestText(identity)}` });
  }
}
