import { changes } from '../summary/changes.ts';
import { anyGlobal } from '../summary/global-notes.ts';
import { mutators } from '../summary/item-uses.ts';
import type { Item, ItemUse } from '../summary/module-summary.ts';
import type { CodeGraph } from './code-graph.ts';
import { isMemory } from './is-memory.ts';
import type { Target, Targets } from './targets.ts';
import { type ItemPlace, isSetting, keyOf, type ResolvedUse, type UseGraph } from './use-graph.ts';

/** A piece of state that the function reaches, and how it counts. */
export interface StateFinding {
  readonly path: string;
  readonly index: number;
  /**
   * `live`: read and hashed at each call. `own`: only the function itself changes it, so it counts as its code says.
   * `hidden`: it keeps what no one can read. `text`: the function reads its name or source text.
   * `package`: code that runs later sets up a package that the function reaches.
   */
  readonly counts: 'live' | 'own' | 'hidden' | 'text' | 'package';
  readonly names: readonly string[];
}

/** The cached function itself: where it is declared, and what it and the rest of that declaration use. */
export interface EntryUses extends ItemPlace {
  readonly uses: readonly ResolvedUse[];
  readonly around: readonly ResolvedUse[];
  readonly slots: readonly Target[];
}

interface Change {
  readonly by: ItemPlace | 'entry';
  readonly use: ItemUse;
  /** Whether it happens while modules are evaluated. */
  readonly isAtLoad: boolean;
}

/** What a walk has reached. */
export interface StateView {
  /** All modules that are evaluated with the function's own. */
  readonly modules: ReadonlySet<string>;
  readonly reached: ReadonlyMap<string, ItemPlace>;
  readonly packages: ReadonlySet<string>;
}

/** Which of the declarations that a walk has reached may hold something else at the call than their code says. */
export class ReachedState {
  readonly #uses: UseGraph;
  readonly #modules: ReadonlySet<string>;
  readonly #reached: ReadonlyMap<string, ItemPlace>;
  readonly #targets: Targets;
  /** Item to all that changes it, in any module that was evaluated. */
  readonly #changes = new Map<string, Change[]>();
  /** Item to the names of it that the function looks at. */
  readonly #read = new Map<string, Set<string>>();
  readonly #packages: ReadonlySet<string>;
  readonly #receivers = new Set<string>();
  readonly #called = new Set<string>();
  readonly #setUps = new Map<string, ItemPlace>();
  readonly #texts = new Map<string, ItemPlace>();
  #entry = '';

  constructor(graph: CodeGraph, view: StateView) {
    this.#uses = graph.uses;
    this.#targets = graph.targets;
    this.#modules = view.modules;
    this.#reached = view.reached;
    this.#packages = view.packages;
  }

  find({ path: home, index: own, uses, around, slots }: EntryUses): StateFinding[] {
    for (const use of uses) this.#addChange('entry', use);
    for (const use of around) this.#addChange({ path: home, index: own }, use);
    for (const use of uses) this.#addRead(use);
    // What an enclosing function declares is part of the unit; its uses are not told from those of its neighbours.
    const seen = new Set(uses.map(({ key }) => key));
    for (const target of slots)
      if (target.kind === 'item' && !seen.has(keyOf(target))) this.#addName(target, keyOf(target));
    this.#entry = `${home}#${own}`;
    this.#addCalled(uses, slots);
    this.#addOthers();
    const found: StateFinding[] = [];
    for (const [key, place] of this.#reached) {
      const mayHold = this.#changes.has(key) || this.#uses.mayHoldState(key, place);
      const item = mayHold ? this.#uses.itemOf(place) : undefined;
      const counts = item && this.#countsOf(place, item, key);
      if (counts) found.push({ ...place, counts, names: [...(this.#read.get(key) ?? [])] });
    }
    for (const place of this.#setUps.values())
      if (this.#uses.itemOf(place)?.isIgnored !== true)
        found.push({ ...place, counts: 'package', names: [] });
    for (const place of this.#texts.values()) found.push({ ...place, counts: 'text', names: [] });
    return found;
  }

  /** What the function itself may run: what it reaches, without those who only write to that. */
  #addCalled(uses: readonly ResolvedUse[], slots: readonly Target[]): void {
    const pending: ItemPlace[] = [];
    const add = (target: Target, key: string | undefined): void => {
      if (target.kind !== 'item' || key === undefined || this.#called.has(key)) return;
      this.#called.add(key);
      pending.push(target);
    };
    for (const { target, key } of uses) add(target, key);
    for (const target of slots) if (target.kind === 'item') add(target, keyOf(target));
    for (let next = pending.pop(); next; next = pending.pop())
      for (const { target, key } of this.#uses.usesOf(next)) add(target, key);
  }

  /** What any module that is evaluated does to what the function reaches. */
  #addOthers(): void {
    for (const [key, place] of this.#reached) {
      if (key !== this.#entry) for (const resolved of this.#uses.usesOf(place)) this.#addRead(resolved);
      if (!this.#uses.mayHoldState(key, place)) continue;
      for (const used of this.#uses.usesOfTarget(key, this.#modules))
        if (keyOf(used.by) !== this.#entry) this.#addChange(used.by, used);
    }
    for (const name of this.#packages) {
      for (const { use, by } of this.#uses.usesOfTarget(name, this.#modules))
        if (use.isLater && setsUp(use) && !this.#runsAtLoadOnly(by)) this.#setUps.set(keyOf(by), by);
    }
  }

  #addRead({ use, target, key }: ResolvedUse): void {
    if (target.kind !== 'item' || key === undefined) return;
    const isText = use.method === 'toString' || use.method === 'name';
    if (!isText && !this.#changes.has(key) && !this.#uses.mayHoldState(key, target)) return;
    if (use.how === 'write' && use.isMember !== undefined) return;
    if (use.how === 'receiver' && use.isDiscarded === true && this.#isPlainMutator(use, target)) return;
    const kind = isText ? this.#uses.itemOf(target)?.kind : undefined;
    if (kind === 'function' || kind === 'class') this.#texts.set(key, target);
    this.#addName(target, key);
    if (use.how === 'receiver') this.#receivers.add(key);
  }

  #addName(target: Extract<Target, { kind: 'item' }>, key: string): void {
    const names = this.#read.get(key);
    if (names) names.add(target.name);
    else this.#read.set(key, new Set([target.name]));
  }

  /** `log.push(x)`, where nobody looks at what it gives: the function writes there, and reads nothing. */
  #isPlainMutator(use: ItemUse, target: Extract<Target, { kind: 'item' }>): boolean {
    const item = this.#uses.itemOf(target);
    if (!item?.traits.isCollection) return false;
    return changes(use, { ...item, traits: { ...item.traits, isFlat: true } });
  }

  #addChange(by: Change['by'], { use, target, key }: ResolvedUse): void {
    if (target.kind !== 'item' || key === undefined) return;
    const item = this.#reached.has(key) ? this.#uses.itemOf(target) : undefined;
    if (!item) return;
    const isOwn = by !== 'entry' && keyOf(by) === key;
    const isCallOfClosure = use.how === 'call' && item.kind === 'value';
    if (!changes(use, item) && !isCallOfClosure) return;
    // What an initialiser makes of its own name, it makes at load.
    if (isOwn && !use.isLater) return;
    const change = { by, use, isAtLoad: !use.isLater && use.isCallback !== true };
    const known = this.#changes.get(key);
    if (known) known.push(change);
    else this.#changes.set(key, [change]);
  }

  #countsOf(place: ItemPlace, item: Item, key: string): StateFinding['counts'] | undefined {
    if (item.isIgnored || item.isCached || item.traits.holds === 'nothing' || !this.#read.has(key))
      return undefined;
    if (this.#isMemory(place.path, item)) return undefined;
    const all = this.#changes.get(key) ?? [];
    const real = all.filter(({ use }) => use.how !== 'call');
    const isMemo = item.traits.isEmpty && all.some(({ use }) => use.isMemo === true);
    const foreign = all.filter((change) => !this.#isOwn(change, isMemo) && !this.#isLoadOnly(change));
    const isObject = holdsObject(item);
    const isOpen = item.traits.isExported && isObject;
    const hides = item.traits.hidesStatics || (item.kind === 'value' && this.#hides(place));
    if (hides && (isOpen || foreign.length > 0)) return 'hidden';
    const isWritten = foreign.some(({ use }) => use.how === 'write' && use.isMember);
    if (isWritten && this.#mayBeGlobalObject(place)) return 'hidden';
    if (this.#isPackageMade(place, item) && this.#receivers.has(key) && (isOpen || foreign.length > 0))
      return 'hidden';
    // Private fields that nothing changes hold what the code says; who has not been seen cannot reach them.
    if (foreign.length === 0 && item.kind === 'value' && this.#makesPrivate(place)) return undefined;
    if (isOpen || foreign.some(({ use }) => use.how !== 'call')) return 'live';
    return real.some(({ isAtLoad }) => !isAtLoad) ? 'own' : undefined;
  }

  /** A change by the function's own code; a setter that others may call as well is nobody's own. */
  #isOwn({ by, use, isAtLoad }: Change, isMemoTable: boolean): boolean {
    if (by === 'entry') return true;
    if (isAtLoad || !this.#called.has(keyOf(by))) return false;
    // What a memo table hands out are results, as the function's own are.
    const isLookup =
      isMemoTable && (use.how === 'part' || (use.how === 'receiver' && !mutators.has(use.method ?? '')));
    return use.isMemo === true || isLookup || !this.#isCalledByOthers(by);
  }

  /** A write that is over when the modules have loaded: the code of it counts. */
  #isLoadOnly({ by, use, isAtLoad }: Change): boolean {
    if (use.how !== 'write' || by === 'entry') return false;
    return isAtLoad || this.#runsAtLoadOnly(by);
  }

  /** Whether a function of its module's own is only called while modules load. */
  #runsAtLoadOnly(place: ItemPlace): boolean {
    const item = this.#uses.itemOf(place);
    if (item?.kind !== 'function' || item.traits.isExported || item.isCached) return false;
    return this.#uses
      .usesOfTarget(keyOf(place), this.#modules)
      .every(({ use }) => use.how === 'call' && !use.isLater && use.isCallback !== true);
  }

  #isCalledByOthers(by: ItemPlace): boolean {
    const item = this.#uses.itemOf(by);
    if (!item || item.isCached) return false;
    if (item.traits.isExported) return true;
    return this.#uses
      .usesOfTarget(keyOf(by), this.#modules)
      .some((used) => !this.#called.has(keyOf(used.by)) && keyOf(used.by) !== this.#entry);
  }

  #isMemory(path: string, item: Item): boolean {
    return Object.values(item.origins ?? {}).some((origin) => isMemory(this.#targets, path, origin));
  }

  /** Whether what an initialiser makes may keep state in a closure or in private fields. */
  #hides(start: ItemPlace): boolean {
    const seen = new Set([keyOf(start)]);
    const pending = [start];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const item = this.#uses.itemOf(next);
      if (item?.hides) return true;
      for (const { use, target } of this.#uses.usesOf(next)) {
        if (target.kind !== 'item' || use.how === 'read' || use.how === 'write' || seen.has(keyOf(target)))
          continue;
        if (use.isInner === true || (use.how === 'pass' && !this.#runsWhatItIsGiven(next))) continue;
        seen.add(keyOf(target));
        pending.push(target);
      }
    }
    return false;
  }

  /** A name for the object of all globals: what is written by it cannot be told from what the platform has. */
  #mayBeGlobalObject(place: ItemPlace): boolean {
    const named = this.#uses
      .usesOf(place)
      .flatMap(({ use, target }) => (use.how === 'call' && target.kind === 'item' ? [target] : []));
    const items = [place, ...named].map((each) => this.#uses.itemOf(each));
    return items[0]?.kind === 'value' && items.some((each) => each?.globals.includes(anyGlobal));
  }

  /** Whether a call that an item makes may run the functions that it is given. */
  #runsWhatItIsGiven(place: ItemPlace): boolean {
    return this.#uses.usesOf(place).some(({ use, target }) => {
      if (use.how !== 'call' && use.how !== 'receiver') return false;
      const item = target.kind === 'item' ? this.#uses.itemOf(target) : undefined;
      return item?.kind !== 'function' || item.runsParameters;
    });
  }

  #makesPrivate(place: ItemPlace): boolean {
    return this.#uses
      .usesOf(place)
      .some(
        ({ use, target }) =>
          use.method === 'new' &&
          target.kind === 'item' &&
          this.#uses.itemOf(target)?.traits.hasPrivate === true,
      );
  }

  /** Made by a function of a package: a store, a scale. Instances keep their state in fields, which can be read. */
  #isPackageMade(place: ItemPlace, item: Item): boolean {
    if (item.kind !== 'value') return false;
    return this.#uses
      .usesOf(place)
      .some(
        ({ use, target }) =>
          target.kind === 'input' && use.how === 'call' && !use.isLater && use.method !== 'new',
      );
  }
}

/** Names of functions that set something up for all later calls. */
const setUp =
  /^(?:set|config|use|extend|register|define|defs|add|install|init|setup|enable|disable|locale|mixin|plugin|default[A-Z]|load|patch|override|reset|clear|seed)/i;

/** `Decimal.config(…)` in a function that somebody may call at any time. */
function setsUp(use: ItemUse): boolean {
  if (use.how === 'write') return true;
  const imported = typeof use.of !== 'string' && use.of.kind === 'import' ? use.of.name : '';
  return isSetting(use) && setUp.test((use.how === 'receiver' ? use.method : imported) ?? '');
}

function holdsObject(item: Item): boolean {
  return item.kind === 'value' ? !item.isFrozen : item.traits.holds === 'code';
}
