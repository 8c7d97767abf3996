/** The cached functions of the soak, and what their results are after writes. */
import { randomFrom } from '../faults/faults.ts';

/** So many equal elements, written to a stored result. */
export interface Patch {
  readonly start: number;
  readonly length: number;
  readonly value: number;
}

/** What a call with this argument must give. */
export interface Wanted {
  readonly n: number;
  readonly patches: readonly Patch[];
}

const KIB = 1024;

/** Bytes of the result for `n`: inside the record, in a segment, in a file of its own. */
export function sizeOf(n: number): number {
  const random = randomFrom(n * 7_919 + 1);
  const tier = random();
  const between = (from: number, to: number): number => Math.floor(from * (to / from) ** random());
  if (tier < 0.55) return between(100, 40 * KIB);
  if (tier < 0.97) return between(56 * KIB, 2_200 * KIB);
  return between(4_000 * KIB, 9_000 * KIB);
}

/** Repeats after so many elements, a prime: no two places that could be taken for each other have the same. */
const PERIOD = 1_009;

function fill<A extends Float64Array | Float32Array | Uint8Array>(array: A, n: number): A {
  const period = Math.min(PERIOD, array.length);
  for (let at = 0; at < period; at += 1) array[at] = (Math.imul(at + n, 0x9e3779b1) >>> 9) / 4;
  for (let filled = period; filled < array.length; filled *= 2) array.copyWithin(filled, 0, filled);
  return array;
}

/** A plain typed array. */
export const ramp = (n: number): Float64Array => fill(new Float64Array(Math.ceil(sizeOf(n) / 8)), n);

export interface Composite {
  readonly n: number;
  readonly notes: Map<string, string>;
  readonly bytes: Uint8Array;
  readonly floats: Float32Array;
}

/** An object around typed arrays. */
export const composite = (n: number): Composite => ({
  n,
  notes: new Map([['of', `result ${n}`]]),
  bytes: fill(new Uint8Array(Math.ceil(sizeOf(n) * 0.75)), n),
  floats: fill(new Float32Array(Math.ceil(sizeOf(n) / 16)), n),
});

export const isComposite = (n: number): boolean => n % 2 === 1;

/** The array that patches go to. */
export const patchedOf = (value: Float64Array | Composite): Float64Array | Uint8Array =>
  ArrayBuffer.isView(value) ? value : value.bytes;

/** How many elements that array has. */
export const patchedLength = (n: number): number =>
  Math.ceil(isComposite(n) ? sizeOf(n) * 0.75 : sizeOf(n) / 8);

/** What the call must give, computed here. */
export function expectedOf({ n, patches }: Wanted): Float64Array | Composite {
  const value = isComposite(n) ? composite(n) : ramp(n);
  const array = patchedOf(value);
  for (const { start, length, value: element } of patches) array.fill(element, start, start + length);
  return value;
}

const isSame = (a: ArrayBufferView, b: ArrayBufferView): boolean => indexedDB.cmp(a, b) === 0;

/** Whether a result is what the call must give. */
export function isRight(found: Float64Array | Composite, wanted: Wanted): boolean {
  const expected = expectedOf(wanted);
  if (ArrayBuffer.isView(expected)) return ArrayBuffer.isView(found) && isSame(found, expected);
  return (
    !ArrayBuffer.isView(found) &&
    found.n === expected.n &&
    found.notes.get('of') === expected.notes.get('of') &&
    isSame(found.bytes, expected.bytes) &&
    isSame(found.floats, expected.floats)
  );
}
