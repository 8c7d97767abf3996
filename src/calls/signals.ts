/**
 * AbortSignals among the arguments: the function gets one that fires when its last caller has left. In plain objects and
 * arrays, however deep, it takes their place; elsewhere, as in instances of classes, the function sees the caller's own.
 */
import { kindOf } from '../values/values.ts';

/** Deeper and wider than options ever are, and an end to cycles. */
const DEEPEST = 64;
const MOST_CONTAINERS = 10_000;
/** Of an array; it may be sparse, and as long as numbers go. */
const MOST_MEMBERS = 10_000;

const isSignal = (value: object): value is AbortSignal =>
  typeof AbortSignal !== 'undefined' &&
  (value instanceof AbortSignal || (!ArrayBuffer.isView(value) && kindOf(value) === 'abort-signal'));

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Objects among the values that a container holds. */
function objectsIn(container: object): object[] {
  if (container instanceof Map) return [...container.values()].filter(isObject);
  if (container instanceof Set) return [...container].filter(isObject);
  return (Array.isArray(container) ? container.slice(0, MOST_MEMBERS) : Object.values(container)).filter(
    isObject,
  );
}

class Search {
  /** In plain objects and arrays. */
  readonly replaceable = new Set<AbortSignal>();
  /** Anywhere else. */
  readonly others = new Set<AbortSignal>();
  /** Plain objects and arrays that hold a signal, or one that does. */
  readonly holders = new Set<object>();
  readonly #seen = new Set<object>();

  /** Whether there is a signal that can be replaced. What throws when it is read is left to others, who say where. */
  visit(value: object, depth = 0, isReached = true): boolean {
    try {
      return isPlain(value)
        ? this.#visitPlain(value, depth, isReached)
        : this.#visitOther(value, depth, isReached);
    } catch {
      return false;
    }
  }

  #visitPlain(value: object, depth: number, isReached: boolean): boolean {
    if (this.#isOver(value, depth)) return this.holders.has(value);
    let isHolder = false;
    for (const member of objectsIn(value)) isHolder = this.visit(member, depth + 1, isReached) || isHolder;
    if (isHolder) this.holders.add(value);
    return isHolder;
  }

  #visitOther(value: object, depth: number, isReached: boolean): boolean {
    if (isSignal(value)) {
      (isReached ? this.replaceable : this.others).add(value);
      return isReached;
    }
    if (ArrayBuffer.isView(value) || this.#isOver(value, depth)) return false;
    if (value instanceof AbortController) this.others.add(value.signal);
    for (const member of objectsIn(value)) this.visit(member, depth + 1, false);
    return false;
  }

  #isOver(value: object, depth: number): boolean {
    if (depth > DEEPEST || this.#seen.size > MOST_CONTAINERS || this.#seen.has(value)) return true;
    this.#seen.add(value);
    return false;
  }
}

function search(values: readonly unknown[]): Search {
  const found = new Search();
  for (const value of values) if (isObject(value)) found.visit(value);
  return found;
}

/** The signals given as arguments, or in them: each lets its caller leave. */
export function signalsOf(args: readonly unknown[]): AbortSignal[] {
  const { replaceable, others } = search(args);
  return [...replaceable, ...others];
}

/** Signals that the function sees as its caller, or its receiver, has them. */
export function signalsSeen(self: unknown, args: readonly unknown[]): AbortSignal[] {
  const receiver = self === globalThis ? [] : signalsOf([self]);
  return [...search(args).others, ...receiver];
}

/** Copies what holds signals, with `signal` in their place; without one they are left out. */
class Replacement {
  readonly #holders: ReadonlySet<object>;
  readonly #signal: AbortSignal | undefined;
  readonly #copies = new Map<object, object>();

  constructor({ holders }: Search, signal: AbortSignal | undefined) {
    this.#holders = holders;
    this.#signal = signal;
  }

  of(value: unknown): unknown {
    if (!isObject(value)) return value;
    if (this.#holders.has(value)) return this.#copies.get(value) ?? this.#copy(value);
    return isPlain(value) || !isSignal(value) ? value : this.#signal;
  }

  #copy(holder: object): object {
    const copy: object = Array.isArray(holder) ? [] : Object.create(Object.getPrototypeOf(holder));
    this.#copies.set(holder, copy);
    for (const name of Reflect.ownKeys(holder)) {
      const found: unknown = Reflect.get(holder, name);
      const value = this.of(found);
      if (value === undefined && found !== undefined) continue;
      const enumerable = Object.prototype.propertyIsEnumerable.call(holder, name);
      const isLength = Array.isArray(holder) && name === 'length';
      Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: !isLength });
    }
    return copy;
  }
}

function replaceIn(args: readonly unknown[], signal: AbortSignal | undefined): unknown[] {
  const found = search(args);
  if (found.replaceable.size === 0) return [...args];
  const replacement = new Replacement(found, signal);
  return args.map((arg) => replacement.of(arg));
}

/** The arguments without their signals, for people to read. */
export const withoutSignals = (args: readonly unknown[]): unknown[] =>
  replaceIn(args, undefined).filter((arg, at) => arg !== undefined || args[at] === undefined);

/** The arguments with `signal` in each signal's place; plain objects and arrays that hold one are copied. */
export const withSignal = (args: readonly unknown[], signal: AbortSignal): unknown[] =>
  replaceIn(args, signal);

/** Resolves with the promise; rejects with the reason of the first signal that fires. */
export async function untilAborted<T>(signals: readonly AbortSignal[], promise: Promise<T>): Promise<T> {
  if (signals.length === 0) return promise;
  const over = new AbortController();
  const left = new Promise<never>((_, reject) => {
    for (const each of signals) {
      if (each.aborted) reject(each.reason);
      each.addEventListener('abort', () => reject(each.reason), { once: true, signal: over.signal });
    }
  });
  try {
    return await Promise.race([promise, left]);
  } finally {
    over.abort();
  }
}
