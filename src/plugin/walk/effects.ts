import type { CodeGraph, CodeNode } from './code-graph.ts';
import { LoadEffects, type WalkView } from './load-effects.ts';
import type { ItemPlace, PlacedUse } from './use-graph.ts';

interface EdgeView extends WalkView {
  /** Adds what an effect runs to the function, with all behind it. */
  reach(node: CodeNode): void;
  readonly graph: CodeGraph;
}

/**
 * What evaluating modules does to what the function reaches: bare imports of the modules that it reaches, and those
 * statements of all modules that are loaded with it which may change something that it reaches.
 */
export class Effects {
  readonly load: LoadEffects;
  readonly #view: EdgeView;
  readonly #modules = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #nodes: CodeNode[] = [];
  /** Where the nodes are that only change what is reached. */
  readonly #places = new Map<CodeNode, ItemPlace>();

  constructor(view: EdgeView) {
    this.#view = view;
    this.load = new LoadEffects(view.graph.uses, view);
  }

  reach(path: string): void {
    this.#modules.add(path);
  }

  /** The effects that count, in the order in which they were found. */
  nodes(): readonly CodeNode[] {
    return this.#nodes;
  }

  /** Finds the effects that count; an effect may reach modules with effects of their own. */
  settle(): void {
    for (let count = -1; count !== this.#settled.size + this.#modules.size; ) {
      count = this.#settled.size + this.#modules.size;
      // A set that grows while it is iterated also yields what was added.
      for (const path of this.#modules) this.#runImports(path);
      for (const path of this.#modules) this.load.reach(path);
      for (const { path, index } of this.load.find()) {
        if (!this.#once(`effect ${path} ${index}`)) continue;
        const node = this.#view.graph.item(path, index);
        this.#places.set(node, { path, index });
        this.#add(node);
      }
    }
  }

  /** What an effect may change; undefined for one that counts by what it is, as an import of its own. */
  changesBy(node: CodeNode): readonly PlacedUse[] | undefined {
    const place = this.#places.get(node);
    return place && this.#view.graph.uses.effectsOf(place);
  }

  #runImports(path: string): void {
    for (const source of this.#view.graph.targets.summary(path)?.bareImports ?? [])
      if (this.#once(`import ${path} ${source}`)) this.#addImport(path, source);
  }

  #once(key: string): boolean {
    if (this.#settled.has(key)) return false;
    this.#settled.add(key);
    return true;
  }

  #addImport(path: string, source: string): void {
    const resolution = this.#view.graph.targets.resolve(path, source);
    if (!resolution || resolution.kind === 'library') return;
    if (resolution.kind === 'bytes' && resolution.isStyle) return;
    this.#add(this.#view.graph.bareImport(path, source));
  }

  #add(node: CodeNode): void {
    this.#nodes.push(node);
    this.#view.reach(node);
  }
}
