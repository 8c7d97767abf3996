/** Where in a value something is, as text in the language's own notation: `arguments[0].layers[2].onEnd`. */

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const longestKey = 80;
const stepsKeptAtEachEnd = 16;

const shorten = (text: string): string =>
  text.length <= longestKey ? text : `${text.slice(0, longestKey)}…`;

/** `.name`, or `["odd name"]`. */
export const fieldStep = (name: string): string =>
  identifier.test(name) ? `.${shorten(name)}` : `[${JSON.stringify(shorten(name))}]`;

/** `[3]`. */
export const indexStep = (index: number): string => `[${index}]`;

/** A member of a Map by its position in turns of keys and values: `.get("key")`, or `.keys()[3]` for a key itself. */
export function mapStep(items: readonly unknown[], position: number): string {
  const entry = position >> 1;
  if (position % 2 === 0) return `.keys()[${entry}]`;
  const key = items[position - 1];
  if (typeof key === 'string') return `.get(${JSON.stringify(shorten(key))})`;
  if ((typeof key !== 'object' || key === null) && typeof key !== 'symbol' && typeof key !== 'function') {
    return `.get(${shorten(String(key))}${typeof key === 'bigint' ? 'n' : ''})`;
  }
  return `.values()[${entry}]`;
}

/** A member of a Set, by its position. */
export const setStep = (position: number): string => `.values()[${position}]`;

/** Root and steps as one text; the middle of a very deep one is left out. */
export function pathText(root: string, steps: readonly string[]): string {
  if (steps.length <= 2 * stepsKeptAtEachEnd) return root + steps.join('');
  const start = steps.slice(0, stepsKeptAtEachEnd).join('');
  const left = steps.length - 2 * stepsKeptAtEachEnd;
  return `${root}${start}…(${left} more)…${steps.slice(-stepsKeptAtEachEnd).join('')}`;
}
