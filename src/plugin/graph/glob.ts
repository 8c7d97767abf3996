import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { GlobPatterns } from '../summary/module-summary.ts';
import type { GlobAnswer } from '../walk/world.ts';
import { branches, expressionOf } from './glob-pattern.ts';

export interface GlobPlace {
  readonly root: string;
  readonly importer: string;
  /** What a pattern behind an alias stands for; undefined where nobody knows. */
  readonly resolve: (pattern: string) => Promise<string | undefined>;
}

/** Files that match the patterns of an `import.meta.glob`, as Vite reads them. */
export async function matchGlob(place: GlobPlace, glob: GlobPatterns): Promise<GlobAnswer> {
  const { root, importer } = place;
  const { patterns, base, isExhaustive } = glob;
  const folder =
    base === undefined ? slashes(dirname(importer)) : await absolute(place, slashes(dirname(importer)), base);
  if (folder === undefined) return { files: [], ...(base !== undefined && { unresolved: base }) };
  const found = new Set<string>();
  const unwanted: RegExp[] = [];
  for (const pattern of patterns.filter((each) => each.startsWith('!'))) {
    const inner = pattern.slice(1);
    const path = inner.startsWith('**/') ? `/${inner}` : await absolute(place, folder, inner);
    // A pattern that cannot be read to the end excludes nothing: too many files are no harm.
    const expression = path === undefined ? undefined : expressionOf(path, 'exact');
    if (expression) unwanted.push(expression);
  }
  for (const pattern of patterns.filter((each) => !each.startsWith('!'))) {
    const path = await absolute(place, folder, pattern);
    if (path === undefined) return { files: [], unresolved: pattern };
    const matches = expressionOf(path, 'at least');
    for (const file of branches(path).flatMap((each) => [...filesBelow(staticFolder(each), isExhaustive)])) {
      const name = slashes(file);
      if (file !== importer && matches?.test(name) && !unwanted.some((each) => each.test(name)))
        found.add(file);
    }
  }
  const isRelative = base !== undefined || patterns.every((pattern) => /^[.!]/.test(pattern));
  return {
    files: [...found]
      .sort()
      .map((path) => [isRelative ? keyFrom(folder, path) : keyFromRoot(root, path), path]),
  };
}

async function absolute(place: GlobPlace, folder: string, pattern: string): Promise<string | undefined> {
  if (pattern.startsWith('/')) return posix.join(slashes(place.root), pattern);
  if (pattern.startsWith('.')) return posix.join(folder, pattern);
  if (pattern.startsWith('**')) return posix.join(slashes(place.root), pattern);
  const resolved = await place.resolve(pattern);
  return resolved === undefined ? undefined : slashes(resolved);
}

function keyFrom(folder: string, path: string): string {
  const key = slashes(relative(folder, path));
  return key.startsWith('.') ? key : `./${key}`;
}

function keyFromRoot(root: string, path: string): string {
  const key = slashes(relative(root, path));
  return key.startsWith('../') ? key : `/${key}`;
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

/** The part of a pattern before its first wildcard. */
function staticFolder(pattern: string): string {
  const parts = pattern.split('/');
  const at = parts.findIndex((part) => /[*?{[(\\]/.test(part));
  return parts.slice(0, at === -1 ? -1 : at).join('/') || '/';
}

function* filesBelow(
  folder: string,
  isExhaustive: boolean,
  seen: Set<string> = new Set(),
): Generator<string> {
  let entries: Dirent[];
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return; // a link that leads back
    seen.add(real);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return; // a folder that does not exist holds no files
  }
  for (const entry of entries) {
    if (!isExhaustive && (entry.name.startsWith('.') || entry.name === 'node_modules')) continue;
    const path = join(folder, entry.name);
    const stats = entry.isSymbolicLink() ? linked(path) : entry;
    if (stats?.isDirectory()) yield* filesBelow(path, isExhaustive, seen);
    else if (stats?.isFile()) yield path;
  }
}

function linked(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // it leads nowhere, or where nobody may look
  }
}
