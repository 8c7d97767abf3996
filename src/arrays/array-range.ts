/** Index arithmetic of arrays: half-open ranges, negative indices from the end, nothing outside the array. */

function refuse(what: string, length: number): never {
  throw new RangeError(
    `${what} lies outside of the array, which has ${length} elements; indices go from ${length === 0 ? 0 : -length} to ${length}`,
  );
}

/** The index from the start; `length` itself is the end of a range. */
const fromStart = (index: number, length: number): number => (index < 0 ? length + index : index);

const isInside = (index: number, length: number): boolean =>
  Number.isInteger(index) && index >= 0 && index <= length;

/**
 * Start and end of a range, as TypedArray.subarray() takes them; an end before the start makes it empty.
 * @throws RangeError where either lies outside, which subarray() would clamp.
 */
export function resolveRange(
  length: number,
  start: number = 0,
  end: number = length,
): readonly [start: number, end: number] {
  const [from, to] = [fromStart(start, length), fromStart(end, length)];
  if (!isInside(from, length) || !isInside(to, length)) refuse(`The range [${start}, ${end})`, length);
  return [from, Math.max(from, to)];
}

/** The index of one element. @throws RangeError */
export function resolveIndex(length: number, index: number): number {
  const at = fromStart(index, length);
  if (!isInside(at, length) || at === length) refuse(`The index ${index}`, length);
  return at;
}

/** Where `count` elements go. Negative offsets count from the end. @throws RangeError */
export function resolveOffset(length: number, offset: number, count: number): number {
  const at = fromStart(offset, length);
  if (!isInside(at, length) || at + count > length)
    refuse(`The range [${offset}, ${offset + count})`, length);
  return at;
}

/** The shape with its open length filled in. @throws RangeError where it does not hold exactly `length` elements */
export function resolveShape(length: number, shape: readonly number[]): readonly number[] {
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const resolved = shape.map((size) => (size === -1 ? length / known : size));
  const isWhole = resolved.every((size) => Number.isInteger(size) && size >= 0);
  if (isWhole && resolved.reduce((product, size) => product * size, 1) === length) return resolved;
  throw new RangeError(`The shape [${shape.join(', ')}] does not hold the array's ${length} elements`);
}
