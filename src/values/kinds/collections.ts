/** Map and Set, read through the intrinsic methods: own properties of the object cannot interfere. */

/** Keys and values by turns, in insertion order. */
export function mapItems(map: ReadonlyMap<unknown, unknown>): unknown[] {
  const items: unknown[] = [];
  Map.prototype.forEach.call(map, (value, key) => void items.push(key, value));
  return items;
}

/** Members in insertion order. */
export function setItems(set: ReadonlySet<unknown>): unknown[] {
  const items: unknown[] = [];
  Set.prototype.forEach.call(set, (member) => void items.push(member));
  return items;
}
