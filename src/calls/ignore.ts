/** The "ignore" option: which places in the arguments do not enter the key. */
import type { IgnoredPath } from '../keys/keys.ts';
import { type Parameter, parametersOf } from './parameters.ts';

const instead = 'give the position instead, such as 0, or a path such as "0.verbose"';

/** The position of a pattern that has the name in it. */
function patternWith(name: string, parameters: readonly Parameter[]): number {
  const words = parameters.map((each): readonly string[] =>
    /^[{[]/.test(each) ? (each.match(/[\p{ID_Continue}$]+/gu) ?? []) : [],
  );
  return words.findIndex((each) => each.includes(name));
}

function positionOf(name: string, parameters: readonly Parameter[] | undefined): number {
  if (!parameters) {
    throw new TypeError(
      `"ignore" names "${name}", but the function's parameters cannot be read from its source; ${instead}`,
    );
  }
  const position = parameters.indexOf(name);
  if (position >= 0) return position;
  const pattern = patternWith(name, parameters);
  if (pattern >= 0) {
    throw new TypeError(
      `"ignore" names "${name}", which is inside the pattern of parameter ${pattern}; give its path instead: "${pattern}.${name}"`,
    );
  }
  throw new TypeError(
    `"ignore" names "${name}", but the parameters are ${parameters.join(', ') || '(none)'}; ${instead}`,
  );
}

/**
 * Turns positions, names and paths into paths from the argument list down.
 * @param known The parameters, where the build plugin names them: `...rest` as in the source.
 * @throws TypeError for a name that is no parameter's.
 */
export function ignoredPaths(
  places: readonly (number | string)[],
  source: string,
  known?: readonly Parameter[],
): readonly IgnoredPath[] | undefined {
  if (places.length === 0) return undefined;
  const parameters = known?.map((each) => each.replace(/^\.\.\./, '')) ?? parametersOf(source);
  return places.map((place) => {
    const [head = '', ...rest] = String(place).split('.');
    return [/^\d+$/.test(head) ? Number(head) : positionOf(head, parameters), ...rest];
  });
}
