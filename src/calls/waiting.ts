/** Waiting for another computation: for as long as the caller may, and never for one that waits for the caller. */
import { wait } from '../deferred/deferred.ts';
import { announceWait, isHolderWaiting } from '../locks/locks.ts';
import { isEntered, isWaitingFor, noteWait, type Origin } from './chain.ts';
import type { Flight } from './flight.ts';

/** Who waits, and for how long. */
export interface Waiter {
  readonly origin: Origin;
  readonly signals: readonly AbortSignal[];
  readonly timeoutMs: number | undefined;
  /** As Flight.variant, of the call that is to wait. */
  readonly variant: string;
  /** Whether other realms may have to do with it. */
  readonly isForOrigin: boolean;
}

/** The wait was given up: it has lasted as long as it may, or would last for ever. */
export class WaitOver extends Error {
  readonly isItself: boolean;

  constructor(isItself: boolean) {
    super(isItself ? 'The call would wait for itself' : 'The call has waited long enough');
    this.isItself = isItself;
  }
}

/**
 * Whether the flight waits for this very call, as far as this realm knows. Where nobody can say whose call it is, one that
 * says the same as the flight's own is none of it: the bare function would never end.
 */
export function waitsForItself({ origin, variant }: Waiter, flight: Flight): boolean {
  if (origin.computation) return isWaitingFor(flight, origin.computation);
  return isEntered(flight) && !origin.isOutside && flight.variant !== variant;
}

/** Before, it is not asked whether a wait could last for ever: most are over. */
const LOOK_MS = 50;

/** Fires when the caller does not wait any more; `end` says that the wait is over. */
export class Patience {
  readonly #controller = new AbortController();
  #isOver = false;

  constructor(waiter: Waiter, flight: Flight) {
    const { timeoutMs, origin, isForOrigin } = waiter;
    if (timeoutMs !== undefined) void wait(timeoutMs).then(() => this.fire(new WaitOver(false)));
    const from = origin.computation?.lock;
    if (from !== undefined && isForOrigin) void this.#look(flight.lock, from);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  fire(reason: WaitOver): void {
    if (!this.#isOver) this.#controller.abort(reason);
  }

  end(): void {
    this.#isOver = true;
  }

  /** Whoever closes a circle of waits has announced its own before, and sees all of it. */
  async #look(awaited: string, waiting: string): Promise<void> {
    await wait(LOOK_MS);
    if (this.#isOver) return;
    const isCircle = await isHolderWaiting(awaited, waiting).catch(() => false); // without locks there is no other realm
    if (isCircle) this.fire(new WaitOver(true));
  }
}

/** Waits, while other realms can see it. @throws WaitOver, or the reason of a signal that fired */
export async function waitSeen<T>(
  waiter: Waiter,
  flight: Flight,
  begin: (signals: readonly AbortSignal[]) => Promise<T>,
): Promise<T> {
  const { computation } = waiter.origin;
  const ended = noteWait(computation, flight);
  const isSeen = computation !== undefined && waiter.isForOrigin;
  const announced = isSeen ? announceWait(computation.lock, flight.lock) : undefined;
  const patience = new Patience(waiter, flight);
  try {
    return await begin([...waiter.signals, patience.signal]);
  } finally {
    patience.end();
    ended();
    void announced?.then((takeBack) => takeBack?.()).catch(() => undefined); // nobody sees it, then
  }
}
