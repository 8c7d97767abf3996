import { mutators } from './item-uses.ts';
import type { Item, ItemUse } from './module-summary.ts';

/** Whether a use may change what an item declares. */
export function changes(use: ItemUse, item: Item): boolean {
  const { traits } = item;
  if (item.isCached || traits.holds === 'nothing') return false;
  if (item.isFrozen) return use.how === 'write' && use.isMember !== true;
  switch (use.how) {
    case 'write':
      return true;
    case 'pass':
      return item.kind !== 'literal' && !(traits.holds === 'value' && item.kind === 'function');
    case 'part':
      return (
        item.kind !== 'literal' && item.kind !== 'function' && (!traits.isFlat || use.method === 'buffer')
      );
    case 'receiver':
      return receives(use, item);
    default:
      return false;
  }
}

function receives(use: ItemUse, { kind, traits }: Item): boolean {
  if (kind === 'literal' || (traits.isInert && (use.isMember !== true || traits.isInertWithin))) return false;
  if (kind === 'function') return !/^(?:call|apply|bind|toString)$/.test(use.method ?? '');
  if (use.method === 'subarray') return true;
  if (traits.isCollection) return mutators.has(use.method ?? '') || !traits.isFlat;
  return true;
}
