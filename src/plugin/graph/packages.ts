import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { digestText } from '../summary/digest-text.ts';

/** An installed package: its folder and what its package.json says. */
export interface InstalledPackage {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  /** The field `imports`. */
  readonly imports: Readonly<Record<string, unknown>>;
}

/** Installed packages and the digest of each one's dependency closure, as found on disk. */
export class Packages {
  readonly #root: string;
  readonly #byFolder = new Map<string, InstalledPackage | undefined>();
  readonly #tokens = new Map<string, string>();
  #patches: ReadonlyMap<string, string> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Forgets everything; called when a package.json or a lock file changed. */
  forget(): void {
    this.#byFolder.clear();
    this.#tokens.clear();
    this.#patches = undefined;
  }

  /** The package that a file inside node_modules belongs to. */
  ofFile(path: string): InstalledPackage | undefined {
    const marker = `${sep}node_modules${sep}`;
    const at = path.lastIndexOf(marker);
    if (at === -1) return undefined;
    const [first = '', second = ''] = path.slice(at + marker.length).split(sep);
    return this.inFolder(
      join(path.slice(0, at + marker.length), first.startsWith('@') ? join(first, second) : first),
    );
  }

  /** The nearest package whose package.json has a name, upwards from a file. */
  nearest(path: string): InstalledPackage | undefined {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const found = this.inFolder(folder);
      if (found && found.name !== '') return found;
      if (folder === dirname(folder)) return undefined;
    }
  }

  /** The package that a bare name means for code in a folder. */
  findFrom(folder: string, name: string): InstalledPackage | undefined {
    for (let current = folder; ; current = dirname(current)) {
      const found = this.inFolder(join(current, 'node_modules', name));
      if (found) return found;
      if (current === dirname(current)) return undefined;
    }
  }

  /** What `#ops/*.ts` stands for by the field `imports` of the nearest package.json. */
  subpathImport(importer: string, source: string): string | undefined {
    for (let folder = dirname(importer); ; folder = dirname(folder)) {
      const found = this.inFolder(folder);
      if (found) return subpathTarget(found, source);
      if (folder === dirname(folder)) return undefined;
    }
  }

  inFolder(folder: string): InstalledPackage | undefined {
    if (!this.#byFolder.has(folder)) this.#byFolder.set(folder, readPackage(folder));
    return this.#byFolder.get(folder);
  }

  /** `name@version` and a digest of all packages that it depends on, as they are installed. */
  token(start: InstalledPackage): string {
    const known = this.#tokens.get(start.folder);
    if (known !== undefined) return known;
    const closure = new Map<string, InstalledPackage>();
    const pending = [start];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (closure.has(next.folder)) continue;
      closure.set(next.folder, next);
      for (const name of next.dependencies) {
        const dependency = this.findFrom(next.folder, name);
        if (dependency) pending.push(dependency);
      }
    }
    const lines = [...closure.values()].map(
      (each) => `${each.name}@${each.version}${this.#patchOf(each.name)}`,
    );
    const token = `${start.name}@${start.version} ${digestText([...new Set(lines)].sort().join('\n'))}`;
    this.#tokens.set(start.folder, token);
    return token;
  }

  /** Digest of the patch files that patch-package or pnpm apply to a package. */
  #patchOf(name: string): string {
    this.#patches ??= readPatches(join(this.#root, 'patches'));
    const prefixes = [
      `${name.replaceAll('/', '+')}+`,
      `${name.replaceAll('/', '__')}@`,
      `${name.replaceAll('/', '__')}.`,
    ];
    const own = [...this.#patches].filter(([file]) => prefixes.some((prefix) => file.startsWith(prefix)));
    return own.map(([file, digest]) => ` ${file} ${digest}`).join('');
  }
}

function readPatches(folder: string): ReadonlyMap<string, string> {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.patch'));
    return new Map(files.sort().map((file) => [file, digestText(readFileSync(join(folder, file)))]));
  } catch {
    return new Map(); // most projects patch nothing
  }
}

function readPackage(folder: string): InstalledPackage | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null) return undefined;
  const fields = content as Record<string, unknown>; // each field is checked below
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  // Optional dependencies are builds for single platforms: a laptop and a build machine would differ.
  const optional = new Set(keysOf(fields.optionalDependencies));
  const dependencies = [...keysOf(fields.dependencies), ...keysOf(fields.peerDependencies)];
  return {
    folder,
    name: text('name'),
    version: text('version'),
    dependencies: dependencies.filter((name) => !optional.has(name)),
    imports: isRecord(fields.imports) ? fields.imports : {},
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The longest key with or without a star that fits, with what the star stands for put into its target. */
function subpathTarget({ folder, imports }: InstalledPackage, source: string): string | undefined {
  const keys = Object.keys(imports).sort((left, right) => right.length - left.length);
  for (const key of keys) {
    const [before = '', after] = key.split('*');
    const fits = after === undefined ? key === source : source.startsWith(before) && source.endsWith(after);
    const target = fits ? firstText(imports[key]) : undefined;
    if (target === undefined) continue;
    const star = source.slice(before.length, source.length - (after ?? '').length);
    return target.startsWith('.') ? join(folder, target.replaceAll('*', star)) : undefined;
  }
  return undefined;
}

/** The target of the first condition that a browser's bundle meets. */
function firstText(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const isMet = /^(?:\d+|browser|import|module|default)$/.test(condition);
    const text = isMet ? firstText(inner) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
