import { changes } from './changes.ts';
import type { Item, ModuleSummary } from './module-summary.ts';

/** The names of a module's state: whatever may hold something else at a call than its code says. */
export function cellNames(summary: ModuleSummary): string[] {
  const open = openNames(summary);
  const names = summary.items.flatMap((item) =>
    isState(item)
      ? item.names.filter((name) => isIdentifier(name) && (isExportedObject(item) || open.has(name)))
      : [],
  );
  return [...new Set(names)];
}

const isIdentifier = (name: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);

/** Whether a declaration may hold something else at a call than its code says; which of them do, the walk decides. */
export const isState = (item: Item): boolean =>
  !item.isCached && !item.isFrozen && !item.isIgnored && item.traits.holds !== 'nothing';

/** Modules that nobody has seen may change what a module exports, except for its name. */
const isExportedObject = ({ kind, traits }: Item): boolean =>
  traits.isExported && (kind === 'value' || traits.holds === 'code');

/** Names that code of the module may change, or hands to code that may. */
function openNames({ items, symbols }: ModuleSummary): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { uses } of items) {
    for (const use of uses) {
      const name = typeof use.of !== 'string' && use.of.kind === 'local' ? use.of.name : '';
      const declaring = Object.hasOwn(symbols, name) ? (symbols[name] ?? []) : [];
      if (declaring.some((index) => items[index] && changes(use, items[index]))) open.add(name);
    }
  }
  return open;
}
