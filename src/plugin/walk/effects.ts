import { type ItemTarget, LoadEffects, type WalkView } from './load-effects.ts';
import type { Target, Targets } from './targets.ts';

interface EdgeView extends WalkView {
  itemEdge(path: string, index: number): string;
  runEdge(path: string): string;
  inputEdge(target: Extract<Target, { kind: 'input' }>, path: string): string;
}

/**
 * What evaluating modules does to what the function reaches: bare imports of the modules that it reaches, and those
 * statements of all modules that are loaded with it which may change something that it reaches.
 */
export class Effects {
  readonly load: LoadEffects;
  readonly #targets: Targets;
  readonly #view: EdgeView;
  readonly #modules = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #edges: string[] = [];

  constructor(targets: Targets, view: EdgeView) {
    this.#targets = targets;
    this.#view = view;
    this.load = new LoadEffects(targets, view);
  }

  reach(path: string): void {
    this.#modules.add(path);
  }

  /** The edges of all effects that count; an effect may reach modules with effects of their own. */
  settle(): readonly string[] {
    for (let count = -1; count !== this.#settled.size + this.#modules.size; ) {
      count = this.#settled.size + this.#modules.size;
      // A set that grows while it is iterated also yields what was added.
      for (const path of this.#modules) this.#runImports(path);
      for (const path of this.#modules) this.load.reach(path);
      for (const { path, index } of this.load.find()) this.#add({ path, index });
    }
    return this.#edges;
  }

  #add({ path, index }: Pick<ItemTarget, 'path' | 'index'>): void {
    if (this.#once(`effect ${path} ${index}`)) this.#edges.push(this.#view.itemEdge(path, index));
  }

  #runImports(path: string): void {
    for (const source of this.#targets.summary(path)?.bareImports ?? [])
      if (this.#once(`import ${path} ${source}`)) this.#addImport(path, source);
  }

  #once(key: string): boolean {
    if (this.#settled.has(key)) return false;
    this.#settled.add(key);
    return true;
  }

  #addImport(path: string, source: string): void {
    const resolution = this.#targets.resolve(path, source);
    if (!resolution || resolution.kind === 'library') return;
    if (resolution.kind === 'bytes' && resolution.isStyle) return;
    if (resolution.kind === 'module' || resolution.kind === 'executed') {
      this.#edges.push(this.#view.runEdge(resolution.path));
      return;
    }
    const target = this.#targets.ofResolution(resolution, source, '');
    if (target.kind === 'input') this.#edges.push(this.#view.inputEdge(target, path));
  }
}
