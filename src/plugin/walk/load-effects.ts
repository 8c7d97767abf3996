import { changes } from '../summary/changes.ts';
import { withoutGlobalObject } from '../summary/global-notes.ts';
import type { Target } from './targets.ts';
import { type ItemPlace, keyOf, type ResolvedUse, type UseGraph } from './use-graph.ts';

/** What the effects need to know of the walk that they belong to. */
export interface WalkView {
  isReached(target: Target): boolean;
  readsGlobal(name: string): boolean;
  /** Whether anything of a package is reached, by its label. */
  reachesPackage(label: string): boolean;
}

/**
 * The modules that are evaluated before or with the function's own, whatever they are imported for, and which of their
 * statements may change, while they run, what the function reaches: by an assignment, or by handing it to other code.
 */
export class LoadEffects {
  readonly #uses: UseGraph;
  readonly #view: WalkView;
  readonly modules = new Set<string>();

  constructor(uses: UseGraph, view: WalkView) {
    this.#uses = uses;
    this.#view = view;
  }

  /** Adds a module and all that it imports. */
  reach(start: string): void {
    const pending = [start];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (this.modules.has(path)) continue;
      this.modules.add(path);
      pending.push(...this.#uses.importsOf(path));
    }
  }

  /** Statements, initialisers and static blocks that may change something that the walk has reached, and are not part of it. */
  find(): ItemPlace[] {
    const found: ItemPlace[] = [];
    for (const path of this.modules) {
      for (const [index, item] of this.#uses.itemsOf(path).entries()) {
        if (item.isEager && !this.#isPart({ path, index }) && this.#touches({ path, index }))
          found.push({ path, index });
      }
    }
    return found;
  }

  #isPart({ path, index }: ItemPlace): boolean {
    return this.#view.isReached({ kind: 'item', path, index, name: '' });
  }

  #touches(start: ItemPlace): boolean {
    const seen = new Set([keyOf(start)]);
    const pending = [start];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const isPart = this.#isPart(next);
      for (const resolved of this.#uses.usesOf(next)) {
        if (next === start && resolved.use.isLater && resolved.use.how !== 'write') continue;
        if (this.#changesReached(resolved, isPart)) return true;
        for (const place of this.#behind(resolved)) {
          if (seen.has(keyOf(place))) continue;
          seen.add(keyOf(place));
          pending.push(place);
        }
      }
    }
    return false;
  }

  /** The code that a use may run. A cached function is no part of what runs at load: its calls are its own affair. */
  #behind({ use, target }: ResolvedUse): ItemPlace[] {
    const item = target.kind === 'item' && use.how !== 'read' ? this.#uses.itemOf(target) : undefined;
    if (target.kind !== 'item' || !item || item.isCached) return [];
    return [target, ...item.writers.map((index) => ({ path: target.path, index }))];
  }

  #changesReached({ use, target }: ResolvedUse, isPart: boolean): boolean {
    if (use.of === 'builtin') return !isPart;
    if (typeof use.of === 'string')
      return this.#view.readsGlobal(withoutGlobalObject(use.of.slice('global:'.length)));
    if (target.kind === 'input') return isSetting(use) && this.#view.reachesPackage(target.label);
    if (target.kind !== 'item' || !this.#view.isReached(target)) return false;
    const item = this.#uses.itemOf(target);
    return item !== undefined && (!isPart || /^(?:write|receiver)$/.test(use.how)) && changes(use, item);
  }
}

/** `Decimal.config(…)`, `extend(plugin)`: a call for its effect, by which a package is set up. */
const isSetting = ({ how, isDiscarded }: ResolvedUse['use']): boolean =>
  how === 'write' || ((how === 'call' || how === 'receiver') && isDiscarded === true);
