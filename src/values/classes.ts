/** What a prototype says about its objects: the built-in or the written class that they belong to. */
import type { ValueKind } from './value-kind.ts';

/** The class of an object. */
export interface ClassFacts {
  readonly kind: ValueKind;
  /** The class's own name; '' when it has none. */
  readonly name: string;
  /** The nearest built-in above a written class, if it is not Object, and what kind its objects are. */
  readonly extendsBuiltIn: string | undefined;
  readonly baseKind: ValueKind;
  /** Whether there is a class written in script, from this one up to the built-in. */
  readonly isWritten: boolean;
}

/** A function of any signature: it is only looked at, never called. */
export type ScriptFunction = (...args: never[]) => unknown;

const typedArrays = [
  'Int8',
  'Uint8',
  'Uint8Clamped',
  'Int16',
  'Uint16',
  'Int32',
  'Uint32',
  'Float16',
  'Float32',
];
const temporals = ['Instant', 'PlainDate', 'PlainTime', 'PlainDateTime', 'PlainYearMonth', 'PlainMonthDay'];
const errors = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];

const namesByKind: Partial<Record<ValueKind, readonly string[]>> = {
  object: ['Object'],
  array: ['Array'],
  boxed: ['Boolean', 'Number', 'String', 'BigInt'],
  date: ['Date'],
  regexp: ['RegExp'],
  map: ['Map'],
  set: ['Set'],
  'typed-array': [...[...typedArrays, 'Float64', 'BigInt64', 'BigUint64'].map((name) => `${name}Array`)],
  'array-buffer': ['ArrayBuffer'],
  'data-view': ['DataView'],
  blob: ['Blob', 'File'],
  'image-data': ['ImageData'],
  error: [...errors, 'AggregateError', 'SuppressedError'],
  'dom-exception': ['DOMException'],
  url: ['URL', 'URLSearchParams'],
  temporal: [...temporals, 'ZonedDateTime', 'Duration'],
  'abort-signal': ['AbortSignal'],
};

const kindByName = new Map<string, ValueKind>();
for (const [kind, names] of Object.entries(namesByKind)) {
  // Object.entries forgets that the keys are kinds.
  for (const name of names) kindByName.set(name, kind as ValueKind);
}

const nativeSource = /^(?:function|class)[^{]*\{\s*\[native code\]\s*\}\s*$/;
const sourceOf = (maker: ScriptFunction): string => Function.prototype.toString.call(maker);

/** The function that a prototype names as its constructor. */
function ownConstructor(prototype: object): ScriptFunction | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  // ScriptFunction is any function.
  return typeof maker === 'function' ? (maker as ScriptFunction) : undefined;
}

/** Whether the engine (or a polyfill in its place; Node writes its web classes in script) made the class. */
function isBuiltIn(maker: ScriptFunction): boolean {
  if (nativeSource.test(sourceOf(maker))) return true;
  return [globalThis, Reflect.get(globalThis, 'Temporal')].some((holder) => {
    const owner = Object.getOwnPropertyDescriptor(Object(holder), maker.name);
    // A page's own globals are enumerable; those of the platform are not.
    const isExpected = kindByName.has(maker.name) || owner?.enumerable === false;
    return isExpected && owner !== undefined && Reflect.get(Object(holder), maker.name) === maker;
  });
}

const builtIns = new WeakMap<ScriptFunction, boolean>();

/** What made a prototype. */
export interface Maker {
  readonly maker: ScriptFunction | undefined;
  readonly isBuiltIn: boolean;
}

/** What a prototype names as its constructor, and whether that is built in. */
export function classAt(prototype: object): Maker {
  const maker = ownConstructor(prototype);
  if (maker?.prototype !== prototype) return { maker, isBuiltIn: false };
  const known = builtIns.get(maker);
  const is = known ?? isBuiltIn(maker);
  if (known === undefined) builtIns.set(maker, is);
  return { maker, isBuiltIn: is };
}

function builtInFacts(name: string, written: readonly ScriptFunction[]): ClassFacts {
  const kind = kindByName.get(name) ?? 'opaque';
  const first = written[0];
  if (!first) return { kind, name, extendsBuiltIn: undefined, baseKind: kind, isWritten: false };
  const extendsBuiltIn = name === 'Object' ? undefined : name;
  const kindOfWritten = name === 'Object' ? 'instance' : kind === 'error' ? 'error' : 'opaque';
  return { kind: kindOfWritten, name: first.name, extendsBuiltIn, baseKind: kind, isWritten: true };
}

function readClass(prototype: object): ClassFacts {
  const written: ScriptFunction[] = [];
  for (let level: object | null = prototype; level; level = Object.getPrototypeOf(level)) {
    const { maker, isBuiltIn } = classAt(level);
    if (maker && isBuiltIn) {
      // A prototype that no class made (Object.create) still is none of a plain object's.
      if (maker.name !== 'Object' || written.length > 0 || level === prototype) {
        return builtInFacts(maker.name, written);
      }
    } else if (maker) written.push(maker);
    // Generators and built-in iterators have prototypes without a constructor, but with a tag.
    else if (Object.hasOwn(level, Symbol.toStringTag)) return builtInFacts('Iterator', []);
  }
  return builtInFacts('Object', written.length > 0 ? written : [Object]);
}

const factsByPrototype = new WeakMap<object, ClassFacts>();

/** The class of the objects that have this prototype. */
export function classOf(prototype: object): ClassFacts {
  const known = factsByPrototype.get(prototype);
  if (known) return known;
  const facts = readClass(prototype);
  factsByPrototype.set(prototype, facts);
  return facts;
}

/** The class of an object; `undefined` for one without a prototype. */
export function classOfObject(value: object): ClassFacts | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null ? undefined : classOf(prototype);
}
