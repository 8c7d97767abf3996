import type { CallTraits } from '../summary/call-traits.ts';
import { withoutGlobalObject } from '../summary/global-notes.ts';
import type { Item, ModuleSummary, Note, Site, Slot, Unit } from '../summary/module-summary.ts';
import { Effects } from './effects.ts';
import { isMemory } from './is-memory.ts';
import { NodeList, type WalkedNode } from './node-list.ts';
import { type EntryUses, ReachedState } from './reached-state.ts';
import { notesOfState } from './state-notes.ts';
import { type Target, Targets } from './targets.ts';
import type { Request, World } from './world.ts';

export type { WalkedNode } from './node-list.ts';

/** A finding and the file it lies in. */
export interface PlacedNote extends Note {
  readonly path: string;
}

/** What a memoised function reaches, and the digest of it. */
export interface WalkResult {
  readonly fingerprint: string;
  /** Made on demand: only manifests need it. */
  readonly nodes: () => readonly WalkedNode[];
  readonly files: ReadonlySet<string>;
  readonly notes: readonly PlacedNote[];
  /** Cells of the code registry whose values at the call must enter the key; `!` marks one that cannot be read. */
  readonly state: readonly string[];
  readonly params: readonly string[];
  readonly call: CallTraits;
}

export type WalkOutcome = { readonly result: WalkResult } | { readonly missing: readonly Request[] };

/**
 * Walks from one memoised function over everything that it statically reaches. Nodes wait in a queue, so that no depth
 * of code is too deep. Where the world has no answer yet the walk gives its questions; once they are answered it goes on
 * from where it asked. Only a walk that never asked has a result: the order of answers is no part of a fingerprint.
 */
export class Walk {
  readonly targets: Targets;
  readonly #pending: (() => void)[] = [];
  readonly #unanswered: (() => void)[] = [];
  #hasAsked = false;
  readonly nodes = new NodeList();
  readonly globals = new Set<string>();
  readonly #path: string;
  readonly #site: Site;
  readonly #effects: Effects;
  readonly #packages = new Set<string>();
  readonly #items = new Map<string, { readonly path: string; readonly index: number }>();
  readonly #notes = new Map<string, PlacedNote>();

  constructor(world: World, path: string, site: Site) {
    this.targets = new Targets(world);
    this.#path = path;
    this.#site = site;
    this.#effects = new Effects(this.targets, {
      isReached: (target) => this.nodes.isReached(target),
      readsGlobal: (name) => this.globals.has(name),
      reachesPackage: (label) => this.#packages.has(label.split('/')[0] ?? label),
      itemEdge: (file, index) => this.#settled(this.#itemEdge(file, index)),
      runEdge: (file) => this.#settled(this.#runEdge(file)),
      inputEdge: (target, file) => this.#inputEdge(target, file, 0),
    });
    const label = `${world.label(path)}#${site.label}`;
    this.#open('site', label, () => {
      this.#effects.reach(path);
      const parts = this.#unitParts(path, site);
      if (site.target) parts.push(this.#slotEdge(path, site.target, site));
      return parts;
    });
  }

  /** Goes as far as the world's answers lead. */
  run(): WalkOutcome {
    this.targets.missing.clear();
    this.#pending.push(...this.#unanswered.splice(0));
    this.#drain();
    const effects = this.targets.missing.size === 0 ? this.#effects.settle() : [];
    const state = this.targets.missing.size === 0 ? this.#findState() : [];
    if (this.targets.missing.size > 0 || this.#hasAsked) {
      this.#hasAsked = true;
      return { missing: [...this.targets.missing.values()] };
    }
    return { result: this.#result([...effects, this.targets.world.salt], state) };
  }

  #result(effects: readonly string[], state: readonly string[]): WalkResult {
    return {
      fingerprint: this.nodes.digest(effects),
      nodes: () => this.nodes.list(),
      files: this.targets.files,
      notes: [...this.#notes.values()],
      state,
      params: this.#site.params ?? this.#targetItem()?.params ?? [],
      call: this.#site.call ?? this.#targetItem()?.call ?? { usesThis: false, countsArguments: false },
    };
  }

  /** Numbers a node; its line is written when its turn comes. */
  #open(key: string, label: string, parts: () => readonly string[]): string {
    const number = this.nodes.open(key, label);
    const work = (): void => {
      const before = this.targets.askCount;
      this.nodes.close(number, parts());
      if (this.targets.askCount > before) this.#unanswered.push(work);
    };
    this.#pending.push(work);
    return `#${number}`;
  }

  #drain(): void {
    for (let next = 0; next < this.#pending.length; next++) this.#pending[next]?.();
    this.#pending.length = 0;
  }

  /** An edge, once everything behind it has been walked; for callers outside of the queue. */
  #settled(edge: string): string {
    this.#drain();
    return edge;
  }

  #targetItem(): Item | undefined {
    const target = this.#site.target && this.targets.ofSlot(this.#path, this.#site.target);
    return target?.kind === 'item' ? this.#effects.load.itemOf(target) : undefined;
  }

  #note(path: string, note: Note): void {
    this.#notes.set(`${path} ${note.code} ${note.start} ${note.message}`, { ...note, path });
  }

  /** A unit's skeleton, and in the order of its slots what fills them. */
  #unitParts(path: string, unit: Unit): string[] {
    for (const note of unit.notes) this.#note(path, note);
    const parts = [unit.skeleton];
    for (const slot of unit.slots) parts.push(this.#slotEdge(path, slot, unit));
    for (const chain of unit.globals) this.#addGlobal(chain, parts);
    return parts;
  }

  #addGlobal(chain: string, parts: string[]): void {
    const name = withoutGlobalObject(chain);
    for (let end = name.indexOf('.'); end !== -1; end = name.indexOf('.', end + 1))
      this.globals.add(name.slice(0, end));
    this.globals.add(name);
    for (const [key, value] of this.targets.world.constants) {
      const isPart = name === key || name.startsWith(`${key}.`) || key.startsWith(`${name}.`);
      if (isPart) parts.push(this.nodes.input(`constant ${key}`, value));
    }
  }

  #slotEdge(path: string, slot: Slot, unit: Unit): string {
    switch (slot.kind) {
      case 'local':
      case 'import':
        return this.#edge(this.targets.ofSlot(path, slot), path, unit);
      case 'url':
        return this.#urlEdge(path, slot.source, unit);
      case 'glob':
        return this.#globEdge(path, slot, unit);
      case 'memo': {
        const isOurs = isMemory(this.targets, path, slot.memo.callee);
        const inside = isOurs ? slot.memo.identity : slot.memo.callAndOptions;
        return `${isOurs ? 'memo' : 'call'}(${this.#unitParts(path, inside).join(' ')})`;
      }
      case 'new':
        return 'new';
    }
  }

  #edge(target: Target, path: string, unit: Unit): string {
    switch (target.kind) {
      case 'item':
        return this.#symbolEdge(target);
      case 'namespace':
        return this.#namespaceEdge(target.path);
      case 'run':
        return `${this.#runEdge(target.path)} ${target.name}`;
      case 'input':
        return this.#inputEdge(
          target,
          path,
          'start' in unit && typeof unit.start === 'number' ? unit.start : 0,
        );
      case 'library':
        return `library ${target.name}`;
      case 'absent':
        return 'absent';
      case 'unknown':
        return '?';
    }
  }

  #inputEdge(target: Extract<Target, { kind: 'input' }>, path: string, at: number): string {
    const message = `${target.opaque}; what it does is not part of the fingerprint`;
    if (target.opaque !== undefined) this.#note(path, { code: 'FP007', message, start: at, end: at });
    if (target.label.startsWith('package ')) this.#packages.add(target.label.split('/')[0] ?? target.label);
    return this.nodes.input(target.label, target.digest);
  }

  #symbolEdge(target: Extract<Target, { kind: 'item' }>): string {
    const edge = this.#itemEdge(target.path, target.index);
    const item = this.targets.summary(target.path)?.items[target.index];
    if (!item) return '?';
    return item.names.length > 1 ? `${edge}.${item.names.indexOf(target.name)}` : edge;
  }

  #entryUses(): EntryUses {
    const { start, end, slots, uses, usesAround, target } = this.#site;
    const items = this.targets.summary(this.#path)?.items ?? [];
    return {
      path: this.#path,
      index: items.findIndex((item) => item.start <= start && end <= item.end),
      uses: this.#effects.load.resolve(this.#path, uses),
      around: this.#effects.load.resolve(this.#path, usesAround),
      slots: [...slots, ...(target ? [target] : [])].map((slot) => this.targets.ofSlot(this.#path, slot)),
    };
  }

  /** Says what the function reads that may change at run time, and names the cells of what can be read. */
  #findState(): string[] {
    const found = new ReachedState(this.targets, this.#effects.load, this.#items).find(this.#entryUses());
    return found.flatMap((finding) => {
      const item = this.#effects.load.itemOf(finding);
      if (!item) return [];
      const names = finding.names.filter((name) => item.names.includes(name));
      for (const note of notesOfState(finding, item)) this.#note(finding.path, note);
      const mark = finding.counts === 'hidden' ? '!' : '';
      return finding.counts === 'own'
        ? []
        : names.map((name) => `${mark}${this.targets.world.label(finding.path)}#${name}`);
    });
  }

  #itemEdge(path: string, index: number): string {
    const known = this.nodes.edgeOf(`${path}#${index}`);
    if (known) return known;
    const summary = this.targets.summary(path);
    const item = summary?.items[index];
    if (!summary || !item) return '?';
    this.#items.set(`${path}#${index}`, { path, index });
    return this.#open(`${path}#${index}`, this.#itemLabel(path, summary, index), () => {
      this.#effects.reach(path);
      const parts = this.#unitParts(path, item);
      for (const writer of item.writers) parts.push(`writer ${this.#itemEdge(path, writer)}`);
      return parts;
    });
  }

  #itemLabel(path: string, summary: ModuleSummary, index: number): string {
    const name = summary.items[index]?.names[0];
    const statement = summary.items.slice(0, index).filter((item) => item.names.length === 0).length + 1;
    return `${this.targets.world.label(path)}#${name ?? `(statement ${statement})`}`;
  }

  #namespaceEdge(path: string): string {
    const known = this.nodes.edgeOf(`namespace ${path}`);
    if (known) return known;
    return this.#open(`namespace ${path}`, `${this.targets.world.label(path)}#*`, () => {
      this.#effects.reach(path);
      const unit: Unit = { skeleton: 'namespace', slots: [], globals: [], notes: [] };
      const parts = this.targets.exportedNames(path).map((name) => {
        return `${JSON.stringify(name)} ${this.#edge(this.targets.ofExport(path, name), path, unit)}`;
      });
      const packages = (this.targets.summary(path)?.stars ?? []).map((source) =>
        this.#starOfPackage(path, source, unit),
      );
      return [...parts, ...packages];
    });
  }

  #starOfPackage(path: string, source: string, unit: Unit): string {
    const resolution = this.targets.resolve(path, source);
    if (!resolution || resolution.kind === 'module') return '';
    return this.#edge(this.targets.ofResolution(resolution, source, '*'), path, unit);
  }

  /** A module that is run: all its statements and what they reach. */
  #runEdge(path: string): string {
    const known = this.nodes.edgeOf(`run ${path}`);
    if (known) return known;
    const summary = this.targets.summary(path);
    if (!summary) return '?';
    return this.#open(`run ${path}`, `${this.targets.world.label(path)}#(run)`, () => {
      this.#effects.reach(path);
      if (summary.error !== undefined) {
        const message = `${this.targets.world.label(path)} cannot be parsed (${summary.error}); its text counts as a whole`;
        this.#note(path, { code: 'FP007', message, start: 0, end: 0 });
      }
      return summary.items.flatMap((item, index) =>
        item.isEager || summary.isCommonJs ? [this.#itemEdge(path, index)] : [],
      );
    });
  }

  #urlEdge(path: string, source: string, unit: Unit): string {
    const isRelative = /^[^/]*:/.test(source) || source.startsWith('/') || source.startsWith('.');
    const resolution = this.targets.resolve(path, isRelative ? source : `./${source}`);
    if (!resolution) return '?';
    if (resolution.kind === 'module') return `url ${this.#runEdge(resolution.path)}`;
    return `url ${this.#edge(this.targets.ofResolution(resolution, source, '*'), path, unit)}`;
  }

  #globEdge(path: string, slot: Extract<Slot, { kind: 'glob' }>, unit: Unit): string {
    const files = this.targets.world.glob(path, slot.patterns);
    if (!files) {
      this.targets.ask({ kind: 'glob', importer: path, patterns: slot.patterns });
      return '?';
    }
    const query = /(?:query|as):['"]\??([\w-]+)/.exec(slot.options)?.[1];
    const name = /import:['"]([^'"]+)/.exec(slot.options)?.[1] ?? '*';
    const edges = files.map(([key, file]) => {
      const source = query === undefined ? file : `${file}?${query}`;
      return `${JSON.stringify(key)} ${this.#edge(this.targets.ofImport(path, source, name), path, unit)}`;
    });
    return `glob(${slot.options} ${edges.join(' ')})`;
  }
}
