/** Values of every kind that is stored in its own way, each with its one right form: what a memory full of entries holds. */
import type { Memory } from '../memory/memory.ts';

/** Values that any two calls differ in, though their sizes are alike. */
export interface Varied {
  readonly x: number;
  readonly text: string;
  readonly nested: ReadonlyMap<string, readonly number[]>;
  readonly one: Uint8Array<ArrayBuffer>;
  readonly two: Float64Array<ArrayBuffer>;
}

/** Bytes of each of the two buffers: of calls that are compressed; in the record; in two records; in segments; in files of their own. */
const PACKED = [2_000, 2_000, 120_000, 120_000];
const INLINE = [0, 0, 0, 2_000, 2_000, 2_000, 2_000, 8_000, 8_000, 20_000];
const TWO_RECORDS = [25_000, 40_000];
const SEGMENTS = [60_000, 60_000, 60_000, 70_000];
const FILES = [1_970_000, 1_970_000];
const SIZES = [...PACKED, ...INLINE, ...TWO_RECORDS, ...SEGMENTS, ...FILES];

/** Arguments whose values are small; those of all sizes. */
export const SMALL_CALLS = SIZES.length - FILES.length;
export const ALL_CALLS = SIZES.length;

/** Compressed results cannot be mapped. */
export const isPacked = (x: number): boolean => x < PACKED.length;

const sizeOf = (x: number): number => SIZES[x] ?? 0;

const made = new Map<number, Varied>();

/** What the call gives; not to be changed. */
function expected(x: number): Varied {
  const value = made.get(x) ?? varied(x);
  made.set(x, value);
  return value;
}

/** Whether they are the first bytes of the call's value. */
export const isFirstBuffer = (bytes: Uint8Array, x: number): boolean =>
  indexedDB.cmp(bytes, expected(x).one) === 0;

/** The function: `x` alone says what its value is. */
export function varied(x: number): Varied {
  const size = sizeOf(x);
  const one = new Uint8Array(size);
  for (let at = 0; at < size; at += 1)
    one[at] = isPacked(x) ? (at >> 6) + x : (Math.imul(at, 2_654_435_761) >>> 24) ^ x;
  const two = new Float64Array(size / 8).fill(x + 0.25);
  const value = { x, text: `value ${x} `.repeat(40), nested: new Map([['a', [x, x + 1]]]), one, two };
  // An own member, which plain assignment would not make.
  Object.defineProperty(value, '__proto__', {
    value: { x },
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return value;
}

const isSame = (found: unknown, wanted: Uint8Array | Float64Array): boolean =>
  found instanceof wanted.constructor && indexedDB.cmp(found, wanted) === 0;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Whether it is the value of that call, and nothing beside it. */
export function isVaried(found: unknown, x: number): boolean {
  const wanted = expected(x);
  if (!isObject(found) || Object.keys(found).join() !== Object.keys(wanted).join()) return false;
  const nested = found.nested instanceof Map ? [...found.nested].join() : '';
  const hidden: unknown = Object.getOwnPropertyDescriptor(found, '__proto__')?.value;
  return (
    Object.getPrototypeOf(found) === Object.prototype &&
    found.x === x &&
    found.text === wanted.text &&
    nested === [...wanted.nested].join() &&
    isObject(hidden) &&
    hidden.x === x &&
    isSame(found.one, wanted.one) &&
    isSame(found.two, wanted.two)
  );
}

/** The cached function of each call; `entered` hears of computations. */
export function variedCalls(memory: Memory, entered: (x: number) => void = () => undefined) {
  const captures = () => ({});
  const compute = (x: number): Varied => {
    entered(x);
    return varied(x);
  };
  const plain = memory.cache(compute, { id: 'plain', captures, tags: (x) => [`x${x}`] });
  const packed = memory.cache(compute, {
    id: 'packed',
    captures,
    compress: { format: 'gzip', minBytes: 100 },
  });
  return (x: number) => (isPacked(x) ? packed : plain);
}
