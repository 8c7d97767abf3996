import { digestText } from '../summary/digest-text.ts';
import type { ModuleSummary, Slot } from '../summary/module-summary.ts';
import { type FileFacts, ownEntry, type Request, type Resolution, type World } from './world.ts';

/** What a reference leads to once imports, re-exports and barrels have been followed. */
export type Target =
  | { readonly kind: 'item'; readonly path: string; readonly index: number; readonly name: string }
  | { readonly kind: 'namespace'; readonly path: string }
  | { readonly kind: 'run'; readonly path: string; readonly name: string }
  /** Something without code to walk: its text enters the fingerprint, its label and digest the manifest. */
  | { readonly kind: 'input'; readonly label: string; readonly digest: string; readonly opaque?: string }
  | { readonly kind: 'library'; readonly name: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

const unknown: Target = { kind: 'unknown' };

/** Follows references through a world, and keeps what it had to ask for and which files it read. */
export class Targets {
  readonly world: World;
  readonly files = new Set<string>();
  readonly missing = new Map<string, Request>();

  constructor(world: World) {
    this.world = world;
  }

  ask(request: Request): void {
    this.missing.set(JSON.stringify(request), request);
  }

  file(path: string): FileFacts | undefined {
    this.files.add(path);
    const facts = this.world.file(path);
    if (!facts) this.ask({ kind: 'file', path });
    return facts;
  }

  summary(path: string): ModuleSummary | undefined {
    return this.file(path)?.summary;
  }

  resolve(importer: string, source: string): Resolution | undefined {
    const resolution = this.world.resolve(importer, source);
    if (!resolution) this.ask({ kind: 'resolve', importer, source });
    return resolution;
  }

  /** The target of a local or import slot. */
  ofSlot(path: string, slot: Slot): Target {
    if (slot.kind === 'local') return this.ofSymbol(path, slot.name);
    if (slot.kind === 'import') return this.ofImport(path, slot.source, slot.name);
    return { kind: 'absent' };
  }

  ofSymbol(path: string, name: string): Target {
    const summary = this.summary(path);
    if (!summary) return unknown;
    const index = ownEntry(summary.symbols, name)?.[0];
    if (index !== undefined) return { kind: 'item', path, index, name };
    const imported = ownEntry(summary.imports, name);
    return imported ? this.ofImport(path, imported.source, imported.name) : { kind: 'absent' };
  }

  ofImport(importer: string, source: string, name: string, seen: Set<string> = new Set()): Target {
    const resolution = this.resolve(importer, source);
    if (!resolution) return unknown;
    return this.ofResolution(resolution, source, name, seen);
  }

  ofResolution(resolution: Resolution, source: string, name: string, seen: Set<string> = new Set()): Target {
    switch (resolution.kind) {
      case 'module':
        return this.ofExport(resolution.path, name, seen);
      case 'executed':
        return { kind: 'run', path: resolution.path, name: '' };
      case 'json':
        return this.#ofJson(resolution.path, name);
      case 'bytes':
        return this.#ofBytes(resolution.path, 'asset', resolution.query);
      case 'package': {
        const { name: packageName, token, subpath } = resolution;
        const digest = `${token} ${subpath} ${name}`;
        return {
          kind: 'input',
          label: `package ${packageName}${subpath === '' ? '' : `/${subpath}`}`,
          digest,
        };
      }
      case 'library':
        return { kind: 'library', name };
      case 'opaque':
        return this.#ofOpaque(resolution, source);
    }
  }

  /** What a module exports under a name; `*` is the module's namespace. */
  ofExport(path: string, name: string, seen: Set<string> = new Set()): Target {
    const key = `${path} ${name}`;
    if (seen.has(key)) return { kind: 'absent' };
    seen.add(key);
    const summary = this.summary(path);
    if (!summary) return unknown;
    if (summary.isCommonJs) return { kind: 'run', path, name };
    if (name === '*') return { kind: 'namespace', path };
    const exported = ownEntry(summary.exports, name);
    if (exported?.kind === 'local') return this.ofSymbol(path, exported.name);
    if (exported) return this.ofImport(path, exported.source, exported.name, seen);
    return name === 'default' ? { kind: 'absent' } : this.#ofStars(path, summary.stars, { name, seen });
  }

  #ofStars(path: string, stars: readonly string[], wanted: { name: string; seen: Set<string> }): Target {
    let fallback: Target = { kind: 'absent' };
    for (const source of stars) {
      const target = this.ofImport(path, source, wanted.name, wanted.seen);
      if (target.kind === 'unknown') return target;
      // A package may or may not export the name; a module that surely does comes first.
      if (target.kind === 'input') fallback = target;
      else if (target.kind !== 'absent') return target;
    }
    return fallback;
  }

  #ofJson(path: string, name: string): Target {
    const facts = this.file(path);
    if (!facts) return unknown;
    const { json } = facts;
    const isWhole = name === '*' || name === 'default' || typeof json !== 'object' || json === null;
    const value = isWhole ? json : Object.entries(json).find(([key]) => key === name)?.[1];
    const label = `json ${this.world.label(path)}${isWhole ? '' : `.${name}`}`;
    return { kind: 'input', label, digest: digestText(JSON.stringify(value) ?? 'undefined') };
  }

  #ofBytes(path: string, kind: string, query = ''): Target {
    const facts = this.file(path);
    if (!facts) return unknown;
    const label = `${kind} ${this.world.label(path)}${query}`;
    return { kind: 'input', label, digest: `${facts.digest} ${query}` };
  }

  #ofOpaque(resolution: Extract<Resolution, { kind: 'opaque' }>, source: string): Target {
    const opaque = `"${source}" ${resolution.reason}`;
    const bytes = resolution.path === undefined ? undefined : this.#ofBytes(resolution.path, 'opaque');
    if (bytes?.kind === 'unknown') return bytes;
    if (bytes?.kind === 'input') return { ...bytes, opaque };
    return { kind: 'input', label: `opaque ${source}`, digest: source, opaque };
  }
}
