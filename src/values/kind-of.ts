/** Tells the kind of a value. */
import { hasBrand } from './brands.ts';
import { classOf } from './classes.ts';
import { isOverSharedMemory } from './kinds/binary.ts';
import type { ValueKind, ValueVisitor } from './value-kind.ts';

const objectTag = (value: object): string => Object.prototype.toString.call(value);

function kindOfObject(value: object): ValueKind {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    return prototype === Array.prototype || (prototype !== null && classOf(prototype).kind === 'array')
      ? 'array'
      : 'opaque';
  }
  const kind = prototype === Object.prototype || prototype === null ? 'object' : classOf(prototype).kind;
  // The tag unmasks `arguments`, namespaces, and built-ins whose prototype was replaced.
  if (kind === 'object') return objectTag(value) === '[object Object]' ? 'object' : 'opaque';
  if (kind === 'instance' || kind === 'opaque') return kind;
  if (!hasBrand(kind, value)) return 'opaque';
  return (kind === 'typed-array' || kind === 'data-view') && isOverSharedMemory(value) ? 'opaque' : kind;
}

/** The kind of any value, of any realm. Proxies count as what they stand for. */
export function kindOf(value: unknown): ValueKind {
  const type = typeof value;
  if (type === 'object') return value === null ? 'null' : kindOfObject(value as object); // `type` proves it
  return type === 'symbol' ? 'opaque' : type;
}

/** Calls the visitor's function for the value's kind. */
export function visit<Context, Result>(
  visitor: ValueVisitor<Context, Result>,
  context: Context,
  value: unknown,
): Result {
  return visitAs(kindOf(value), visitor, context, value);
}

/** The same where the kind is known, or the value counts as one of another kind. */
export function visitAs<Context, Result>(
  kind: ValueKind,
  visitor: ValueVisitor<Context, Result>,
  context: Context,
  value: unknown,
): Result {
  // kindOf proves that the value is what the function of that kind expects.
  return (visitor[kind] as (context: Context, value: unknown) => Result)(context, value);
}
