import { changes } from '../summary/changes.ts';
import type { Item, ItemUse, ModuleSummary } from '../summary/module-summary.ts';
import type { Target, Targets } from './targets.ts';

/** A declaration or statement of a module. */
export interface ItemPlace {
  readonly path: string;
  readonly index: number;
}

/** A use of a name, and what that leads to. */
export interface ResolvedUse {
  readonly use: ItemUse;
  readonly target: Target;
  /** Of the item or package that the target is; made once, because there are many. */
  readonly key: string | undefined;
}

/** A use, and the item that has it. */
export interface PlacedUse extends ResolvedUse {
  readonly by: ItemPlace;
}

/** A statement or initialiser, and what it may change while it runs. */
export interface LoadEffect {
  readonly place: ItemPlace;
  readonly key: string;
  readonly effects: readonly PlacedUse[];
}

export const keyOf = ({ path, index }: ItemPlace): string => `${path}#${index}`;

/** Which items use which, over all modules. Followed once for all functions. */
export class UseGraph {
  readonly #targets: Targets;
  readonly #uses = new Map<string, readonly ResolvedUse[]>();
  readonly #imports = new Map<string, readonly string[]>();
  readonly #effects = new Map<string, readonly LoadEffect[]>();
  readonly #closures = new Map<string, readonly PlacedUse[]>();
  readonly #holders = new Map<string, 'never' | 'always' | 'once changed'>();
  /** Items that some module that was looked at may change. */
  readonly #changed = new Set<string>();
  readonly #indexed = new Set<string>();
  /** What a use leads to, to all uses of it in the modules that were looked at. */
  readonly #usesOfTarget = new Map<string, PlacedUse[]>();

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  itemOf({ path, index }: ItemPlace): Item | undefined {
    return this.#targets.summary(path)?.items[index];
  }

  itemsOf(path: string): readonly Item[] {
    return this.#targets.summary(path)?.items ?? [];
  }

  usesOf(place: ItemPlace): readonly ResolvedUse[] {
    const key = keyOf(place);
    return this.#known(this.#uses, key, () => this.resolve(place.path, this.itemOf(place)?.uses ?? []));
  }

  /** Whether a declaration may hold something else than its code says, as far as modules were looked at. */
  mayHoldState(key: string, place: ItemPlace): boolean {
    const holds = this.#known(this.#holders, key, () => {
      const item = this.itemOf(place);
      if (!item || item.isIgnored || item.isCached || item.traits.holds === 'nothing') return 'never';
      const isOpen = item.kind === 'value' || (item.traits.isExported && item.traits.holds === 'code');
      return isOpen ? 'always' : 'once changed';
    });
    return holds === 'always' || (holds === 'once changed' && this.#changed.has(key));
  }

  /** All uses of a declaration or package in some modules. */
  usesOfTarget(key: string, modules: ReadonlySet<string>): readonly PlacedUse[] {
    return (this.#usesOfTarget.get(key) ?? []).filter(({ by }) => modules.has(by.path));
  }

  /** Takes note of what a module uses. */
  index(path: string): void {
    if (this.#indexed.has(path)) return;
    const before = this.#targets.askCount;
    const found = this.itemsOf(path).flatMap((_, index) =>
      this.usesOf({ path, index }).map((resolved) => ({ ...resolved, by: { path, index } })),
    );
    if (this.#targets.askCount > before) return;
    this.#indexed.add(path);
    for (const placed of found) {
      const { key, use, target } = placed;
      if (key === undefined) continue;
      const known = this.#usesOfTarget.get(key);
      if (known) known.push(placed);
      else this.#usesOfTarget.set(key, [placed]);
      const item = target.kind === 'item' ? this.itemOf(target) : undefined;
      if (item && changes(use, item)) this.#changed.add(key);
    }
  }

  /**
   * What a statement or initialiser may change while it runs: the uses of it, and of all code that it may run, that hand
   * something on. A cached function is no part of what runs at load: its calls are its own affair.
   */
  effectsOf(start: ItemPlace): readonly PlacedUse[] {
    return this.#known(this.#closures, keyOf(start), () => {
      const seen = new Set([keyOf(start)]);
      const pending = [start];
      const found = new Map<string, PlacedUse>();
      for (let next = pending.pop(); next; next = pending.pop()) {
        for (const resolved of this.usesOf(next)) {
          const { use, target, key } = resolved;
          if (next === start && use.isLater && use.how !== 'write') continue;
          if (this.#mayChange(resolved))
            found.set(`${keyOf(next)} ${key} ${use.how}`, { ...resolved, by: next });
          const item = target.kind === 'item' && use.how !== 'read' ? this.itemOf(target) : undefined;
          if (target.kind !== 'item' || !item || item.isCached) continue;
          for (const index of [target.index, ...item.writers]) {
            const place = { path: target.path, index };
            if (seen.has(keyOf(place))) continue;
            seen.add(keyOf(place));
            pending.push(place);
          }
        }
      }
      return [...found.values()];
    });
  }

  /** What in a module runs when it is loaded and may then change something. */
  effectsIn(path: string): readonly LoadEffect[] {
    return this.#known(this.#effects, path, () =>
      this.itemsOf(path).flatMap((item, index) => {
        const place = { path, index };
        const effects = item.isEager ? this.effectsOf(place) : [];
        return effects.length > 0 ? [{ place, key: keyOf(place), effects }] : [];
      }),
    );
  }

  #mayChange({ use, target }: ResolvedUse): boolean {
    if (typeof use.of === 'string') return true;
    if (target.kind === 'input') return isSetting(use);
    const item = target.kind === 'item' ? this.itemOf(target) : undefined;
    return item !== undefined && changes(use, item);
  }

  /** What the uses in a file lead to. */
  resolve(path: string, uses: readonly ItemUse[]): readonly ResolvedUse[] {
    return uses.map((use) => {
      const target =
        typeof use.of === 'string' ? ({ kind: 'absent' } as const) : this.#targets.ofSlot(path, use.of);
      return { use, target, key: targetKey(target) };
    });
  }

  /** The modules that are evaluated with a module, by whatever it imports them. */
  importsOf(path: string): readonly string[] {
    return this.#known(this.#imports, path, () => {
      const summary = this.#targets.summary(path);
      const sources = [...(summary ? sourcesOf(summary) : []), ...this.#globbed(path)];
      return sources.flatMap((source) => {
        const resolution = this.#targets.resolve(path, source);
        return resolution?.kind === 'module' ? [resolution.path] : [];
      });
    });
  }

  /** The files of globs that are evaluated with a module. */
  #globbed(path: string): string[] {
    const slots = this.itemsOf(path).flatMap((item) => item.slots);
    return slots.flatMap((slot) => {
      if (slot.kind !== 'glob' || !slot.isEager || slot.query !== '') return [];
      return (this.#targets.glob(path, slot)?.files ?? []).map(([, file]) => file);
    });
  }

  #known<Value>(map: Map<string, Value>, key: string, find: () => Value): Value {
    const known = map.get(key);
    if (known !== undefined) return known;
    const before = this.#targets.askCount;
    const found = find();
    if (this.#targets.askCount === before) map.set(key, found);
    return found;
  }
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

/** `package three/addons` is part of `package three`. */
export const packageOf = (label: string): string => /^package (?:@[^/]+\/)?[^/#]+/.exec(label)?.[0] ?? label;

function targetKey(target: Target): string | undefined {
  if (target.kind === 'item') return keyOf(target);
  return target.kind === 'input' ? packageOf(target.label) : undefined;
}

/** `Decimal.config(…)`, `extend(plugin)`: a call for its effect, by which a package is set up. */
export const isSetting = ({ how, isDiscarded }: ItemUse): boolean =>
  how === 'write' || ((how === 'call' || how === 'receiver') && isDiscarded === true);
