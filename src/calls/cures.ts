/** What helps where a part of a key cannot be told. */

/** First name of a path: `captures.config.log` → `config`, `this["odd name"]` → `odd name`. */
const firstName = /^\w+(?:\.([\p{ID_Continue}$]+)|\["((?:[^"\\]|\\.)*)"\])/u;

const trusted = 'give a "version" with "trustVersion: true", which then stands for all code';

/** What takes the part at a path out of the key. */
function cureOf(path: string): string {
  const [, plain, odd] = firstName.exec(path) ?? [];
  const name = plain ?? odd;
  if (path.includes('#'))
    return `if it makes no difference, "// keepsake-ignore FP002" at its declaration leaves it out; or ${trusted}`;
  if (path === 'captures')
    return 'return a plain object of names and values, such as "captures: () => ({ k })"';
  if (path.startsWith('depends')) return `list what tells it instead, or ${trusted}`;
  if (path.startsWith('this.constructor')) return trusted;
  if (path === 'this') return 'say which of its fields count: "captures() { return { field: this.field } }"';
  const place = path.startsWith('this') ? `this.${name}` : name;
  return `if it makes no difference, leave it out with "ignore: ['${place}']"; or ${trusted}`;
}

/** A cure takes stack, too: a call without an end fails with what it met first. */
export function cureOrRethrow(path: string, error: unknown): string {
  try {
    return cureOf(path);
  } catch {
    throw error;
  }
}
