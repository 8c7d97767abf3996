import { changes } from '../summary/changes.ts';
import { withoutGlobalObject } from '../summary/global-notes.ts';
import type { Item, ItemUse, ModuleSummary } from '../summary/module-summary.ts';
import type { Target, Targets } from './targets.ts';

export type ItemTarget = Extract<Target, { kind: 'item' }>;

/** What the effects need to know of the walk that they belong to. */
export interface WalkView {
  isReached(target: Target): boolean;
  readsGlobal(name: string): boolean;
  reachesPackage(label: string): boolean;
}

/** A use of something that another item or package declares. */
export interface ResolvedUse {
  readonly use: ItemUse;
  readonly target: Target;
}

export const keyOf = ({ path, index }: { readonly path: string; readonly index: number }): string =>
  `${path}#${index}`;

/**
 * The modules that are evaluated before or with the function's own, whatever they are imported for, and which of their
 * statements may change, while they run, what the function reaches: by an assignment, or by handing it to other code.
 */
export class LoadEffects {
  readonly #targets: Targets;
  readonly #view: WalkView;
  readonly modules = new Set<string>();
  readonly #resolved = new Map<string, readonly ResolvedUse[]>();

  constructor(targets: Targets, view: WalkView) {
    this.#targets = targets;
    this.#view = view;
  }

  /** Adds a module and all that it imports. */
  reach(start: string): void {
    const pending = [start];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (this.modules.has(path)) continue;
      const summary = this.#targets.summary(path);
      if (!summary) continue;
      this.modules.add(path);
      for (const source of sourcesOf(summary)) {
        const resolution = this.#targets.resolve(path, source);
        if (resolution?.kind === 'module') pending.push(resolution.path);
      }
    }
  }

  itemOf({ path, index }: { readonly path: string; readonly index: number }): Item | undefined {
    return this.#targets.summary(path)?.items[index];
  }

  /** What the uses in a file lead to. */
  resolve(path: string, uses: readonly ItemUse[]): readonly ResolvedUse[] {
    return uses.map((use) => ({
      use,
      target: typeof use.of === 'string' ? { kind: 'absent' } : this.#targets.ofSlot(path, use.of),
    }));
  }

  usesOf(path: string, index: number): readonly ResolvedUse[] {
    const key = `${path}#${index}`;
    const known = this.#resolved.get(key);
    if (known) return known;
    const before = this.#targets.askCount;
    const uses = (this.#targets.summary(path)?.items[index]?.uses ?? []).map((use) => ({
      use,
      target: typeof use.of === 'string' ? ({ kind: 'absent' } as const) : this.#targets.ofSlot(path, use.of),
    }));
    if (this.#targets.askCount === before) this.#resolved.set(key, uses);
    return uses;
  }

  /** Statements, initialisers and static blocks that may change something that the walk has reached, and are not part of it. */
  find(): { readonly path: string; readonly index: number }[] {
    const found: { path: string; index: number }[] = [];
    for (const path of this.modules) {
      for (const [index, item] of (this.#targets.summary(path)?.items ?? []).entries()) {
        if (!item.isEager || this.#view.isReached({ kind: 'item', path, index, name: '' })) continue;
        if (this.#touches(path, index)) found.push({ path, index });
      }
    }
    return found;
  }

  #touches(path: string, index: number): boolean {
    const seen = new Set<string>([`${path}#${index}`]);
    const pending = [{ path, index, isFirst: true }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const isPart = this.#view.isReached({ kind: 'item', path: next.path, index: next.index, name: '' });
      for (const resolved of this.usesOf(next.path, next.index)) {
        const { use, target } = resolved;
        if (next.isFirst && use.isLater && use.how !== 'write') continue;
        if (this.#changesReached(resolved, isPart)) return true;
        if (target.kind !== 'item' || use.how === 'read' || !isFollowed(this.itemOf(target))) continue;
        const behind = [target.index, ...(this.itemOf(target)?.writers ?? [])];
        for (const each of behind) {
          const key = `${target.path}#${each}`;
          if (seen.has(key)) continue;
          seen.add(key);
          pending.push({ path: target.path, index: each, isFirst: false });
        }
      }
    }
    return false;
  }

  #changesReached({ use, target }: ResolvedUse, isPart: boolean): boolean {
    if (use.of === 'builtin') return !isPart;
    if (typeof use.of === 'string')
      return this.#view.readsGlobal(withoutGlobalObject(use.of.slice('global:'.length)));
    if (target.kind === 'input') {
      const isSetting = use.how === 'write' || (use.how === 'call' && use.isDiscarded === true);
      return isSetting && this.#view.reachesPackage(target.label);
    }
    if (target.kind !== 'item' || !this.#view.isReached(target)) return false;
    const item = this.itemOf(target);
    if (!item || (isPart && use.how !== 'write')) return false;
    return changes(use, item);
  }
}

/** A cached function is no part of what runs at load; its calls are its own affair. */
function isFollowed(item: Item | undefined): boolean {
  return item !== undefined && !item.isCached;
}

/** Every module that a module names: by imports, re-exports, and `import()` or `require()` that run with it. */
function sourcesOf(summary: ModuleSummary): Set<string> {
  const sources = new Set([...summary.bareImports, ...summary.stars]);
  for (const { source } of Object.values(summary.imports)) sources.add(source);
  for (const target of Object.values(summary.exports))
    if (target.kind === 'import') sources.add(target.source);
  for (const item of summary.items) {
    for (const slot of item.isEager ? item.slots : []) if (slot.kind === 'import') sources.add(slot.source);
  }
  return sources;
}
