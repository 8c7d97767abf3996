/**
 * Which computation of this realm a call comes from, and who waits for whom: a call that would wait for itself computes
 * instead. What is told how: ARCHITECTURE.md, "Calls that would wait for themselves".
 */
import { UnhashableArgumentError } from '../errors/errors.ts';

/** A computation, as far as it matters who waits for whom. */
export interface Waitable {
  /** Unique in this realm, and no other function's name: it is looked for in stack traces. */
  readonly name: string;
  /** The lock under which it computes. */
  readonly lock: string;
  /** What its own calls wait for at the moment. */
  readonly waitsFor: Waitable[];
}

/** Whose function runs now, up to its first await. */
let current: Waitable | undefined;
/** Computations whose functions were entered and have not settled. */
const entered = new Map<string, Waitable>();
let made = 0;

const prefix = 'keepsake-computation-';
const names = new RegExp(`${prefix}\\d+(?=\\D)`, 'g');

export const newName = (): string => {
  made += 1;
  return `${prefix}${made}`;
};

/** Frames above the function's own that a trace may have, and still tell. */
const TRACE_FRAMES = 200;

/** Chromium's, and lately others'. */
const limited = Error as ErrorConstructor & { stackTraceLimit?: number };

/** The stack as it is now. In V8 it has the async functions that wait for this one, too. */
function trace(): Error | undefined {
  const { stackTraceLimit } = limited;
  try {
    limited.stackTraceLimit = TRACE_FRAMES;
    return new Error();
  } catch {
    return undefined; // Error is frozen
  } finally {
    Reflect.set(limited, 'stackTraceLimit', stackTraceLimit);
  }
}

/** Where a call comes from. Made in the turn of the call. */
export class Origin {
  /** Certainly none of this realm's computations. */
  readonly isOutside: boolean;
  readonly #trace: Error | undefined;
  #computation: Waitable | undefined;
  #isRead: boolean;

  constructor() {
    this.#computation = current;
    this.isOutside = current === undefined && entered.size === 0;
    this.#isRead = current !== undefined || this.isOutside;
    this.#trace = this.#isRead ? undefined : trace();
  }

  /** The computation that made the call, where that can be told. */
  get computation(): Waitable | undefined {
    if (!this.#isRead) this.#computation = computationIn(this.#trace?.stack);
    this.#isRead = true;
    return this.#computation;
  }
}

/** The innermost computation that a stack passes through. A page may make of stacks what it likes. */
function computationIn(stack: unknown): Waitable | undefined {
  const found = typeof stack === 'string' ? (stack.match(names) ?? []) : [];
  for (const name of found) {
    const computation = entered.get(name);
    if (computation) return computation;
  }
  return undefined;
}

/** Enters a computation's function. */
export function runAs<T>(computation: Waitable, run: () => T): T {
  const outer = current;
  current = computation;
  entered.set(computation.name, computation);
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** Waits for what the computation's function returned, in a frame of the computation's name: V8's traces pass through it. */
export function settled<T>(
  computation: Waitable,
  value: PromiseLike<unknown>,
  take: (value: unknown) => T,
): Promise<T> {
  const { name } = computation;
  const frames = {
    async [name](): Promise<T> {
      try {
        return take(await value);
      } finally {
        leave(computation);
      }
    },
  };
  return (frames[name] as () => Promise<T>)(); // it is made above
}

/** The function has settled, or nobody waits for it any more, whatever it goes on to do. */
export const leave = ({ name }: Waitable): void => void entered.delete(name);

export const isEntered = ({ name }: Waitable): boolean => entered.has(name);

/** Whether `from` waits for `to`, itself or through others. */
export function isWaitingFor(from: Waitable, to: Waitable): boolean {
  const seen = new Set<Waitable>([from]);
  for (const each of seen) {
    if (each === to) return true;
    for (const next of each.waitsFor) seen.add(next);
  }
  return false;
}

/** Notes that a call of the computation waits; returns what takes that back. */
export function noteWait(computation: Waitable | undefined, target: Waitable): () => void {
  computation?.waitsFor.push(target);
  return () => {
    const at = computation?.waitsFor.indexOf(target) ?? -1;
    if (at >= 0) computation?.waitsFor.splice(at, 1);
  };
}

/** The engine's own error, where arguments could not be hashed for want of stack. */
export function endOfStackIn(error: unknown): unknown {
  const cause = error instanceof UnhashableArgumentError ? error.cause : undefined;
  // InternalError is Firefox's.
  const isEnd = cause instanceof Error && /call stack|too much recursion/i.test(cause.message);
  return isEnd ? cause : undefined;
}
