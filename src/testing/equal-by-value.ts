/**
 * What "the same argument" means, written down a second time and plainly: the reference that keys are tested against.
 * Slow on purpose: sets are compared member by member. Acyclic values only.
 */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value);
const bytesOf = (view: ArrayBufferView): number[] => [
  ...new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
];

type Pair = readonly [unknown, unknown];
const allEqual = (pairs: readonly Pair[]): boolean => pairs.every(([a, b]) => equalByValue(a, b));

/** Own members; `hidden` ones are not enumerable but count. */
function equalMembers(a: object, b: object, hidden: readonly string[] = []): boolean {
  const namesOf = (object: object) =>
    [...new Set([...hidden.filter((name) => Object.hasOwn(object, name)), ...Object.keys(object)])].sort();
  const names = namesOf(a);
  if (names.join('\0') !== namesOf(b).join('\0') || names.length !== namesOf(b).length) return false;
  return allEqual(names.map((name) => [Reflect.get(a, name), Reflect.get(b, name)]));
}

function equalSets(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean {
  const left = [...b];
  return (
    a.size === b.size &&
    [...a].every((member) => {
      const found = left.findIndex((each) => equalByValue(member, each));
      if (found >= 0) left.splice(found, 1);
      return found >= 0;
    })
  );
}

function equalObjects(a: object, b: object): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && equalMembers(a, b);
  if (a instanceof Map && b instanceof Map) return a.size === b.size && equalEntries(a, b);
  if (a instanceof Set && b instanceof Set) return equalSets(a, b);
  if (a instanceof Error && b instanceof Error) {
    if (a instanceof DOMException) return a.name === b.name && a.message === b.message;
    return a.name === b.name && a.message === b.message && equalMembers(a, b, ['cause', 'errors']);
  }
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return equalByValue(bytesOf(a), bytesOf(b));
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    const limits = [a, b].map((buffer) => (buffer.resizable ? buffer.maxByteLength : -1));
    return limits[0] === limits[1] && equalByValue(bytesOf(new Uint8Array(a)), bytesOf(new Uint8Array(b)));
  }
  if (a instanceof Date) return Object.is(a.getTime(), Number(b));
  if (a instanceof RegExp || a instanceof URL || a instanceof URLSearchParams) return String(a) === String(b);
  if (['[object Number]', '[object String]', '[object Boolean]', '[object BigInt]'].includes(tagOf(a))) {
    return Object.is(a.valueOf(), b.valueOf());
  }
  return equalMembers(a, b);
}

function equalEntries(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  const right = [...b];
  return [...a].every(([key, value], index) => {
    const [otherKey, otherValue] = right[index] ?? [];
    return equalByValue(key, otherKey) && equalByValue(value, otherValue);
  });
}

/** Whether two values are the same argument. */
export function equalByValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  return tagOf(a) === tagOf(b) && equalObjects(a, b);
}
