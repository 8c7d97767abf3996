/** Whether a value is what another is, down to the last thing that code can see of it: what "as it was" means. */

type Pairs = Map<object, object>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What is no member: the content of a Map, the time of a Date. */
function content(value: object): unknown[] {
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return [...value];
  if (value instanceof Date) return [value.getTime()];
  if (value instanceof RegExp) return [value.source, value.flags];
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  return [Object.prototype.toString.call(value)];
}

function sameObjects(a: object, b: object, pairs: Pairs): boolean {
  if (pairs.has(a)) return pairs.get(a) === b;
  pairs.set(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const states = [Object.isExtensible, Object.isSealed, Object.isFrozen];
  if (states.some((state) => state(a) !== state(b))) return false;
  const keys = Reflect.ownKeys(a);
  if (keys.length !== Reflect.ownKeys(b).length) return false;
  return sameLists(content(a), content(b), pairs) && keys.every((key) => sameMember(a, b, { key, pairs }));
}

const sameLists = (a: unknown[], b: unknown[], pairs: Pairs): boolean =>
  a.length === b.length && a.every((each, index) => same(each, b[index], pairs));

function sameMember(a: object, b: object, { key, pairs }: { key: PropertyKey; pairs: Pairs }): boolean {
  // Engines keep the stack each in their own way.
  if (key === 'stack') return Reflect.get(a, key) === Reflect.get(b, key);
  const [mine, other] = [a, b].map((value) => Object.getOwnPropertyDescriptor(value, key));
  if (!mine || !other || mine.get || other.get || mine.set || other.set) return false;
  const flags = ['enumerable', 'writable', 'configurable'] as const;
  return flags.every((flag) => mine[flag] === other[flag]) && same(mine.value, other.value, pairs);
}

/** Compares prototypes, members, what may be done to them, and content. */
export const same = (a: unknown, b: unknown, pairs: Pairs = new Map()): boolean =>
  isObject(a) && isObject(b) ? sameObjects(a, b, pairs) : Object.is(a, b);
