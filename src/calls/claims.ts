/**
 * Who in this realm has which source. Two functions, or two classes, of one source may be closures over different
 * values: neither can then be told by it. A module that a development server has evaluated again is no second closure.
 */
import type { Code } from './function-source.ts';

/** Which evaluation of a module wrapped a function: its path, and the server's time of the update. */
export interface Evaluation {
  readonly path: string;
  readonly time: number;
}

interface Claim {
  readonly code: WeakRef<Code>;
  readonly evaluation: Evaluation | undefined;
  isAmbiguous: boolean;
}

const claims = new Map<string, Claim>();

const isLater = (evaluation: Evaluation | undefined, than: Evaluation | undefined): boolean =>
  evaluation !== undefined && evaluation.path === than?.path && evaluation.time > than.time;

/**
 * Claims a name for code; `false` once two have claimed it. A function that is gone counts too: whether it was collected
 * already must not decide what its successor is answered. A later evaluation takes over.
 */
export function claim(name: string, code: Code, evaluation: Evaluation | undefined): boolean {
  const held = claims.get(name);
  if (!held || isLater(evaluation, held.evaluation)) {
    claims.set(name, { code: new WeakRef(code), evaluation, isAmbiguous: false });
    return true;
  }
  if (held.code.deref() === code) return !held.isAmbiguous;
  if (!isLater(held.evaluation, evaluation)) held.isAmbiguous = true;
  return false;
}

/** Whether the name is still this code's alone; after a hot reload it is its successor's. */
export function isClaimedBy(name: string, code: Code): boolean {
  const held = claims.get(name);
  return held !== undefined && !held.isAmbiguous && held.code.deref() === code;
}

/** More frames than this between a module's own code and a call of ours are not looked at. */
const MAX_FRAMES = 50;

/** What engines have beside the standard. */
interface StackError {
  stackTraceLimit?: number | undefined;
  captureStackTrace?(holder: object, below: Code): void;
}

/** Stack frames of whoever called `entry`, innermost first. */
function framesBelow(entry: Code): string[] {
  const engine = Error as unknown as StackError; // some type libraries know of these, some do not
  const { stackTraceLimit } = engine;
  const holder: { stack?: string } = {};
  try {
    if (stackTraceLimit !== undefined) engine.stackTraceLimit = MAX_FRAMES;
    engine.captureStackTrace?.(holder, entry);
    if (stackTraceLimit !== undefined) engine.stackTraceLimit = stackTraceLimit;
  } catch {
    return []; // a realm whose Error is frozen
  }
  return (holder.stack ?? '')
    .split('\n')
    .filter((line) => /:\d+:\d+\)?$/.test(line) && !/\bat async /.test(line));
}

/**
 * The evaluation of the module at whose top level `entry` was called, where a development server names it by
 * `?t=<time>`, as Vite's does; the first one has no time. undefined where nothing tells.
 */
export function evaluationBelow(entry: Code): Evaluation | undefined {
  const frames = framesBelow(entry);
  const address = /((?:https?|file):\/\/.*?):\d+:\d+\)?$/.exec(frames.at(-1) ?? '')?.[1];
  if (address === undefined || frames.length >= MAX_FRAMES) return undefined;
  const url = new URL(address);
  const time = Number(url.searchParams.get('t') ?? 0);
  url.searchParams.delete('t');
  return { path: url.href, time };
}
