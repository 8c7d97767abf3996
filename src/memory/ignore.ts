/** The "ignore" option: which places in the arguments do not enter the key. */

import type { IgnoredPath } from '../keys/keys.ts';

/** Names of a function's parameters as its source spells them; undefined where the source cannot be read. */
export function parameterNames(source: string): string[] | undefined {
  const match =
    /^(?:async\s*)?(?:function\b[^(]*|[\w$#]+\s*)?\(([^()]*)\)/.exec(source) ??
    /^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (!match) return undefined;
  const names = (match[1] ?? '').split(',').map((part) =>
    part
      .replace(/=[\s\S]*$/, '')
      .replace(/^\s*\.\.\./, '')
      .trim(),
  );
  const all = names.filter((name) => name !== '');
  return all.every((name) => /^[\w$]+$/.test(name)) ? all : undefined;
}

function positionOf(name: string, names: readonly string[] | undefined): number {
  const position = names?.map((each) => each.replace(/^\.\.\./, '')).indexOf(name) ?? -1;
  if (position >= 0) return position;
  const known = names
    ? `its parameters are ${names.join(', ') || '(none)'}`
    : 'its parameters cannot be read from its source';
  throw new TypeError(
    `"ignore" names "${name}", but ${known}; give the position instead, such as 0, or a path such as "0.verbose"`,
  );
}

/** Turns positions, names and paths into paths from the argument list down. */
export function ignoredPaths(
  places: readonly (number | string)[],
  names: readonly string[] | undefined,
): readonly IgnoredPath[] | undefined {
  if (places.length === 0) return undefined;
  return places.map((place) => {
    const [head = '', ...rest] = String(place).split('.');
    return [/^\d+$/.test(head) ? Number(head) : positionOf(head, names), ...rest];
  });
}
