/** AbortSignals among the arguments: the function gets one that fires when its last caller has left. */

import { kindOf } from '../values/values.ts';

const isSignal = (value: unknown): value is AbortSignal =>
  typeof value === 'object' && kindOf(value) === 'abort-signal';

const isPlainObject = (value: unknown): value is Record<string, unknown> => kindOf(value) === 'object';

/** The signals given as arguments, or as members of an options object. */
export function signalsOf(args: readonly unknown[]): AbortSignal[] {
  return args.flatMap((arg) => {
    if (isSignal(arg)) return [arg];
    return isPlainObject(arg) ? Object.values(arg).filter(isSignal) : [];
  });
}

/** The arguments without their signals, for people to read. */
export function withoutSignals(args: readonly unknown[]): unknown[] {
  return args
    .filter((arg) => !isSignal(arg))
    .map((arg) => {
      if (!isPlainObject(arg) || !Object.values(arg).some(isSignal)) return arg;
      return Object.fromEntries(Object.entries(arg).filter(([, value]) => !isSignal(value)));
    });
}

/** The arguments with `signal` in each signal's place; objects that hold one are copied. */
export function withSignal(args: readonly unknown[], signal: AbortSignal): unknown[] {
  return args.map((arg) => {
    if (isSignal(arg)) return signal;
    if (!isPlainObject(arg) || !Object.values(arg).some(isSignal)) return arg;
    return Object.fromEntries(
      Object.entries(arg).map(([name, value]) => [name, isSignal(value) ? signal : value]),
    );
  });
}
