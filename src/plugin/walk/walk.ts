import type { CallTraits } from '../summary/call-traits.ts';
import { digestText } from '../summary/digest-text.ts';
import { anyGlobal } from '../summary/global-notes.ts';
import { isKnownGlobal } from '../summary/known-globals.ts';
import { type Item, type Site, SUMMARY_FORMAT } from '../summary/module-summary.ts';
import type { CodeGraph, CodeNode } from './code-graph.ts';
import { DirectReach, readsGlobal } from './direct-reach.ts';
import { Effects } from './effects.ts';
import { type EntryUses, ReachedState } from './reached-state.ts';
import { notesOfState } from './state-notes.ts';
import type { PlacedNote } from './targets.ts';
import { type ItemPlace, keyOf, packageOf } from './use-graph.ts';
import type { Request } from './world.ts';

/** What a memoised function reaches, and the digest of it. */
export interface WalkResult {
  readonly fingerprint: string;
  /** The function's own node, and what evaluating the modules that it reaches does. */
  readonly roots: readonly CodeNode[];
  readonly files: ReadonlySet<string>;
  readonly notes: readonly PlacedNote[];
  /**
   * Cells of the code registry whose values at the call must enter the key. `!` marks one that cannot be read, `?` one that
   * matters where others hold functions.
   */
  readonly state: readonly string[];
  /** Whether its code alone says what it does: it reads no state that may change. */
  readonly isStateless: boolean;
  readonly params: readonly string[];
  readonly call: CallTraits;
}

export type WalkOutcome = { readonly result: WalkResult } | { readonly missing: readonly Request[] };

/**
 * Walks from one memoised function over everything that it statically reaches. Nodes wait in a queue, so that no depth
 * of code is too deep. Where the world has no answer yet the walk gives its questions, and goes on from there when it
 * is run again. Only a walk that never asked has a result: the order of answers is no part of a fingerprint.
 */
export class Walk {
  readonly #graph: CodeGraph;
  readonly #path: string;
  readonly #site: Site;
  readonly #root: CodeNode;
  /** Every node with its number, given by first visit. */
  readonly #reached = new Map<CodeNode, number>();
  readonly #pending: CodeNode[] = [];
  readonly #unanswered: CodeNode[] = [];
  #hasAsked = false;
  #readsState = false;
  readonly #globals = new Set<string>();
  /** Lists of files; many nodes share one. */
  readonly #files = new Set<readonly string[]>();
  readonly #effects: Effects;
  readonly #items = new Map<string, ItemPlace>();
  readonly #packages = new Set<string>();
  readonly #notes = new Map<string, PlacedNote>();

  constructor(graph: CodeGraph, path: string, site: Site) {
    this.#graph = graph;
    this.#path = path;
    this.#site = site;
    this.#root = graph.site(path, site);
    this.#effects = new Effects({
      isReached: (key) => this.#items.has(key),
      readsGlobal: (name) => readsGlobal(this.#globals, name),
      reachesPackage: (name) => this.#packages.has(name),
      reach: (node) => {
        this.#reach(node);
        this.#drain();
      },
      graph,
    });
    this.#reach(this.#root);
  }

  /** Goes as far as the world's answers lead. */
  run(): WalkOutcome {
    const { targets } = this.#graph;
    targets.missing.clear();
    this.#pending.push(...this.#unanswered.splice(0));
    this.#drain();
    if (targets.missing.size === 0) this.#effects.settle();
    const state = targets.missing.size === 0 ? this.#findState() : [];
    if (targets.missing.size > 0 || this.#hasAsked) {
      this.#hasAsked = true;
      return { missing: [...targets.missing.values()] };
    }
    const effects = this.#effects.nodes();
    return {
      result: {
        fingerprint: this.#digest(effects),
        roots: [this.#root, ...effects],
        files: new Set([...[...this.#files].flat(), ...this.#effects.load.modules]),
        notes: [...this.#notes.values()],
        state,
        isStateless: !this.#readsState,
        params: this.#site.params ?? this.#targetItem()?.params ?? [],
        call: this.#site.call ?? this.#targetItem()?.call ?? { usesThis: false, countsArguments: false },
      },
    };
  }

  #reach(node: CodeNode): void {
    if (this.#reached.has(node)) return;
    this.#reached.set(node, this.#reached.size);
    this.#pending.push(node);
  }

  #drain(): void {
    for (let node = this.#pending.pop(); node; node = this.#pending.pop()) {
      if (this.#graph.expand(node)) this.#meet(node);
      else this.#unanswered.push(node);
    }
  }

  /** Takes in what a node says, and reaches what it leads to. */
  #meet({ contents, label, key, place }: CodeNode): void {
    if (!contents) return;
    if (place) this.#items.set(key, place);
    if (label.startsWith('package ')) this.#packages.add(packageOf(label));
    for (const edge of contents.edges) this.#reach(edge);
    for (const global of contents.globals) this.#globals.add(global);
    this.#files.add(contents.files);
    for (const note of contents.notes) this.#note(note);
    if (contents.module !== undefined) this.#effects.reach(contents.module);
  }

  /** The nodes' own digests and the numbers of what they reach say all. */
  #digest(effects: readonly CodeNode[]): string {
    const lines = [SUMMARY_FORMAT];
    const edges: number[] = [];
    for (const { contents } of this.#reached.keys()) {
      lines.push(contents?.own ?? '');
      for (const edge of contents?.edges ?? []) edges.push(this.#reached.get(edge) ?? -1);
    }
    lines.push(
      edges.join(' '),
      this.#orderAtLoad().join(' '),
      effects.map((node) => this.#reached.get(node)).join(' '),
    );
    return digestText([...lines, this.#graph.world.salt].join('\n'));
  }

  /** Statements of one module, and initialisers that read what they change, say other things in another order. */
  #orderAtLoad(): number[] {
    const { uses } = this.#graph;
    const ordered = [...this.#reached].filter(([{ place }]) => {
      const item = place && uses.itemOf(place);
      if (!place || !item?.isEager) return false;
      return (
        item.kind === 'statement' ||
        uses.usesOf(place).some(({ use, target }) => {
          const read = target.kind === 'item' && !use.isLater ? uses.itemOf(target) : undefined;
          return read !== undefined && (read.writers.length > 0 || read.hides);
        })
      );
    });
    const paths = [...new Set(ordered.map(([{ place }]) => place?.path))];
    return paths.flatMap((path) =>
      ordered
        .filter(([{ place }]) => place?.path === path)
        .sort(([left], [right]) => (left.place?.index ?? 0) - (right.place?.index ?? 0))
        .map(([, number]) => number),
    );
  }

  #targetItem(): Item | undefined {
    const { targets, uses } = this.#graph;
    const target = this.#site.target && targets.ofSlot(this.#path, this.#site.target);
    return target?.kind === 'item' ? uses.itemOf(target) : undefined;
  }

  #note(note: PlacedNote): void {
    this.#notes.set(`${note.path} ${note.code} ${note.start} ${note.message}`, note);
  }

  #entryUses(): EntryUses {
    const { start, end, slots, uses, usesAround, target } = this.#site;
    const { targets, uses: graph } = this.#graph;
    return {
      path: this.#path,
      index: graph.itemsOf(this.#path).findIndex((item) => item.start <= start && end <= item.end),
      uses: graph.resolve(this.#path, uses),
      around: graph.resolve(this.#path, usesAround),
      slots: [...slots, ...(target ? [target] : [])].map((slot) => targets.ofSlot(this.#path, slot)),
    };
  }

  /** Says what the function reads that may change at run time, and names the cells of what can be read. */
  #findState(): string[] {
    const { load } = this.#effects;
    const found = new ReachedState(this.#graph, {
      modules: load.modules,
      reached: this.#items,
      packages: this.#packages,
    }).find(this.#entryUses());
    const live = new Set(found.flatMap((each) => (each.counts === 'live' ? [keyOf(each)] : [])));
    const { items: direct, globals } = new DirectReach(this.#graph, this.#root, this.#effects, live);
    return found
      .flatMap((finding) => {
        const item = this.#graph.uses.itemOf(finding);
        if (!item) return [];
        if (item.traits.holds !== 'code' || finding.counts === 'hidden') this.#readsState = true;
        const isDirect = !/^(?:live|hidden)$/.test(finding.counts) || direct.has(keyOf(finding));
        for (const note of isDirect ? notesOfState(finding, item) : [])
          this.#note({ ...note, path: finding.path });
        if (finding.counts === 'package')
          return [`!${this.#graph.world.label(finding.path)}#${item.names[0] ?? ''}`];
        const mark = `${isDirect ? '' : '?'}${finding.counts === 'hidden' ? '!' : ''}`;
        const names = /^(?:own|text|package)$/.test(finding.counts)
          ? []
          : finding.names.filter((name) => item.names.includes(name));
        return names.map((name) => `${mark}${this.#graph.world.label(finding.path)}#${name}`);
      })
      .concat(this.#openGlobals(globals.has(`=${anyGlobal}`)));
  }

  /**
   * Globals of the program's own that something else than loading its modules may write: they can be read at the call.
   * @param isAny whether the function has the object of all globals, and may read any of them
   */
  #openGlobals(isAny: boolean): string[] {
    const { constants, provided } = this.#graph.world;
    const isOwn = (name: string): boolean =>
      /^[\w$]+$/.test(name) && !isKnownGlobal(name) && !constants.has(name) && !provided.has(name);
    const heads = new Set([...this.#globals].filter(isOwn));
    const written = heads.size > 0 || isAny ? this.#writtenGlobals() : new Map<string, boolean>();
    for (const [name, isLater] of isAny ? written : []) if (isLater && isOwn(name)) heads.add(name);
    for (const [key, { undeclared }] of this.#notes) {
      const isKnown =
        undeclared !== undefined &&
        (written.has(undeclared) || provided.has(undeclared) || isReplaced(constants, undeclared));
      if (isKnown) this.#notes.delete(key);
    }
    const open = [...heads].filter((name) => written.get(name) !== false).map((name) => `global:${name}`);
    return isAny && written.get(anyGlobal) === true ? [...open, '!globalThis'] : open;
  }

  /** Globals that some module of the program writes, and whether it does so after it was loaded. */
  #writtenGlobals(): Map<string, boolean> {
    const written = new Map<string, boolean>();
    const { uses } = this.#graph;
    for (const path of this.#effects.load.modules) {
      for (const { use } of uses.itemsOf(path).flatMap((_, index) => uses.usesOf({ path, index }))) {
        if (typeof use.of !== 'string') continue;
        const name = use.of === 'builtin' ? use.method : use.of.slice('global:'.length).split('.')[0];
        if (name !== undefined) written.set(name, written.get(name) === true || use.isLater);
      }
    }
    return written;
  }
}

/** Whether a setting replaces a name or a member of it. */
function isReplaced(constants: ReadonlyMap<string, string>, name: string): boolean {
  return [...constants.keys()].some((key) => key === name || key.startsWith(`${name}.`));
}
