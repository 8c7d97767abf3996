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

/** What does not enter the key. */
export interface Ignored {
  readonly args: readonly IgnoredPath[];
  /** Captured values, by name: `onProgress`, `config.verbose`; fields of the receiver as `this.element`. */
  readonly captures: readonly IgnoredPath[];
}

/** What tells the names of captured values from mistaken names of parameters. */
export interface Surroundings {
  readonly source: string;
  /** The parameters, where the build plugin names them: `...rest` as in the source. */
  readonly params?: readonly Parameter[] | undefined;
  /** Sources of what reads the captured values: their names survive minification there. */
  readonly captures?: string;
}

/** Whether a name that is no parameter's can be that of a captured value. */
function isCaptured(name: string, { source, captures = '' }: Surroundings): boolean {
  const word = new RegExp(
    `(?<![\\p{ID_Continue}$.])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`,
    'u',
  );
  return word.test(`${source} ${captures}`);
}

/**
 * Turns positions, names and paths into paths from the argument list and from the captured values down.
 * @throws TypeError for a name that is no parameter's and no captured value's.
 */
export function ignoredPaths(
  places: readonly (number | string)[],
  surroundings: Surroundings,
): Ignored | undefined {
  if (places.length === 0) return undefined;
  const { params, source } = surroundings;
  const isName = (text: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
  const parameters = params?.map((each) => each.replace(/^\.\.\./, '')) ?? parametersOf(source);
  const ignored = { args: [] as IgnoredPath[], captures: [] as IgnoredPath[] };
  for (const place of places) {
    const [head = '', ...rest] = String(place).split('.');
    const isParameter =
      /^\d+$/.test(head) || parameters?.includes(head) || patternWith(head, parameters ?? []) >= 0;
    if (head === 'this' && rest.length > 0) ignored.captures.push([`this.${rest[0]}`, ...rest.slice(1)]);
    else if (!isParameter && isName(head) && isCaptured(head, surroundings))
      ignored.captures.push([head, ...rest]);
    else ignored.args.push([/^\d+$/.test(head) ? Number(head) : positionOf(head, parameters), ...rest]);
  }
  return ignored;
}
