import type { Item, Note } from '../summary/module-summary.ts';
import type { StateFinding } from './reached-state.ts';

/** What is said about state that a function reaches. */
export function notesOfState({ counts, names }: StateFinding, item: Item): Note[] {
  const name = names[0] ?? item.names[0] ?? '';
  const place = { start: item.start, end: item.start + name.length };
  switch (counts) {
    case 'own':
      return [
        {
          code: 'FP002',
          message: `module-level "${name}" is changed by the function itself; it counts as it was when its module had loaded`,
          ...place,
        },
      ];
    case 'hidden':
      return [
        {
          code: 'FP010',
          message: `"${name}" may keep state in a closure, a private field or a package, where it cannot be read; the function is not kept: pass what it reads as an argument, or silence this at the declaration`,
          ...place,
        },
      ];
    case 'package':
      return [
        {
          code: 'FP010',
          message: `sets up a package while the page runs, and the function uses that package: what it was told is not part of the key; do it once, when the module loads`,
          ...place,
        },
      ];
    case 'text':
      return [
        {
          code: 'FP009',
          message: `reads the name or the source text of "${name}", which other names and another layout change, but not the fingerprint; compute with something else`,
          ...place,
        },
      ];
    case 'live':
      return item.isMutable
        ? [
            {
              code: 'FP002',
              message: `module-level "${name}" changes at run time; its value is added to the key`,
              ...place,
            },
          ]
        : [];
  }
}
