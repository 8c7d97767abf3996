/** Arrays: holes and named members make them more than a list. */

/** Named members of an array (a RegExp match has some); `presentCount` is the number of elements that are no holes. */
export function extraNames(array: readonly unknown[], presentCount: number): string[] {
  // Object.values makes no text of each index, as Object.keys does: 8 against 70 ms for a million integers in Node 24.
  const extraCount = Object.values(array).length - presentCount;
  return extraCount > 0 ? Object.keys(array).slice(presentCount) : [];
}

/** Indices that are no holes, ascending. Work in proportion to these, not to the array's length. */
export function presentIndices(array: readonly unknown[]): number[] {
  const indices: number[] = [];
  for (const name of Object.keys(array)) {
    const index = Number(name);
    // Indices come first, ascending; the first other name ends them.
    if (String(index) !== name || !(index >= 0 && index < array.length && Number.isInteger(index))) break;
    indices.push(index);
  }
  return indices;
}
