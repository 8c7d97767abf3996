/**
 * Calls that were not answered from what is kept: each joins the flight of an identical call, or starts one. What a hit
 * needs imports nothing of this; a page fetches it with its first miss.
 */
import { callLock } from '../locks/locks.ts';
import type { Asked, Outcome } from './asked.ts';
import type { CachedCall } from './cached-call.ts';
import { noteWait } from './chain.ts';
import { Flight } from './flight.ts';
import type { FunctionCalls } from './function-calls.ts';
import { findKept, findStored, type Hit, type Miss } from './lookup.ts';
import { untilAborted } from './signals.ts';
import { lookUpOrCompute, revalidate } from './single-flight.ts';
import { variantOf } from './variant.ts';
import { WaitOver, waitSeen, waitsForItself } from './waiting.ts';

export * as log from './call-log.ts';
export { verifyCall } from './verify-call.ts';

/** @param found What the store said a moment ago, where it was asked. */
export async function joinOrStart(calls: FunctionCalls, asked: Asked, found?: Miss): Promise<Outcome> {
  const { call, signals, ways, start } = asked;
  const { flights } = calls.context;
  // Functions that cannot be told apart have one key: none of them waits for another's value.
  if (calls.refusalOf(call)) return startFlight(calls, asked);
  if (found) {
    const under = flights.get(call.key); // an identical call may have missed first
    return under?.isOpen ? join(calls, asked, under) : startFlight(calls, asked, { found });
  }
  let under = underWay(calls, call);
  while (under && (under.isSettled || ways.forceFresh)) {
    // Being stored, so the entry is there in a moment; or about to be overtaken.
    const { ended } = under;
    const waiting = wait(calls, asked, under, (until) => untilAborted(until, ended));
    const over = waiting instanceof WaitOver ? waiting : await waiting;
    if (over instanceof WaitOver) return pass(calls, asked, over);
    const kept: Hit | undefined = ways.forceFresh ? undefined : await findKept(call);
    if (kept) return calls.answer(call, kept, start);
    under = underWay(calls, call);
  }
  if (under) return join(calls, asked, under);
  if (!calls.isLikelyHit(signals, ways)) return startFlight(calls, asked);
  const looked = await findStored(call, ways.isUnread);
  return looked.kind === 'hit' ? calls.deliver(call, looked, start) : joinOrStart(calls, asked, looked);
}

/** One computation in the background for a stale entry. */
export function renew(calls: FunctionCalls, call: CachedCall, createdAt: number): void {
  const flight = newFlight(calls, call);
  end(calls, flight, revalidate(calls, call, { flight, createdAt }));
}

/** The flight of the same call, unless it was given up: nothing of that comes to anybody. */
function underWay({ context }: FunctionCalls, { key }: CachedCall): Flight | undefined {
  const under = context.flights.get(key);
  return under?.signal.aborted && !under.isSettled ? undefined : under;
}

/** Waits for another flight; that the wait was given up is returned. Where that is certain before, it is in this turn. */
function wait<T>(
  { context, options, isForOrigin }: FunctionCalls,
  { call, signals, origin }: Asked,
  under: Flight,
  begin: (signals: readonly AbortSignal[]) => Promise<T>,
): WaitOver | Promise<T | WaitOver> {
  const { singleFlightTimeoutMs: timeoutMs } = context.options;
  const variant = variantOf(options, call.args);
  const waiter = { origin, signals, timeoutMs, variant, isForOrigin };
  if (!under.isSettled && waitsForItself(waiter, under)) return new WaitOver(true);
  return waitSeen(waiter, under, begin).catch((error: unknown) => {
    if (error instanceof WaitOver) return error;
    throw error;
  });
}

/** Computes instead of waiting any longer. */
const pass = (calls: FunctionCalls, asked: Asked, { isItself }: WaitOver): Promise<Outcome> =>
  isItself ? calls.alone(asked) : startFlight(calls, asked, { isLate: true });

async function join(calls: FunctionCalls, asked: Asked, flight: Flight): Promise<Outcome> {
  const { call, ways, start } = asked;
  const waiting = wait(calls, asked, flight, (until) => flight.join(until));
  const delivery = waiting instanceof WaitOver ? waiting : await waiting;
  if (delivery instanceof WaitOver) return pass(calls, asked, delivery);
  // It was joined by a caller that wants a value after all.
  if (delivery.kind === 'stored' && !ways.isUnread) return joinOrStart(calls, asked);
  const { ended } = flight;
  if (delivery.kind === 'stored') return { value: undefined, ended, isUnread: true };
  // A value that cannot be copied cannot be shared either; nor may one of a function that is ambiguous since.
  if (delivery.kind === 'not-shareable' || calls.refusalOf(call)) return calls.alone(asked);
  calls.noteHit(call, { source: 'in-flight', isStale: false, computeMs: 0, sizeBytes: 0 }, start);
  return { value: delivery.value, ended };
}

interface StartOptions {
  /** It has waited for another computation as long as it may. */
  readonly isLate?: boolean;
  readonly found?: Miss;
}

async function startFlight(
  calls: FunctionCalls,
  { call, signals, origin, start, ways }: Asked,
  { isLate = false, found }: StartOptions = {},
): Promise<Outcome> {
  const { flights } = calls.context;
  const flight = newFlight(calls, call);
  if (!calls.refusalOf(call)) flights.set(call.key, flight);
  const delivery = flight.join(signals);
  const waited = noteWait(origin.computation, flight);
  const { forceFresh, isUnread } = ways;
  const request = { call, flight, origin, isLate, start, forceFresh, isUnread, found };
  const work = lookUpOrCompute(calls, request).finally(() => {
    if (flights.get(call.key) === flight) flights.delete(call.key);
  });
  end(calls, flight, work);
  const { ended } = flight;
  const outcome = await delivery.finally(waited);
  return outcome.kind === 'value'
    ? { value: outcome.value, ended }
    : { value: undefined, ended, isUnread: true };
}

function newFlight({ context, options }: FunctionCalls, { key, args }: CachedCall): Flight {
  const variant = variantOf(options, args);
  return new Flight(callLock(context.options.name, key, variant), variant);
}

/** The flight is over with the work, which never rejects. */
function end({ context, options }: FunctionCalls, flight: Flight, work: Promise<void>): void {
  const { underWay } = context;
  underWay.add(flight);
  context.track(flight.waits); // then, with what was computed, it is tracked again
  if (options.cacheValidationCallback) flight.noteWaiting(); // for a promise that is not ours
  void work.finally(() => {
    underWay.delete(flight);
    flight.end();
  });
}
