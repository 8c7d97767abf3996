import type { Effect, Slot } from '../summary/module-summary.ts';
import type { Target, Targets } from './targets.ts';

interface WalkView {
  isReached(target: Target): boolean;
  isWriter(target: Target): boolean;
  isData(target: Target): boolean;
  readsGlobal(name: string): boolean;
  itemEdge(path: string, index: number): string;
  runEdge(path: string): string;
  inputEdge(target: Extract<Target, { kind: 'input' }>, path: string): string;
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
  readonly #edges: string[] = [];

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

  /** The edges of all effects that count; an effect may reach modules with effects of their own. */
  settle(): readonly string[] {
    for (let count = -1; count !== this.#settled.size + this.#modules.size; ) {
      count = this.#settled.size + this.#modules.size;
      // A set that grows while it is iterated also yields what was added.
      for (const path of this.#modules) this.#settleModule(path);
    }
    return this.#edges;
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
      this.#edges.push(this.#view.itemEdge(path, effect.item));
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
    if (resolution.kind === 'module' || resolution.kind === 'executed') {
      this.#edges.push(this.#view.runEdge(resolution.path));
      return;
    }
    const target = this.#targets.ofResolution(resolution, source, '');
    if (target.kind === 'input') this.#edges.push(this.#view.inputEdge(target, path));
  }
}
