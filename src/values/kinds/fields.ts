/** Named members: plain objects, class instances, errors, and whatever else carries own properties. */

const isEnumerable = Object.prototype.propertyIsEnumerable;

/** The members of an object that a list of its enumerable names leaves out. */
export interface HiddenMembers {
  /** Names that are not enumerable. */
  readonly names: readonly string[];
  /** A member's symbol. Such members are refused, since a symbol is equal to nothing but itself. */
  readonly symbol: symbol | undefined;
}

/** MobX keeps its own state of an observable under a symbol: the members say all of the value. */
const isBookkeeping = (symbol: symbol): boolean => symbol.description === 'mobx administration';

/** The first symbol that is a member's name. */
export function memberSymbol(value: object): symbol | undefined {
  const symbols = Object.getOwnPropertySymbols(value);
  return symbols.length === 0 ? undefined : symbols.find((symbol) => !isBookkeeping(symbol));
}

/** Names of members that are not enumerable, but for one that every such object has. */
export const hiddenNames = (value: object, usual?: string): string[] =>
  Object.getOwnPropertyNames(value).filter((name) => name !== usual && !isEnumerable.call(value, name));

/** What is there beside `names`, the object's enumerable names; undefined where that is nothing. */
export function hiddenMembers(value: object, names: readonly string[]): HiddenMembers | undefined {
  const symbol = memberSymbol(value);
  const isAll = Object.getOwnPropertyNames(value).length === names.length;
  if (isAll && symbol === undefined) return undefined;
  return { names: isAll ? [] : hiddenNames(value), symbol };
}

/** Own enumerable names, in the object's order. */
export const fieldNames = (value: object): string[] => Object.keys(value);

/** Reads a member; an accessor is evaluated, as structured clone does. */
// Only own names are asked for, so the read stays off the prototype.
export const readField = (value: object, name: string): unknown => (value as Record<string, unknown>)[name];

/** The first of these members that is an accessor. */
export function computedMember(value: object, names: readonly string[]): string | undefined {
  return names.find((name) => {
    const { get, set } = Object.getOwnPropertyDescriptor(value, name) ?? {};
    return (get ?? set) !== undefined;
  });
}

/** What may be done to an object: what JavaScript calls extensible, not extensible, sealed and frozen. */
export const integrities = ['open', 'closed', 'sealed', 'frozen'] as const;

/** Position in `integrities`. */
export function integrityOf(value: object): number {
  if (Object.isExtensible(value)) return 0;
  if (Object.isFrozen(value)) return 3;
  return Object.isSealed(value) ? 2 : 1;
}

/** The first of these members that is more than a value as open to changes as its object: an accessor, a constant. */
export function specialMember(
  value: object,
  names: readonly string[],
  integrity: number,
): string | undefined {
  return names.find((name) => {
    const member = Object.getOwnPropertyDescriptor(value, name);
    return member?.writable !== integrity < 3 || member.configurable !== integrity < 2;
  });
}
