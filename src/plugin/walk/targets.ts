import { digestText } from '../summary/digest-text.ts';
import type { GlobSlot, ModuleSummary, Note, Slot } from '../summary/module-summary.ts';
import {
  type FileFacts,
  type GlobAnswer,
  ownEntry,
  type Request,
  type Resolution,
  type World,
} from './world.ts';

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
const absent: Target = { kind: 'absent' };

interface ExportPlace {
  readonly path: string;
  readonly name: string;
}

/** Where a name is looked for: among what a module exports, or behind an import. */
type Place = ExportPlace | { readonly importer: string; readonly source: string; readonly name: string };

/** What was found behind a name, or how far the search came before an answer was missing. */
interface Search {
  readonly places: Place[];
  readonly seen: Set<string>;
  readonly files: Set<string>;
  found?: Target;
  fallback: Target;
}

/** A finding and the file it lies in. */
export interface PlacedNote extends Note {
  readonly path: string;
}

/** Follows references through a world, and keeps what it had to ask for and which files it read. */
export class Targets {
  readonly world: World;
  /** The files that were looked at since somebody began a new list. */
  files = new Set<string>();
  readonly missing = new Map<string, Request>();
  /** How often an answer was missing, the same one more than once included. */
  askCount = 0;
  readonly #searches = new Map<string, Search>();

  constructor(world: World) {
    this.world = world;
  }

  ask(request: Request): void {
    this.askCount++;
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

  glob(importer: string, { glob }: GlobSlot): GlobAnswer | undefined {
    const answer = this.world.glob(importer, glob);
    if (!answer) this.ask({ kind: 'glob', importer, glob });
    return answer;
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

  ofImport(importer: string, source: string, name: string): Target {
    return this.#follow({ importer, source, name });
  }

  ofResolution(resolution: Resolution, source: string, name: string): Target {
    switch (resolution.kind) {
      case 'module':
        return this.ofExport(resolution.path, name);
      case 'executed':
        return { kind: 'run', path: resolution.path, name: '' };
      case 'json':
        return this.#ofJson(resolution.path, name);
      case 'bytes':
        return this.#ofBytes(resolution.path, 'asset', resolution.query);
      case 'package': {
        const { name: packageName, token, subpath } = resolution;
        for (const file of resolution.files) this.files.add(file);
        const place = `${packageName}${subpath === '' ? '' : `/${subpath}`}`;
        return { kind: 'input', label: `package ${place}#${name}`, digest: `${token} ${subpath} ${name}` };
      }
      case 'library':
        return { kind: 'library', name };
      case 'opaque':
        return this.#ofOpaque(resolution, source);
    }
  }

  /** What a module exports under a name; `*` is the module's namespace. */
  ofExport(path: string, name: string): Target {
    return this.#follow({ path, name });
  }

  /** All names that a module exports, sorted. */
  exportedNames(path: string): string[] {
    const names = new Set<string>();
    const modules = new Set([path]);
    // A set that grows while it is iterated also yields what was added.
    for (const module of modules) {
      const summary = this.summary(module);
      for (const name of Object.keys(summary?.exports ?? {}))
        if (name !== 'default' || module === path) names.add(name);
      for (const source of summary?.stars ?? []) {
        const resolution = this.resolve(module, source);
        if (resolution?.kind === 'module') modules.add(resolution.path);
      }
    }
    return [...names].sort();
  }

  /**
   * Follows a name through imports, re-exports and stars, and goes on from where an answer was missing. A package may or
   * may not export the name: a module that surely does comes first.
   */
  #follow(start: Place): Target {
    const key = JSON.stringify(start);
    let search = this.#searches.get(key);
    if (!search) {
      search = { places: [start], seen: new Set(), files: new Set(), fallback: absent };
      this.#searches.set(key, search);
    }
    const outer = this.files;
    this.files = search.files;
    const found = search.found ?? this.#search(search);
    if (found.kind !== 'unknown') search.found = found;
    this.files = outer;
    for (const file of search.files) outer.add(file);
    return found;
  }

  #search(search: Search): Target {
    const { places, seen } = search;
    for (let place = places.pop(); place; place = places.pop()) {
      const found = this.#at(place, seen);
      if (Array.isArray(found)) places.push(...found.reverse());
      else if (found.kind === 'unknown') {
        places.push(place);
        return found;
      } else if (found.kind === 'input' && places.length > 0) search.fallback = found;
      else if (found.kind !== 'absent') return found;
    }
    return search.fallback;
  }

  /** What is at a place, or the places where to look instead. */
  #at(place: Place, seen: Set<string>): Target | Place[] {
    if ('path' in place) return this.#inModule(place, seen);
    const { importer, source, name } = place;
    const resolution = this.resolve(importer, source);
    if (!resolution) return unknown;
    return resolution.kind === 'module'
      ? this.#inModule({ path: resolution.path, name }, seen)
      : this.ofResolution(resolution, source, name);
  }

  #inModule({ path, name }: ExportPlace, seen: Set<string>): Target | Place[] {
    const key = `${path} ${name}`;
    const summary = this.summary(path);
    if (!summary) return unknown;
    if (seen.has(key)) return [];
    seen.add(key);
    if (summary.isCommonJs) return { kind: 'run', path, name };
    if (name === '*') return { kind: 'namespace', path };
    const exported = ownEntry(summary.exports, name);
    if (!exported)
      return name === 'default' ? [] : summary.stars.map((source) => ({ importer: path, source, name }));
    if (exported.kind === 'import') return [{ importer: path, ...exported }];
    const index = ownEntry(summary.symbols, exported.name)?.[0];
    if (index !== undefined) return { kind: 'item', path, index, name: exported.name };
    const imported = ownEntry(summary.imports, exported.name);
    return imported ? [{ importer: path, ...imported }] : [];
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
