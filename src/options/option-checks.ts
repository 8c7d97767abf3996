/** Checks of single values that are given as options. Each message names the option and what is accepted. */

const suffixes: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** A value as one would write it, for messages. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null
    ? `an ${Array.isArray(value) ? 'array' : 'object'}`
    : String(value);
}

/** A byte count: a non-negative number, Infinity too, or text such as '512M' with joblib's suffixes K, M and G. */
export function parseBytes(value: number | string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)$/.exec(String(value));
  const inText = match ? Number(match[1]) * (suffixes[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
  const bytes = typeof value === 'number' ? value : inText;
  if (!(bytes >= 0)) {
    throw new RangeError(
      `"${option}" is ${shown(value)}; give a number of bytes, or text such as "512M" with K, M or G`,
    );
  }
  return Math.floor(bytes);
}

export function oneOf<T>(value: T, option: string, accepted: readonly T[]): T {
  if (accepted.includes(value)) return value;
  const list = accepted.map((each) => JSON.stringify(each)).join(', ');
  throw new TypeError(`"${option}" is ${shown(value)}; accepted are ${list}`);
}

export function countOf(value: number, option: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new RangeError(`"${option}" is ${shown(value)}; give a number of at least 0`);
}

/** A share of hits, or a word. */
export function shareOf<T extends string>(value: T | number, option: string): T | number {
  if (typeof value !== 'number')
    return oneOf(value, option, ['off', 'development'] as readonly string[] as T[]); // the words of T
  if (value >= 0 && value <= 1) return value;
  throw new RangeError(`"${option}" is ${value}; give a share of hits from 0 to 1, "development" or "off"`);
}

export function textOf(value: unknown, option: string): void {
  if (typeof value === 'string' && value !== '') return;
  throw new TypeError(`"${option}" is ${shown(value)}; give a text of at least one character`);
}

export function functionOf(value: unknown, option: string): void {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`"${option}" is ${shown(value)}; give a function`);
}

export function refuseUnknown(options: object, known: readonly string[], what: string): void {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new TypeError(`${what} has no option "${unknown}"; it has ${known.join(', ')}`);
}
