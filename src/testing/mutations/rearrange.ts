/** Equal copies that look different inside, and near misses. Plain containers only: all else is kept. */

const isPlain = (value: object): boolean =>
  Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;

const defined = (value: unknown) => ({ value, enumerable: true, writable: true, configurable: true });

function copyMembers<T extends object>(target: T, source: object, names: readonly string[]): T {
  for (const name of names)
    Object.defineProperty(target, name, defined(rearrange(Reflect.get(source, name))));
  return target;
}

/** The same value with members and set elements in reverse order, and nothing shared. Acyclic values only. */
export function rearrange(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const names = Object.keys(value);
    return Object.assign(copyMembers([], value, names), { length: value.length });
  }
  if (value instanceof Map)
    return new Map([...value].map(([key, each]) => [rearrange(key), rearrange(each)]));
  if (value instanceof Set) return new Set([...value].reverse().map(rearrange));
  if (isPlain(value)) return copyMembers({}, value, Object.keys(value).reverse());
  return value;
}
