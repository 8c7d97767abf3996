/** What a flight does: looks its call up, and computes it on a miss while no other realm does. */
import { wait } from '../deferred/deferred.ts';
import { announceWait, renewalLock, withLock } from '../locks/locks.ts';
import type { CachedCall } from './cached-call.ts';
import type { Refusal } from './call-keys.ts';
import type { Origin } from './chain.ts';
import { isStreamed } from './collect-stream.ts';
import { type Computation, computeAndStore } from './compute.ts';
import type { Delivery, Flight } from './flight.ts';
import { findStored, type Hit, type Miss } from './lookup.ts';
import { Patience, WaitOver } from './waiting.ts';

/** What the function whose call it is has to say. */
export interface FlightControl {
  /** Whether other realms compute the same calls, and wait for each other. */
  readonly isForOrigin: boolean;
  /** Whether the store had nothing for the last call that asked it. */
  readonly missedLast: boolean;
  /** Why nothing may be found or kept, if so. */
  refusalOf(call: CachedCall): Refusal | undefined;
  computation(call: CachedCall, why: Pick<Computation, 'reason' | 'epochs'>): Computation;
  noteMiss(call: CachedCall, miss: Miss): void;
  /** Counts a hit, and sees to its renewal. */
  delivered(call: CachedCall, hit: Hit, start: number): void;
}

/** A flight about to begin. */
export interface FlightRequest {
  readonly call: CachedCall;
  readonly flight: Flight;
  readonly origin: Origin;
  /** The call has waited as long as it may: it does not wait for a lock as well. */
  readonly isLate: boolean;
  readonly forceFresh: boolean | undefined;
  readonly isUnread: boolean | undefined;
  /** performance.now() when the call was made. */
  readonly start: number;
  /** What the store said a moment ago, where it was asked. */
  readonly found: Miss | undefined;
}

/** Misses that another realm may have mended meanwhile. */
const renewable: ReadonlySet<Miss['reason']> = new Set(['absent', 'expired', 'damaged']);

/** A lock that was not had after so long is somebody's. */
const QUEUE_MS = 100;

/** A miss that is certain before anything is looked up. */
function certainMiss(control: FlightControl, { call, forceFresh }: FlightRequest): Miss | undefined {
  const refusal = control.refusalOf(call);
  if (refusal) return { kind: 'miss', ...refusal };
  return forceFresh ? { kind: 'miss', reason: 'forced' } : undefined;
}

const look = ({ call, isUnread }: FlightRequest): Promise<Hit | Miss> => findStored(call, isUnread);

function deliver(control: FlightControl, { call, flight, start }: FlightRequest, hit: Hit): void {
  flight.settle(hit);
  control.delivered(call, hit, start);
}

/** Asked for together with the entry: it costs no turn of its own. */
const epochsOf = ({ store, functionKey }: CachedCall): Computation['epochs'] =>
  store.catalog.epochs(functionKey).catch(() => undefined);

const compute = (
  control: FlightControl,
  { call, flight }: FlightRequest,
  why: Pick<Computation, 'reason' | 'epochs'>,
): Promise<void> => computeAndStore(control.computation(call, why), flight);

/** A hit to deliver; undefined once the call was computed. */
type Served = Hit | undefined;

/** Looks up, unless that was done, and computes. */
async function serve(control: FlightControl, request: FlightRequest, known?: Miss): Promise<Served> {
  const epochs = epochsOf(request.call);
  const outcome = known ?? (await look(request));
  if (outcome.kind === 'hit') return outcome;
  control.noteMiss(request.call, outcome);
  await compute(control, request, { reason: outcome.reason, epochs });
  return undefined;
}

/** Serves under the call's lock; 'busy' where it is not free. */
async function serveIfFree(control: FlightControl, request: FlightRequest): Promise<Served | 'busy'> {
  let isEntered = false;
  try {
    return await withLock(request.flight.lock, { ifAvailable: true }, async (isHeld) => {
      isEntered = isHeld;
      return isHeld ? request.flight.until(serve(control, request)) : 'busy';
    });
  } catch (error) {
    if (!isEntered) return 'busy';
    request.flight.fail(error);
    return undefined;
  }
}

/** Fires when the flight is not to wait for its lock any more: it is over, has waited long enough, or would wait for itself. */
function queuePatience({ call, flight, origin }: FlightRequest): Patience {
  const { singleFlightTimeoutMs: timeoutMs } = call.context.options;
  const { variant, signal } = flight;
  const patience = new Patience({ origin, timeoutMs, variant, signals: [], isForOrigin: true }, flight);
  const end = (): void => patience.fire(new WaitOver(false));
  signal.addEventListener('abort', end, { once: true });
  void flight.released.then(end);
  return patience;
}

/** Waits for the call's lock, then looks again: another realm may have stored it. Locks that fail do not keep it from running. */
async function serveInTurn(
  control: FlightControl,
  request: FlightRequest,
  { reason }: Miss,
): Promise<Served> {
  const { call, flight } = request;
  // All its callers left while it was looked up.
  if (flight.signal.aborted) {
    flight.fail(flight.signal.reason);
    return undefined;
  }
  let isEntered = false;
  const patience = queuePatience(request);
  const work = async (): Promise<Served> => {
    isEntered = true;
    patience.end();
    const epochs = epochsOf(call);
    const again = renewable.has(reason) ? await look(request) : undefined;
    if (again?.kind === 'hit') return again;
    await compute(control, request, { reason, epochs });
    return undefined;
  };
  if (request.isLate) return work();
  void wait(QUEUE_MS).then(() => flight.noteWaiting());
  try {
    return await withLock(flight.lock, { signal: patience.signal }, () => flight.until(work()));
  } catch (error) {
    if (!isEntered && !flight.signal.aborted) return work();
    flight.fail(error);
    return undefined;
  }
}

async function serveForOrigin(control: FlightControl, request: FlightRequest, known?: Miss): Promise<Served> {
  // Two steps instead of three, where a miss is likely. Never a wait: whoever has the lock may be renewing what is stored.
  if (!known && control.missedLast && !request.isLate) {
    const served = await serveIfFree(control, request);
    if (served !== 'busy') return served;
  }
  const outcome = known ?? (await look(request));
  if (outcome.kind === 'hit') return outcome;
  control.noteMiss(request.call, outcome);
  return serveInTurn(control, request, outcome);
}

/** As lookUpOrCompute(), while the realms see whose computation waits for it. */
async function serveSeen(control: FlightControl, request: FlightRequest, known?: Miss): Promise<Served> {
  const from = request.origin.computation?.lock;
  const takeBack = from && (await announceWait(from, request.flight.lock).catch(() => undefined)); // nothing is known of waits, then
  try {
    return await serveForOrigin(control, request, known);
  } finally {
    if (takeBack) void takeBack();
  }
}

/** Rejects never: the flight fails with what the function throws. Over when the flight is released, too. */
export async function lookUpOrCompute(control: FlightControl, request: FlightRequest): Promise<void> {
  const known = certainMiss(control, request) ?? request.found;
  const isAlone = !control.isForOrigin || control.refusalOf(request.call) !== undefined;
  const hit = await request.flight.until((isAlone ? serve : serveSeen)(control, request, known));
  if (hit) deliver(control, request, hit);
}

/** Nobody reads a stream that is only made to be stored. */
async function readToEnd(delivery: Delivery): Promise<void> {
  if (delivery.kind !== 'value' || !isStreamed(delivery.value)) return;
  const chunks: AsyncIterable<unknown> = delivery.value;
  for await (const _ of chunks);
}

/** One computation in the background for a stale entry, unless some realm is at it. Nobody waits for it. */
export async function revalidate(
  control: FlightControl,
  call: CachedCall,
  { flight, createdAt }: { readonly flight: Flight; readonly createdAt: number },
): Promise<void> {
  const lock = renewalLock(call.context.options.name, call.key, createdAt);
  const renew = async (): Promise<void> => {
    const nobody = flight.join([]).then(readToEnd, (error: unknown) => {
      call.context.emit({
        kind: 'skip',
        functionId: call.id,
        key: call.key,
        reason: 'revalidation-failed',
        error,
      });
    });
    await computeAndStore(control.computation(call, { reason: 'expired', epochs: epochsOf(call) }), flight);
    await nobody;
  };
  await withLock(lock, { ifAvailable: true }, async (isHeld) => {
    if (isHeld) await flight.until(renew());
  }).catch(() => undefined); // the stale value was given; its renewal waits for the next call
}
