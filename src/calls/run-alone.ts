/** Runs a function for one caller, whose signals it obeys; nothing is looked up and nothing kept. */
import type { AnyFunction } from '../options/options.ts';
import { leave, newName, noteWait, type Origin, runAs, settled } from './chain.ts';
import { untilAborted, withSignal } from './signals.ts';
import { isThenable } from './thenable.ts';

/** What is run, and how. */
export interface Run {
  readonly fn: AnyFunction;
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly signals: readonly AbortSignal[];
  readonly origin: Origin;
}

export async function runAlone({ fn, self, args, signals, origin }: Run): Promise<unknown> {
  const own = { name: newName(), lock: '', waitsFor: [] };
  const waited = noteWait(origin.computation, own);
  const aborting = new AbortController();
  const over = new AbortController();
  for (const signal of signals) {
    const abort = (): void => aborting.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true, signal: over.signal });
  }
  const run = async (): Promise<unknown> => {
    const value: unknown = runAs(own, () => fn.apply(self, withSignal(args, aborting.signal)));
    return isThenable(value) ? settled(own, value, (late) => late) : value;
  };
  try {
    return await untilAborted(
      signals,
      run().finally(() => leave(own)),
    );
  } finally {
    leave(own);
    over.abort();
    waited();
  }
}
