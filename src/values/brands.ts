/** Whether an object really is what its prototype says: reads an internal slot, which works across realms and cannot be faked. */
import type { ValueKind } from './value-kind.ts';

type Probe = (value: object) => unknown;

/** The getter that a prototype has under this name, to be called on an object of any realm. */
function getter(prototype: object, name: PropertyKey): Probe {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return (value) => get?.call(value);
}

const tagOf = (value: object): string => Object.prototype.toString.call(value);
const reads =
  (name: string): Probe =>
  (value) =>
    Reflect.get(value, name) !== undefined;

const mapSize = getter(Map.prototype, 'size');
const setSize = getter(Set.prototype, 'size');
const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
const typedArrayName = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);

/** A false or thrown outcome says that the object is none of its kind. */
const probes: Partial<Record<ValueKind, Probe>> = {
  boxed: (value) => /^\[object (?:Boolean|Number|String|BigInt)\]$/.test(tagOf(value)),
  date: (value) => Date.prototype.getTime.call(value) !== undefined,
  regexp: (value) => tagOf(value) === '[object RegExp]',
  map: (value) => mapSize(value) !== undefined,
  set: (value) => setSize(value) !== undefined,
  'typed-array': (value) => typedArrayName(value) !== undefined,
  'array-buffer': (value) => bufferLength(value) !== undefined,
  'data-view': (value) => ArrayBuffer.isView(value) && typedArrayName(value) === undefined,
  blob: reads('size'),
  'image-data': reads('width'),
  error: (value) => tagOf(value) === '[object Error]' || Reflect.get(value, Symbol.toStringTag) !== undefined,
  'dom-exception': reads('name'),
  url: (value) => String(value) !== undefined,
  temporal: (value) => tagOf(value).startsWith('[object Temporal.'),
  'abort-signal': reads('aborted'),
  array: Array.isArray,
};

/** Whether the object has the internal slots of the kind. */
export function hasBrand(kind: ValueKind, value: object): boolean {
  const probe = probes[kind];
  try {
    return probe !== undefined && Boolean(probe(value));
  } catch {
    return false;
  }
}
