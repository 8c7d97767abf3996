/** Runs a function for one caller, whose signals it obeys; nothing is looked up and nothing kept. */

import type { AnyFunction } from '../options/options.ts';
import { leave, noteWait, type Origin, runAs, settled } from './chain.ts';
import { isThenable } from './enter.ts';
import { Flight } from './flight.ts';
import { withSignal } from './signals.ts';

/** What is run, and how. */
export interface Run {
  readonly fn: AnyFunction;
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly signals: readonly AbortSignal[];
  readonly origin: Origin;
}

export async function runAlone({ fn, self, args, signals, origin }: Run): Promise<unknown> {
  const flight = new Flight();
  const delivery = flight.join(signals);
  const ended = noteWait(origin.computation, flight);
  const run = async (): Promise<unknown> => {
    const value: unknown = runAs(flight, () => fn.apply(self, withSignal(args, flight.signal)));
    return isThenable(value) ? settled(flight, value, (late) => late) : value;
  };
  run()
    .finally(() => leave(flight))
    .then(
      (value) => flight.settle({ value }),
      (error: unknown) => flight.fail(error),
    );
  try {
    const landed = await delivery;
    return landed.kind === 'value' ? landed.value : undefined;
  } finally {
    ended();
  }
}
