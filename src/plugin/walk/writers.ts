import type { Target, Targets } from './targets.ts';

type ItemTarget = Extract<Target, { kind: 'item' }>;

/** The items that change something that a walk has reached, and what leads to them. */
export class Writers {
  readonly #targets: Targets;
  readonly #keys = new Set<string>();

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  /** @param key `path#index` */
  add(key: string): void {
    this.#keys.add(key);
  }

  /**
   * Whether calling something may run a writer: it is one, or uses one inside its module or by an import.
   *
   * @param isReached whether a module belongs to the walk already; others are not followed beyond what they import
   */
  isRunBy(target: Target, isReached: (path: string) => boolean): boolean {
    const seen = new Set<string>();
    const visit = (item: ItemTarget, isOpen: boolean): boolean => {
      const key = `${item.path}#${item.index}`;
      if (this.#keys.has(key)) return true;
      if (seen.has(key) || !isOpen) return false;
      seen.add(key);
      const slots = this.#targets.summary(item.path)?.items[item.index]?.slots ?? [];
      return slots.some((slot) => {
        if (slot.kind !== 'local' && slot.kind !== 'import') return false;
        if (slot.kind === 'import' && this.#targets.resolve(item.path, slot.source)?.kind !== 'module')
          return false;
        const next = this.#targets.ofSlot(item.path, slot);
        return next.kind === 'item' && visit(next, next.path === item.path || isReached(next.path));
      });
    };
    return this.#keys.size > 0 && target.kind === 'item' && visit(target, true);
  }
}
