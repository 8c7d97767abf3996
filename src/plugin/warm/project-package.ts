/** Packages of the project that is built: what has none of them does not need them. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The first of the packages that the project, or whoever installed this one, has; undefined for none. */
export async function importFrom(root: string, names: readonly string[]): Promise<unknown> {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    const require = createRequire(from);
    for (const name of names) {
      const file = resolved(require, name);
      if (file !== undefined) return import(pathToFileURL(file).href);
    }
  }
  return undefined;
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined; // not installed here
  }
}
