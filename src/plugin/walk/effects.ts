import type { Effect, Slot } from '../summary/module-summary.ts';
import type { CodeGraph, CodeNode } from './code-graph.ts';
import type { Target, Targets } from './targets.ts';

interface WalkView {
  isReached(target: Target): boolean;
  isWriter(target: Target): boolean;
  isData(target: Target): boolean;
  readsGlobal(name: string): boolean;
  /** Adds what an effect runs to the function, with all behind it. */
  reach(node: CodeNode): void;
  readonly graph: CodeGraph;
}

/**
 * What evaluating the reached modules does outside of them: bare imports, changed built-ins, and writes to globals and
 * imported objects, the last two only where the function reads what they write.
 */
export class Effects {
  readonly #targets: Targets;
  readonly #view: WalkView;
  readonly #modules = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #nodes: CodeNode[] = [];

  constructor(targets: Targets, view: WalkView) {
    this.#targets = targets;
    this.#view = view;
  }

  reach(path: string): void {
    this.#modules.add(path);
  }

  hasReached(path: string): boolean {
    return this.#modules.has(path);
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
      for (const path of this.#modules) this.#settleModule(path);
    }
  }

  #settleModule(path: string): void {
    const summary = this.#targets.summary(path);
    if (!summary) return;
    for (const source of summary.bareImports) {
      if (this.#once(`import ${path} ${source}`)) this.#addImport(path, source);
    }
    for (const effect of summary.effects) {
      const key = `effect ${path} ${effect.item}`;
      if (this.#settled.has(key) || !this.#applies(path, effect)) continue;
      this.#once(key);
      this.#add(this.#view.graph.item(path, effect.item));
    }
  }

  #once(key: string): boolean {
    if (this.#settled.has(key)) return false;
    this.#settled.add(key);
    return true;
  }

  #applies(path: string, { target, how }: Effect): boolean {
    if (target === 'builtin') return true;
    if (typeof target === 'string') return this.#view.readsGlobal(target.slice('global:'.length));
    if (how !== 'write' && this.#isPackageLike(path, target)) return false;
    const found = this.#targets.ofSlot(path, target);
    if (how === 'call') return this.#view.isWriter(found);
    return this.#view.isReached(found) && (how === 'write' || this.#view.isData(found));
  }

  /** Calls into packages are the bulk of all calls, and packages are no writers of project code. */
  #isPackageLike(path: string, slot: Slot): boolean {
    const resolution = slot.kind === 'import' ? this.#targets.resolve(path, slot.source) : undefined;
    return resolution !== undefined && resolution.kind !== 'module';
  }

  #addImport(path: string, source: string): void {
    const resolution = this.#targets.resolve(path, source);
    if (!resolution || resolution.kind === 'library') return;
    if (resolution.kind === 'bytes' && resolution.isStyle) return;
    this.#add(this.#view.graph.bareImport(path, source));
  }

  #add(node: CodeNode): void {
    this.#nodes.push(node);
    this.#view.reach(node);
  }
}
