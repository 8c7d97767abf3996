/** What a value is in a few words, for lists of results. */
import { classOfObject } from './classes.ts';
import { kindOf } from './kind-of.ts';
import { typedArrayName } from './kinds/binary.ts';

export interface ValueSummary {
  /** A type of JavaScript ('number', 'string', 'null'), else the name of a class: 'Float32Array', 'Map', 'Blob', 'Object'. */
  readonly kind: string;
  /** Of numbers in a row: by numpy's name, 'float32'. */
  readonly dtype?: string;
  /** Elements in each dimension, the last one varying fastest. */
  readonly shape?: readonly number[];
}

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/** numpy's name of the elements of a class of typed arrays: 'Uint8ClampedArray' → 'uint8'. */
export const dtypeName = (className: string): string =>
  className
    .replace(/(Clamped)?Array$/, '')
    .replace(/^Big/, '')
    .toLowerCase();

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) &&
  shape.length <= 16 &&
  shape.every((size) => Number.isSafeInteger(size) && size >= 0);

/** Tensors of most libraries say their shape and dtype by these names. */
function summaryOfInstance(value: object): ValueSummary {
  const kind = classOfObject(value)?.name || tagOf(value);
  const [shape, dtype]: unknown[] = [Reflect.get(value, 'shape'), Reflect.get(value, 'dtype')];
  return {
    kind,
    ...(isShape(shape) && { shape: [...shape] }),
    ...(typeof dtype === 'string' && dtype.length <= 32 && { dtype }),
  };
}

function summaryOfObject(value: object): ValueSummary {
  if (kindOf(value) === 'typed-array') {
    const array = value as Uint8Array; // of any element type: only its name and length are read
    const kind = typedArrayName(array);
    return { kind, dtype: dtypeName(kind), shape: [array.length] };
  }
  if (Array.isArray(value)) return { kind: 'Array', shape: [value.length] };
  if (kindOf(value) === 'image-data') {
    const { width, height } = value as ImageData; // as was told
    return { kind: 'ImageData', dtype: 'uint8', shape: [height, width, 4] };
  }
  return kindOf(value) === 'object' ? { kind: 'Object' } : summaryOfInstance(value);
}

/** Reads nothing of the content. Whatever the value does when it is asked, this does not throw. */
export function summaryOf(value: unknown): ValueSummary {
  if (value === null) return { kind: 'null' };
  if (typeof value !== 'object') return { kind: typeof value };
  try {
    return summaryOfObject(value);
  } catch {
    return { kind: 'Object' };
  }
}
