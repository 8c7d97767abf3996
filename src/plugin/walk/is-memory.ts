import type { Site, Slot } from '../summary/module-summary.ts';
import type { Target, Targets } from './targets.ts';
import type { Request } from './world.ts';

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

/** Whether a site's callee is a Memory, and the files that say so. */
export interface Recognition {
  readonly isOurs: boolean;
  readonly files: ReadonlySet<string>;
}

/** Follows a site's callee to the `new Memory()` that it comes from. */
export function recogniseSite(
  targets: Targets,
  path: string,
  site: Site,
): Recognition | { readonly missing: readonly Request[] } {
  targets.files = new Set();
  targets.missing.clear();
  const isOurs = site.callee !== undefined && isMemory(targets, path, site.callee);
  const { files, missing } = targets;
  return missing.size > 0 ? { missing: [...missing.values()] } : { isOurs, files };
}
