/** AbortSignals among the arguments, at any depth: the function gets one that fires when its last caller has left. */

const isSignal = (value: unknown): value is AbortSignal =>
  typeof AbortSignal !== 'undefined' && value instanceof AbortSignal;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What can be copied with another signal in it. Anything else is given to the function as it is. */
function isCopyable(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A list with more members is data, and a call with more objects: no signal is looked for in what is over. */
const MAX_MEMBERS = 256;
const MAX_OBJECTS = 5_000;

/** What a value holds: members of what has them, and of collections. */
function heldBy(value: object): readonly unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  if (value instanceof Map || value instanceof Set) return value.size > MAX_MEMBERS ? [] : [...value].flat(1);
  const held: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return held.length > MAX_MEMBERS ? [] : held;
}

/** Signals of arguments, and the objects through which they are reached. */
interface Found {
  readonly signals: AbortSignal[];
  /** Those that stand where no other can be put: in an instance of a class, or a collection. */
  readonly fixed: AbortSignal[];
  /** Which objects each one was met in. */
  readonly holders: Map<object, object[]>;
}

function find(args: readonly unknown[]): Found {
  const found: Found = { signals: [], fixed: [], holders: new Map([[args, []]]) };
  const isReplaceable = new Map<object, boolean>([[args, true]]);
  for (const [holder] of found.holders) {
    const canReplace = isReplaceable.get(holder) === true;
    for (const held of heldBy(holder)) {
      if (!isObject(held)) continue;
      if (isSignal(held)) {
        found.signals.push(held);
        if (!canReplace) found.fixed.push(held);
      }
      const known = found.holders.get(held);
      if (known) known.push(holder);
      else if (found.holders.size < MAX_OBJECTS) {
        found.holders.set(held, [holder]);
        isReplaceable.set(held, canReplace && isCopyable(held));
      }
    }
  }
  return found;
}

/** Nothing of the arguments is an object that could hold a signal: most calls. */
const holdNothing = (args: readonly unknown[]): boolean =>
  args.every((arg) => !isObject(arg) || ArrayBuffer.isView(arg));

/** A member whose reading throws is the hasher's to tell of. */
function findIn(args: readonly unknown[]): Found | undefined {
  if (holdNothing(args)) return undefined;
  try {
    return find(args);
  } catch {
    return undefined;
  }
}

/** The signals given as arguments, or inside of them. */
export const signalsOf = (args: readonly unknown[]): AbortSignal[] => [
  ...new Set(findIn(args)?.signals ?? []),
];

/** Signals that the function sees as they are: it may give up with the caller that they belong to. */
export const fixedSignalsOf = (args: readonly unknown[]): readonly AbortSignal[] => findIn(args)?.fixed ?? [];

/** The objects to be copied: those that reach a signal. */
function reaching({ signals, holders }: Found): Set<object> {
  const reached = new Set<object>(signals);
  for (const each of reached) for (const holder of holders.get(each) ?? []) reached.add(holder);
  return reached;
}

/** Copies what reaches a signal; `put` sets or leaves out what takes a signal's place. */
function copied(
  args: readonly unknown[],
  put: (copy: Record<string, unknown>, name: string) => void,
): unknown[] {
  const found = findIn(args);
  if (!found || found.signals.length === 0) return [...args];
  const reached = reaching(found);
  const copies = new Map<object, unknown>();
  const copy = (value: object): unknown => {
    const known = copies.get(value);
    if (known !== undefined) return known;
    // Both kinds have members by name.
    const made = (Array.isArray(value) ? value.slice() : { ...value }) as Record<string, unknown>;
    if (Object.getPrototypeOf(value) === null) Object.setPrototypeOf(made, null);
    copies.set(value, made);
    for (const [name, held] of Object.entries(value)) {
      if (isSignal(held)) put(made, name);
      else if (isObject(held) && reached.has(held) && isCopyable(held)) made[name] = copy(held);
    }
    return made;
  };
  return copy(args) as unknown[]; // of an array
}

/** The arguments without their signals, for people to read. */
export const withoutSignals = (args: readonly unknown[]): unknown[] =>
  copied(
    args.filter((arg) => !isSignal(arg)),
    (copy, name) => {
      delete copy[name];
    },
  );

/** The arguments with `signal` in each signal's place; objects that reach one are copied. */
export const withSignal = (args: readonly unknown[], signal: AbortSignal): unknown[] =>
  copied(args, (copy, name) => {
    copy[name] = signal;
  });
