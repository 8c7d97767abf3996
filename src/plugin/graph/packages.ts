import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { digestText } from '../summary/digest-text.ts';

/** An installed package: its folder and what its package.json says. */
export interface InstalledPackage {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  /** The field `imports`. */
  readonly imports: Readonly<Record<string, unknown>>;
  readonly exports: unknown;
  readonly main: string;
}

/** What stands for an installed package, and the files that say so. */
export interface PackageToken {
  readonly text: string;
  readonly files: readonly string[];
}

/** Installed packages and the digest of each one's dependency closure, as found on disk. */
export class Packages {
  readonly #root: string;
  readonly #byFolder = new Map<string, InstalledPackage | undefined>();
  readonly #tokens = new Map<string, PackageToken>();
  #patches: readonly Patch[] | undefined;

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
      if (found) return matchSubpath(found.folder, found.imports, source);
      if (folder === dirname(folder)) return undefined;
    }
  }

  /** The file that a package, or a path inside of it, stands for by its fields `exports` and `main`. */
  entryOf({ folder, exports, main }: InstalledPackage, subpath: string): string | undefined {
    const inside = subpath === '' ? '.' : `./${subpath}`;
    if (exports === undefined) return join(folder, subpath === '' ? main : subpath);
    const isTable = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
    return matchSubpath(folder, isTable ? exports : { '.': exports }, inside);
  }

  inFolder(folder: string): InstalledPackage | undefined {
    if (!this.#byFolder.has(folder)) this.#byFolder.set(folder, readPackage(folder));
    return this.#byFolder.get(folder);
  }

  /** `name@version` and a digest of all packages that it depends on, as they are installed. */
  token(start: InstalledPackage): PackageToken {
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
    const installed = [...closure.values()].map((each) => ({ each, patches: this.#patchesOf(each.name) }));
    const lines = installed.map(
      ({ each, patches }) =>
        `${each.name}@${each.version}${patches.map(({ path, digest }) => ` ${basename(path)} ${digest}`).join('')}`,
    );
    const token = {
      text: `${start.name}@${start.version} ${digestText([...new Set(lines)].sort().join('\n'))}`,
      files: installed.flatMap(({ each, patches }) => [
        join(each.folder, 'package.json'),
        ...patches.map(({ path }) => path),
      ]),
    };
    this.#tokens.set(start.folder, token);
    return token;
  }

  /** The patch files that patch-package, pnpm, yarn or bun apply to a package; one too many is no harm. */
  #patchesOf(name: string): Patch[] {
    this.#patches ??= readPatches(this.#root);
    const forms = [name.replaceAll('/', '+'), name.replaceAll('/', '__'), name.replaceAll('/', '-')];
    return this.#patches.filter((patch) => {
      const file = basename(patch.path);
      return forms.some((form) => file.startsWith(form) && /^[+@.-]/.test(file.slice(form.length)));
    });
  }

  /** All patches of the project, whatever they are for. */
  patchDigest(): string {
    return digestText(
      readPatches(this.#root)
        .map(({ path, digest }) => `${basename(path)} ${digest}`)
        .join('\n'),
    );
  }
}

interface Patch {
  readonly path: string;
  readonly digest: string;
}

/** A workspace keeps its patches beside its lock file, which may lie above the bundler's root. */
function readPatches(root: string): Patch[] {
  const found: Patch[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    for (const each of ['patches', join('.yarn', 'patches')]) found.push(...patchesIn(join(folder, each)));
    if (folder === dirname(folder)) return found;
  }
}

function patchesIn(folder: string): Patch[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(?:patch|diff)$/.test(file),
    );
    return files
      .sort()
      .map((file) => ({ path: join(folder, file), digest: digestText(readFileSync(join(folder, file))) }));
  } catch {
    return []; // most projects patch nothing
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
    exports: fields.exports,
    main: text('module') || text('main') || 'index.js',
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The longest key with or without a star that fits, with what the star stands for put into its target. */
function matchSubpath(
  folder: string,
  table: Readonly<Record<string, unknown>>,
  source: string,
): string | undefined {
  const keys = Object.keys(table).sort((left, right) => right.length - left.length);
  for (const key of keys) {
    const [before = '', after] = key.split('*');
    const fits = after === undefined ? key === source : source.startsWith(before) && source.endsWith(after);
    const target = fits ? firstText(table[key]) : undefined;
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
