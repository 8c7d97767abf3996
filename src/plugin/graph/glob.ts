import { readdirSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** Files that match the patterns of an `import.meta.glob`, as [key that the program sees, path], sorted. */
export function matchGlob(root: string, importer: string, patterns: readonly string[]): [string, string][] {
  const folder = dirname(importer);
  const wanted = patterns
    .filter((pattern) => !pattern.startsWith('!'))
    .map((each) => absolutePattern(root, folder, each));
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((each) => patternToRegExp(absolutePattern(root, folder, each.slice(1))));
  const found = new Set<string>();
  for (const pattern of wanted) {
    const matches = patternToRegExp(pattern);
    for (const path of filesBelow(staticFolder(pattern))) {
      if (
        path !== importer &&
        matches.test(slashes(path)) &&
        !unwanted.some((each) => each.test(slashes(path)))
      ) {
        found.add(path);
      }
    }
  }
  const isRooted = patterns.every((pattern) => pattern.startsWith('/'));
  return [...found]
    .sort()
    .map((path) => [isRooted ? `/${slashes(relative(root, path))}` : keyFrom(folder, path), path]);
}

function keyFrom(folder: string, path: string): string {
  const key = slashes(relative(folder, path));
  return key.startsWith('.') ? key : `./${key}`;
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

function absolutePattern(root: string, folder: string, pattern: string): string {
  return pattern.startsWith('/') ? posix.join(slashes(root), pattern) : posix.join(slashes(folder), pattern);
}

/** The part of a pattern before its first wildcard. */
function staticFolder(pattern: string): string {
  const parts = pattern.split('/');
  const at = parts.findIndex((part) => /[*?{[(]/.test(part));
  return parts.slice(0, at === -1 ? -1 : at).join('/') || '/';
}

function* filesBelow(folder: string): Generator<string> {
  let entries: ReturnType<typeof listFolder>;
  try {
    entries = listFolder(folder);
  } catch {
    return; // a folder that does not exist holds no files
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

function listFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** `**` crosses folders, `*` and `?` do not, `{a,b}` is a choice. */
export function patternToRegExp(pattern: string): RegExp {
  let depth = 0;
  const body = pattern.replace(/\*\*\/|\*\*|[*?{},]|[\\^$+.()|[\]]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token === '{') depth++;
    if (token === '}') depth--;
    if (token === '{') return '(?:';
    if (token === '}') return ')';
    if (token === ',') return depth > 0 ? '|' : ',';
    return `\\${token}`;
  });
  return new RegExp(`^${body}$`);
}
