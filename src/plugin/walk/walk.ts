import { digestText } from '../summary/digest-text.ts';
import { type Item, type Note, type Site, SUMMARY_FORMAT } from '../summary/module-summary.ts';
import type { CodeGraph, CodeNode, MutableState } from './code-graph.ts';
import { Effects } from './effects.ts';
import type { PlacedNote, Target } from './targets.ts';
import type { Request } from './world.ts';
import { Writers } from './writers.ts';

/** What a memoised function reaches, and the digest of it. */
export interface WalkResult {
  readonly fingerprint: string;
  /** The function's own node, and what evaluating the modules that it reaches does. */
  readonly roots: readonly CodeNode[];
  readonly files: ReadonlySet<string>;
  readonly notes: readonly PlacedNote[];
  /** Module-level variables of the function's own file whose values must enter the key. */
  readonly captures: readonly string[];
  readonly params: readonly string[];
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
  readonly #globals = new Set<string>();
  /** Lists of files; many nodes share one. */
  readonly #files = new Set<readonly string[]>();
  readonly #effects: Effects;
  readonly #captures = new Set<string>();
  readonly #writers: Writers;
  readonly #notes = new Map<string, PlacedNote>();

  constructor(graph: CodeGraph, path: string, site: Site) {
    const { targets } = graph;
    this.#graph = graph;
    this.#path = path;
    this.#site = site;
    this.#root = graph.site(path, site);
    this.#writers = new Writers(targets);
    this.#effects = new Effects(targets, {
      isReached: (target) => this.#isReached(target),
      isWriter: (target) => this.#writers.isRunBy(target, (file) => this.#effects.hasReached(file)),
      isData: (target) => target.kind === 'item' && this.#kindOf(target) === 'value',
      readsGlobal: (name) => this.#globals.has(name),
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
    if (targets.missing.size > 0 || this.#hasAsked) {
      this.#hasAsked = true;
      return { missing: [...targets.missing.values()] };
    }
    const effects = this.#effects.nodes();
    return {
      result: {
        fingerprint: this.#digest(effects),
        roots: [this.#root, ...effects],
        files: new Set([...this.#files].flat()),
        notes: [...this.#notes.values()],
        captures: [...this.#captures],
        params: this.#site.params ?? this.#targetParams(),
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
  #meet({ contents }: CodeNode): void {
    if (!contents) return;
    for (const edge of contents.edges) this.#reach(edge);
    for (const global of contents.globals) this.#globals.add(global);
    this.#files.add(contents.files);
    for (const note of contents.notes) this.#note(note);
    for (const state of contents.mutable) this.#meetMutable(state);
    for (const writer of contents.writers) this.#writers.add(writer);
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
    lines.push(edges.join(' '), effects.map((node) => this.#reached.get(node)).join(' '));
    return digestText([...lines, this.#graph.world.salt].join('\n'));
  }

  #isReached(target: Target): boolean {
    const node = this.#graph.nodeOf(target);
    return node !== undefined && this.#reached.has(node);
  }

  #kindOf({ path, index }: Extract<Target, { kind: 'item' }>): Item['kind'] | undefined {
    return this.#graph.targets.summary(path)?.items[index]?.kind;
  }

  #targetParams(): readonly string[] {
    const { targets } = this.#graph;
    const target = this.#site.target && targets.ofSlot(this.#path, this.#site.target);
    if (target?.kind !== 'item') return [];
    return targets.summary(target.path)?.items[target.index]?.params ?? [];
  }

  #note(note: PlacedNote): void {
    this.#notes.set(`${note.path} ${note.code} ${note.start} ${note.message}`, note);
  }

  /** State that can change after load: captured where the thunk can see it, else reported. */
  #meetMutable({ path, name, item }: MutableState): void {
    const isData = item.kind === 'value' || item.kind === 'literal';
    const isVisible = path === this.#path && isData && !this.#site.localNames.includes(name);
    if (isVisible) this.#captures.add(name);
    const cure = isVisible
      ? 'its value is added to the key'
      : 'its value is not in the key; pass it as an argument';
    const message = `module-level "${name}" changes at run time; ${cure}`;
    const note: Note = { code: 'FP002', message, start: item.start, end: item.start + name.length };
    this.#note({ ...note, path });
  }
}
