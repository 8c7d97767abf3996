import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import { summariseAtAnyDepth } from './graph/any-depth.ts';
import { isCode, isVersionsFile } from './graph/classify.ts';
import { Packages } from './graph/packages.ts';
import { plainResolver } from './graph/plain-resolver.ts';
import { PluginSession } from './plugin-session.ts';
import type { ModuleSummary } from './summary/module-summary.ts';

export interface FingerprintTask {
  /** Folder that ids are relative to. */
  readonly root: string;
  readonly entries: readonly string[];
  /** Folder for the manifest and the module of versions. */
  readonly out: string;
}

export interface FingerprintOutcome {
  readonly written: readonly string[];
  /** Findings, and functions that have no version because it would not say all. */
  readonly messages: readonly string[];
  readonly count: number;
}

/** Analyses a program without a bundler, and writes its manifest and a module with a version for each cached function. */
export async function fingerprintEntry({
  root: folder,
  entries,
  out,
}: FingerprintTask): Promise<FingerprintOutcome> {
  const root = realpathSync(folder);
  const resolver = plainResolver(root, new Packages(root));
  const session = new PluginSession({});
  session.configure({ root });
  const messages: string[] = [];
  const pending = new Set(entries.map((entry) => realpathSync(resolve(root, entry))));
  // A set that grows while it is iterated also yields what was added.
  for (const path of pending) {
    const source = readFileSync(path, 'utf8');
    const { diagnostics } = await session.transform(source, path, resolver);
    messages.push(...diagnostics.map(({ text }) => text));
    for (const specifier of sourcesOf(summariseAtAnyDepth(path, source))) {
      const found = await resolver.resolve(specifier, path);
      if (found !== undefined && isOwnCode(found)) pending.add(found);
    }
  }
  session.save();
  const { versions, without } = session.versions();
  messages.push(...without);
  const target = resolve(root, out);
  mkdirSync(target, { recursive: true });
  const isTyped = entries.some((entry) => /\.[cm]?tsx?$/.test(extname(entry)));
  const files: [string, string][] = [
    ['memo-manifest.json', `${JSON.stringify(session.manifest())}\n`],
    [`memo-versions.${isTyped ? 'ts' : 'js'}`, versionsModule(versions, isTyped)],
  ];
  for (const [name, content] of files) writeIfChanged(join(target, name), content);
  const written = files.map(([name]) => relative(root, join(target, name)).split(sep).join('/'));
  return { written, messages, count: Object.keys(versions).length };
}

function isOwnCode(path: string): boolean {
  return isCode(path) && !isVersionsFile(path) && !path.includes(`${sep}node_modules${sep}`);
}

/** Every module that a module names, in whatever way. */
function sourcesOf(summary: ModuleSummary): Set<string> {
  const sources = new Set([...summary.stars, ...summary.bareImports]);
  for (const { source } of Object.values(summary.imports)) sources.add(source);
  for (const each of Object.values(summary.exports)) if (each.kind === 'import') sources.add(each.source);
  for (const slot of [...summary.items, ...summary.sites].flatMap((each) => each.slots))
    if (slot.kind === 'import' || slot.kind === 'url') sources.add(slot.source);
  return sources;
}

function versionsModule(versions: Readonly<Record<string, string>>, isTyped: boolean): string {
  const content = JSON.stringify(versions, null, 2);
  return `// Written by "keepsake fingerprint". Run it before each build.
export const versions = ${content}${isTyped ? ' as const' : ''};
`;
}

/** A file that says what it said stays untouched, so that no bundler builds anew for nothing. */
function writeIfChanged(path: string, content: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== content) writeFileSync(path, content);
}
