/** Runs a function for one caller, whose signals it obeys; nothing is looked up and nothing kept. */

import type { AnyFunction } from '../options/options.ts';
import { Flight } from './flight.ts';
import { withSignal } from './signals.ts';

export async function runAlone(
  fn: AnyFunction,
  self: unknown,
  args: readonly unknown[],
  signals: readonly AbortSignal[],
): Promise<unknown> {
  const flight = new Flight();
  const delivery = flight.join(signals);
  const run = async (): Promise<unknown> => fn.apply(self, withSignal(args, flight.signal));
  run().then(
    (value) => flight.settle({ value }),
    (error: unknown) => flight.fail(error),
  );
  const landed = await delivery;
  return landed.kind === 'value' ? landed.value : undefined;
}
