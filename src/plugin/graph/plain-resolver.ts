import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Resolver } from './analyser.ts';
import type { Packages } from './packages.ts';
import { compilerOptions } from './tsconfig.ts';

const endings = ['', '.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** Resolves imports as bundlers do by default, where there is no bundler to ask. */
export function plainResolver(root: string, packages: Packages): Resolver {
  const aliases = readAliases(root);
  const resolveOne = (source: string, importer: string): string | undefined => {
    if (source.startsWith('.')) return findFile(resolve(dirname(importer), source));
    if (isAbsolute(source)) return findFile(source) ?? findFile(join(root, source));
    if (source.startsWith('#')) return findFile(packages.subpathImport(importer, source));
    const aliased = aliases.flatMap((alias) => findFile(alias(source)) ?? []);
    return aliased[0] ?? findFile(inPackage(packages, source, importer));
  };
  return { key: 'plain', resolve: async (source, importer) => resolveOne(source, importer) };
}

function inPackage(packages: Packages, source: string, importer: string): string | undefined {
  const [, name = '', subpath = ''] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(source) ?? [];
  const found = name === '' ? undefined : packages.findFrom(dirname(importer), name);
  return found && packages.entryOf(found, subpath);
}

/** A file as it is named, with an ending, as the TypeScript behind a `.js`, or as the index of a folder. */
function findFile(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const named = endings.map((ending) => path + ending);
  const typed = /\.[cm]?jsx?$/.test(path)
    ? [path.replace(/js(x?)$/, 'ts$1'), path.replace(/jsx?$/, 'tsx')]
    : [];
  const index = endings.slice(1).map((ending) => join(path, `index${ending}`));
  const found = [...named, ...typed, ...index].find((each) => existsSync(each) && statSync(each).isFile());
  return found && realpathSync(found);
}

type Alias = (source: string) => string | undefined;

/** `paths` of the project's tsconfig.json. */
function readAliases(root: string): Alias[] {
  const { paths, baseUrl } = compilerOptions(join(root, 'tsconfig.json'));
  const base = typeof baseUrl === 'string' ? join(root, baseUrl) : root;
  return Object.entries(paths ?? {}).flatMap(([key, targets]: [string, unknown]) =>
    (Array.isArray(targets) ? targets : []).map((target) => aliasOf(key, join(base, String(target)))),
  );
}

function aliasOf(key: string, target: string): Alias {
  const [before = '', after] = key.split('*');
  return (source) => {
    if (after === undefined) return source === key ? target : undefined;
    if (!source.startsWith(before) || !source.endsWith(after)) return undefined;
    return target.replace('*', source.slice(before.length, source.length - after.length));
  };
}
