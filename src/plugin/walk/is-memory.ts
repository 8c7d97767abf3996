import type { Slot } from '../summary/module-summary.ts';
import type { Target, Targets } from './targets.ts';

/** Whether a slot holds an instance of Keepsake's Memory, followed across files. */
export function isMemory(targets: Targets, path: string, slot: Slot, depth = 0): boolean {
  if (slot.kind === 'new') return isMemoryClass(targets.ofSlot(path, slot.of));
  const target = targets.ofSlot(path, slot);
  if (target.kind !== 'item' || depth > 8) return false;
  const constructs = targets.summary(target.path)?.items[target.index]?.constructs;
  return constructs !== undefined && isMemory(targets, target.path, constructs, depth + 1);
}

function isMemoryClass(target: Target): boolean {
  return target.kind === 'library' && target.name === 'Memory';
}
