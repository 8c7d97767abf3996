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
}

export const keyOf = ({ path, index }: ItemPlace): string => `${path}#${index}`;

/** Which items use which, over all modules. Followed once for all functions. */
export class UseGraph {
  readonly #targets: Targets;
  readonly #uses = new Map<string, readonly ResolvedUse[]>();
  readonly #imports = new Map<string, readonly string[]>();

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

  /** What the uses in a file lead to. */
  resolve(path: string, uses: readonly ItemUse[]): readonly ResolvedUse[] {
    return uses.map((use) => ({
      use,
      target: typeof use.of === 'string' ? { kind: 'absent' } : this.#targets.ofSlot(path, use.of),
    }));
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
