import { withoutGlobalObject } from '../summary/global-notes.ts';
import { type ItemPlace, keyOf, type PlacedUse, type UseGraph } from './use-graph.ts';

/** What the effects need to know of the walk that they belong to. */
export interface WalkView {
  /** Whether an item is reached, by its key. */
  isReached(key: string): boolean;
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
      this.#uses.index(path);
      pending.push(...this.#uses.importsOf(path));
    }
  }

  /** Statements, initialisers and static blocks that may change something that the walk has reached, and are not part of it. */
  find(): ItemPlace[] {
    const found: ItemPlace[] = [];
    for (const path of this.modules) {
      for (const { place, key, effects } of this.#uses.effectsIn(path))
        if (!this.#view.isReached(key) && effects.some((effect) => this.#changesReached(effect)))
          found.push(place);
    }
    return found;
  }

  #isPart(place: ItemPlace): boolean {
    return this.#view.isReached(keyOf(place));
  }

  #changesReached({ use, target, by, key }: PlacedUse): boolean {
    if (use.of === 'builtin') return !this.#isPart(by);
    if (typeof use.of === 'string')
      return this.#view.readsGlobal(withoutGlobalObject(use.of.slice('global:'.length)));
    if (key === undefined) return false;
    if (target.kind === 'input') return this.#view.reachesPackage(key);
    // What the function's own code hands around, it does whenever it runs; only what it changes is news.
    return this.#view.isReached(key) && (/^(?:write|receiver)$/.test(use.how) || !this.#isPart(by));
  }
}
