/** Looks at objects by their members: two copies of a library make objects of two classes, and mean the same. */

/** An object with anything under every name. */
export type WithMembers<Name extends string> = Record<Name, unknown>;

/** Whether it is an object that has, or inherits, all of these members. */
export function has<Name extends string>(
  value: unknown,
  ...names: readonly Name[]
): value is WithMembers<Name> {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** Whether the object has methods of these names. */
export const hasMethods = (value: object, ...names: readonly string[]): boolean =>
  names.every((name) => typeof Reflect.get(value, name) === 'function');

/** 'Map', 'Temporal.PlainDate' and so on. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** How many classes there are above the one of the object, Object not counted. */
export function inheritedClasses(value: object): number {
  let count = -1;
  for (let level = Object.getPrototypeOf(value); level && level !== Object.prototype; count++) {
    level = Object.getPrototypeOf(level);
  }
  return count;
}

/** The members of these names, as far as they are there. */
export const pick = (value: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => name in value).map((name) => [name, Reflect.get(value, name)]));

/** Stops a codec, for what cannot be told or restored. */
export function refuse(what: string): never {
  throw new TypeError(what);
}

/** Whether two pieces of plain data say the same. */
export const saysSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** A class that makes objects from whatever it is given. */
// biome-ignore lint/suspicious/noExplicitAny: parameters of a class of a library that this package does not depend on
export type AnyClass<T = any> = new (...args: any[]) => T;
