import type { RawItem } from './split-module.ts';
import type { Use, When } from './survey.ts';

/** Who writes each item, and which items stay mutable after load. */
export interface ModuleState {
  readonly writers: readonly (readonly number[])[];
  readonly isMutable: readonly boolean[];
}

interface Tables {
  readonly items: readonly RawItem[];
  readonly uses: readonly Use[];
  /** Target to its uses. */
  readonly byTarget: ReadonlyMap<string, readonly Use[]>;
  readonly isLoadOnly: readonly boolean[];
  /** Target to the items that declare it. */
  readonly itemsOf: ReadonlyMap<string, readonly number[]>;
  /** Item to the functions of this module that it may run while the module is evaluated. */
  readonly runs: readonly ReadonlySet<number>[];
}

/** Works out the state rule for one module. */
export function findModuleState(
  items: readonly RawItem[],
  uses: readonly Use[],
  exportedNames: ReadonlySet<string>,
): ModuleState {
  const byTarget = groupByTarget(uses);
  const isLoadOnly = findLoadOnly(items, byTarget, exportedNames);
  const itemsOf = itemsByTarget(items);
  const tables: Tables = { items, byTarget, isLoadOnly, itemsOf, uses, runs: findRuns(items, uses, itemsOf) };
  return {
    writers: items.map((item, index) => writersOf(tables, item, index)),
    isMutable: items.map((item) => item.names.some((name) => isMutableName(tables, name))),
  };
}

function itemsByTarget(items: readonly RawItem[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    for (const name of item.names) {
      const target = `local:${name}`;
      groups.set(target, [...(groups.get(target) ?? []), index]);
    }
  }
  return groups;
}

function groupByTarget(uses: readonly Use[]): Map<string, Use[]> {
  const groups = new Map<string, Use[]>();
  for (const use of uses) {
    const group = groups.get(use.target);
    if (group) group.push(use);
    else groups.set(use.target, [use]);
  }
  return groups;
}

const isAtLoad = (when: When): boolean => when === 'load' || when === 'maybe';

/** Functions that run only while the module is evaluated: every mention is a direct call at load. */
function findLoadOnly(
  items: readonly RawItem[],
  byTarget: ReadonlyMap<string, readonly Use[]>,
  exportedNames: ReadonlySet<string>,
): boolean[] {
  const candidates = items.map(
    (item) =>
      item.kind === 'function' &&
      item.names.every((name) => !exportedNames.has(name)) &&
      (item.value ?? item.node).async !== true &&
      (item.value ?? item.node).generator !== true,
  );
  for (let changed = true; changed; ) {
    changed = false;
    for (const [index, item] of items.entries()) {
      const uses = item.names.flatMap((name) => byTarget.get(`local:${name}`) ?? []);
      const isDeclaration = (use: Use): boolean =>
        use.item === index && use.how === 'mention' && use.when === 'body';
      const holds = uses.every(
        (use) =>
          isDeclaration(use) ||
          (use.how === 'call' &&
            (use.when === 'load' || (use.when === 'body' && candidates[use.item] === true))),
      );
      if (candidates[index] && !holds) {
        candidates[index] = false;
        changed = true;
      }
    }
  }
  return candidates;
}

/** For each item that runs at load: the functions of the module it reaches by mentions, transitively. */
function findRuns(
  items: readonly RawItem[],
  uses: readonly Use[],
  itemsOf: ReadonlyMap<string, readonly number[]>,
): Set<number>[] {
  const mentions = items.map(() => new Set<number>());
  const starts = items.map(() => new Set<number>());
  for (const use of uses) {
    for (const target of itemsOf.get(use.target) ?? []) {
      if (target === use.item || use.how === 'write') continue;
      mentions[use.item]?.add(target);
      if (isAtLoad(use.when)) starts[use.item]?.add(target);
    }
  }
  const nothing = new Set<number>();
  return items.map((item, index) => {
    const start = item.kind === 'function' ? nothing : (starts[index] ?? nothing);
    return start.size === 0 ? nothing : reachable(start, mentions, items);
  });
}

function reachable(
  start: ReadonlySet<number>,
  mentions: readonly ReadonlySet<number>[],
  items: readonly RawItem[],
): Set<number> {
  const seen = new Set<number>();
  const pending = [...start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const kind = items[next]?.kind;
    if (seen.has(next) || (kind !== 'function' && kind !== 'class' && kind !== 'value')) continue;
    seen.add(next);
    // What a value holds may be called through it; what its initialiser ran, ran by itself.
    pending.push(...(mentions[next] ?? []));
  }
  return seen;
}

function isMutableName(tables: Tables, name: string): boolean {
  const writes = (tables.byTarget.get(`local:${name}`) ?? []).filter((use) => use.how === 'write');
  return writes.some(
    (use) =>
      use.when === 'later' || use.when === 'maybe' || (use.when === 'body' && !tables.isLoadOnly[use.item]),
  );
}

/** The items that change what an item declares: its writers, and whatever runs those at load. */
function writersOf(tables: Tables, item: RawItem, index: number): number[] {
  const writers = new Set<number>();
  const functions = new Set<number>();
  const passers = new Set<number>();
  for (const use of item.names.flatMap((name) => tables.byTarget.get(`local:${name}`) ?? [])) {
    if (use.item === index) continue;
    const isFunction = tables.items[use.item]?.kind === 'function';
    if (use.how === 'write') (isFunction ? functions : writers).add(use.item);
    if (use.how === 'pass' && item.kind === 'value') {
      if (isFunction) passers.add(use.item);
      else if (isAtLoad(use.when)) writers.add(use.item);
    }
  }
  for (const name of item.names) {
    for (const other of tables.itemsOf.get(`local:${name}`) ?? []) if (other !== index) writers.add(other);
  }
  const isWritten = functions.size + passers.size > 0;
  for (const [eager, ran] of isWritten ? tables.runs.entries() : []) {
    if (eager === index || tables.items[eager]?.kind === 'function') continue;
    const ranPassers = [...passers].filter((each) => ran.has(each));
    if (ranPassers.length > 0 || [...functions].some((each) => ran.has(each))) writers.add(eager);
    for (const passer of ranPassers) functions.add(passer);
  }
  return [...writers, ...functions].sort((left, right) => left - right);
}
