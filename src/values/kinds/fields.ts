/** Named members: plain objects, class instances, errors, and whatever else carries own properties. */

const hasEnumerable = Object.prototype.propertyIsEnumerable;

/** The first own enumerable symbol: such members are refused, since a symbol is equal to nothing but itself. */
export function enumerableSymbol(value: object): symbol | undefined {
  const symbols = Object.getOwnPropertySymbols(value);
  return symbols.length === 0 ? undefined : symbols.find((symbol) => hasEnumerable.call(value, symbol));
}

/** Own enumerable names, in the object's order. */
export const fieldNames = (value: object): string[] => Object.keys(value);

/** Reads a member; an accessor is evaluated, as structured clone does. */
// Only own names are asked for, so the read stays off the prototype.
export const readField = (value: object, name: string): unknown => (value as Record<string, unknown>)[name];
