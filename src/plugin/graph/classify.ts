import { existsSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import type { Resolution } from '../walk/world.ts';
import type { InstalledPackage, Packages } from './packages.ts';

export const LIBRARY = 'keepsake';

/** How code in packages counts: by installed version, or walked into like the project's own. */
export type PackageMode = 'version' | 'content';

export interface ClassifyOptions {
  readonly packages: Packages;
  readonly packageMode: (name: string) => PackageMode;
}

const code = /\.[cm]?[jt]sx?$/;
const style = /\.(?:css|scss|sass|less|styl|stylus|pcss|postcss)$/;
const asset =
  /\.(?:wasm|png|jpe?g|gif|svg|webp|avif|ico|bmp|mp[34]|webm|ogg|wav|flac|aac|m4a|woff2?|ttf|otf|eot|txt|bin|dat|csv|tsv|xml|pdf|npy|npz|onnx|safetensors|gz|zip|parquet|arrow|ply|glb|gltf|hdr|exr|ktx2?)$/;

/** Splits `./file.glsl?raw` into the file and its query. */
export function splitQuery(source: string): { file: string; query: string } {
  const at = source.search(/[?#]/);
  return at <= 0 ? { file: source, query: '' } : { file: source.slice(0, at), query: source.slice(at) };
}

/** Says what a resolved import is. `resolved` is the bundler's answer, undefined where it has none. */
export function classify(
  resolved: string | undefined,
  specifier: { readonly source: string; readonly importer: string },
  options: ClassifyOptions,
): Resolution {
  const { source, importer } = specifier;
  const { file, query } = splitQuery(source);
  // Also before it was written for the first time.
  if (source === LIBRARY || isVersionsFile(file)) return { kind: 'library' };
  if (/^(?:https?:)?\/\//.test(resolved ?? source))
    return { kind: 'opaque', reason: 'is loaded from the network' };
  if (isBuiltin(source)) return { kind: 'package', name: source, token: source, subpath: '', files: [] };
  if (resolved === undefined || !isAbsolute(resolved) || resolved.startsWith('\0')) {
    return classifyUnresolved(resolved, { source: file, importer }, options);
  }
  const path = realPath(splitQuery(resolved).file);
  if (path === undefined) return { kind: 'opaque', reason: 'is made by another plugin' };
  const owner = options.packages.ofFile(path);
  if (owner?.name === LIBRARY || (!owner && isLibrarySource(path, options.packages)))
    return { kind: 'library' };
  if (owner && options.packageMode(owner.name) === 'version') {
    return packageOf(owner, subpathOf(file, path, owner), options);
  }
  return classifyFile(path, query);
}

/** What `keepsake fingerprint` writes says what code is, and is no part of it. */
export function isVersionsFile(path: string): boolean {
  return /^memo-versions(?:\.[jt]s)?$/.test(basename(path));
}

function realPath(path: string): string | undefined {
  try {
    return existsSync(path) ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** In the library's own repository its sources are the library; demos and tests beside them are users of it. */
export function isLibrarySource(path: string, packages: Packages): boolean {
  const nearest = packages.nearest(path);
  if (nearest?.name !== LIBRARY) return false;
  const inside = relative(nearest.folder, path);
  return (inside.startsWith(`src${sep}`) || inside.startsWith(`dist${sep}`)) && !/\.test\./.test(inside);
}

/** A bundler that leaves a package external gives no path; the package is then looked up as Node does. */
function classifyUnresolved(
  resolved: string | undefined,
  { source, importer }: { readonly source: string; readonly importer: string },
  { packages }: ClassifyOptions,
): Resolution {
  const name = /^(?:@[^/]+\/)?[^./\0@][^/]*/.exec(source)?.[0];
  const found =
    name === undefined || name.includes(':') ? undefined : packages.findFrom(dirname(importer), name);
  if (!found)
    return { kind: 'opaque', reason: resolved === undefined ? 'cannot be resolved' : 'is a virtual module' };
  if (found.name === LIBRARY) return { kind: 'library' };
  return packageOf(found, subpathOf(source, undefined, found), { packages });
}

function packageOf(
  owner: InstalledPackage,
  subpath: string,
  { packages }: Pick<ClassifyOptions, 'packages'>,
): Resolution {
  const { text, files } = packages.token(owner);
  return { kind: 'package', name: owner.name, token: text, subpath, files };
}

/** The part of a package that is imported: what the specifier says, or the file where an alias leads into it. */
function subpathOf(
  source: string,
  path: string | undefined,
  owner: { folder: string; name: string },
): string {
  if (source === owner.name) return '';
  if (source.startsWith(`${owner.name}/`)) return source.slice(owner.name.length + 1);
  return path === undefined
    ? source
    : relative(realPath(owner.folder) ?? owner.folder, path)
        .split(sep)
        .join('/');
}

function classifyFile(path: string, query: string): Resolution {
  if (/[?&](?:worker|sharedworker)\b/.test(query)) return { kind: 'executed', path };
  if (/[?&](?:raw|url|inline|no-inline|init)\b/.test(query))
    return { kind: 'bytes', path, query, isStyle: false };
  if (code.test(path)) return { kind: 'module', path };
  if (extname(path) === '.json') return { kind: 'json', path };
  if (style.test(path)) return { kind: 'bytes', path, query, isStyle: true };
  if (asset.test(path)) return { kind: 'bytes', path, query, isStyle: false };
  return { kind: 'opaque', reason: `is a ${extname(path) || 'nameless'} file, counted by its bytes`, path };
}

/** Whether a path holds code that the plugin can read. */
export function isCode(path: string): boolean {
  return code.test(path);
}

/** The folder for the disk cache: beside the nearest node_modules, upwards from the project. */
export function cacheFolder(root: string): string {
  for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache', LIBRARY);
  }
  return join(root, 'node_modules', '.cache', LIBRARY);
}
