/** Calls of one function: from this realm, from the store, from an identical call under way, or computed. */
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import { callLock } from '../locks/locks.ts';
import {
  type AnyFunction,
  type CacheOptions,
  type FunctionOptions,
  functionOptions,
} from '../options/options.ts';
import type { Store } from '../store/store.ts';
import { isPromise } from '../values/values.ts';
import type { Asked, CallWays, Outcome } from './asked.ts';
import type { CachedCall } from './cached-call.ts';
import { CallKeys, type Refusal, type WrapSite } from './call-keys.ts';
import { CallLog } from './call-log.ts';
import { noteWait, Origin } from './chain.ts';
import type { Computation } from './compute.ts';
import type { MemoryContext } from './context.ts';
import { Flight } from './flight.ts';
import { keyCall } from './key-call.ts';
import { findKept, findStored, type Hit, type Miss } from './lookup.ts';
import { Notices } from './notices.ts';
import { runAlone } from './run-alone.ts';
import { signalsOf } from './signals.ts';
import { type FlightControl, lookUpOrCompute, revalidate } from './single-flight.ts';
import { measure } from './timeline.ts';
import { tokenOf, tokensReady } from './tokens.ts';
import { variantOf } from './variant.ts';
import { verifyCall } from './verify-call.ts';
import { untilAborted, WaitOver, waitSeen, waitsForItself } from './waiting.ts';
import type { WitnessedCall } from './witness.ts';

const isOver = Promise.resolve();

export class FunctionCalls implements FlightControl {
  readonly context: MemoryContext;
  readonly options: FunctionOptions;
  readonly keys: CallKeys;
  readonly log: CallLog;
  readonly notices: Notices;
  /** Whether the store had nothing for the last call that asked it. */
  missedLast = false;
  readonly #fn: AnyFunction;
  readonly #facts: FunctionFacts | undefined;

  constructor(
    context: MemoryContext,
    fn: AnyFunction,
    options: CacheOptions,
    { facts, site }: { facts: FunctionFacts | undefined; site: WrapSite },
  ) {
    this.context = context;
    this.options = functionOptions(options, context.options);
    this.#fn = fn;
    this.#facts = facts;
    this.keys = new CallKeys(context, fn, this.options, { facts, site });
    this.notices = new Notices(context.options.name, this.id);
    this.log = new CallLog(options.verbose ?? context.options.verbose, this.id, context.startedAt);
  }

  get id(): string {
    return this.keys.identity.id;
  }

  get isForOrigin(): boolean {
    return this.context.options.singleFlight === 'origin' && this.keys.identity.isPersistent;
  }

  /** Why nothing may be found or kept for a call, if so. */
  refusalOf(call: CachedCall): Refusal | undefined {
    return call.untold ?? this.keys.refusal();
  }

  /** The store, where this memory keeps anything. */
  get store(): Store | undefined {
    return this.context.isClosed ? undefined : this.context.store;
  }

  /** Rejects with what the function throws, with UnhashableArgumentError, or with the reason of a signal. */
  async perform(self: unknown, args: readonly unknown[], ways: CallWays): Promise<Outcome> {
    const { store } = this;
    const { origin = new Origin() } = ways;
    const signals = signalsOf(args);
    if (ways.signal) signals.push(ways.signal);
    for (const signal of signals) signal.throwIfAborted();
    if (!store)
      return { value: await runAlone({ fn: this.#fn, self, args, signals, origin }), ended: isOver };
    const start = performance.now();
    const asking = this.callOf(store, self, args);
    // Without a turn where that can be: a call of a function to itself fails where the bare one would.
    const call = 'then' in asking ? await asking : asking;
    const finding = ways.forceFresh || this.refusalOf(call) ? undefined : findKept(call);
    const kept: Hit | undefined = isPromise(finding) ? await finding : finding;
    return kept ? this.#answer(call, kept, start) : this.#joinOrStart({ call, signals, ways, origin, start });
  }

  /** What was asked, under its key: at once where nothing has to open. */
  callOf(store: Store, self: unknown, args: readonly unknown[]): CachedCall | Promise<CachedCall> {
    const keyed = (): CachedCall | Promise<CachedCall> => keyCall(this, { store, self, args });
    if (this.keys.isOpen && store.isOpen && tokensReady() === undefined) return keyed();
    return Promise.all([this.keys.open(), store.open()]).then(tokensReady).then(keyed);
  }

  /** Counts and announces a hit. */
  noteHit(call: CachedCall, hit: Omit<Hit, 'kind' | 'value' | 'copy'>, start: number): void {
    const { source: reason, isStale, computeMs: savedMs, sizeBytes } = hit;
    if (this.keys.identity.isPersistent) call.store.touches.addHit(call.key, call.functionKey, savedMs);
    this.context.witness?.note(this.#witnessed(call), true);
    const ms = performance.now() - start;
    this.notices.hit();
    this.log.loading(call.args, call.key);
    this.log.loaded(ms);
    measure('hit', call.id, start, ms);
    call.context.emit({
      kind: 'hit',
      functionId: call.id,
      key: call.key,
      reason,
      isStale,
      ms,
      savedMs,
      sizeBytes,
    });
  }

  /** Joins the flight of an identical call, or starts one. */
  async #joinOrStart(asked: Asked): Promise<Outcome> {
    const { call, signals, ways, start } = asked;
    const { flights } = this.context;
    // Functions that cannot be told apart have one key: none of them waits for another's value.
    if (this.refusalOf(call)) return this.#start(asked);
    let under = this.#underWay(call);
    while (under && (under.isSettled || ways.forceFresh)) {
      // Being stored, so the entry is there in a moment; or about to be overtaken.
      const { ended } = under;
      const waiting = this.#wait(asked, under, (until) => untilAborted(until, ended));
      const over = waiting instanceof WaitOver ? waiting : await waiting;
      if (over instanceof WaitOver) return this.#pass(asked, over);
      const kept: Hit | undefined = ways.forceFresh ? undefined : await findKept(call);
      if (kept) return this.#answer(call, kept, start);
      under = this.#underWay(call);
    }
    if (!under && this.#isLikelyHit(signals, ways)) {
      const found = await findStored(call, ways.isUnread);
      if (found.kind === 'hit') return this.#deliver(call, found, start);
      under = flights.get(call.key); // an identical call may have missed first
      if (!under?.isOpen) return this.#start(asked, { found });
    }
    return under ? this.#join(asked, under) : this.#start(asked);
  }

  /** The flight of the same call, unless it was given up: nothing of that comes to anybody. */
  #underWay({ key }: CachedCall): Flight | undefined {
    const under = this.context.flights.get(key);
    return under?.signal.aborted && !under.isSettled ? undefined : under;
  }

  /** Waits for another flight; that the wait was given up is returned. Where that is certain before, it is in this turn. */
  #wait<T>(
    { call, signals, origin }: Asked,
    under: Flight,
    begin: (signals: readonly AbortSignal[]) => Promise<T>,
  ): WaitOver | Promise<T | WaitOver> {
    const { singleFlightTimeoutMs: timeoutMs } = this.context.options;
    const variant = variantOf(this.options, call.args);
    const waiter = { origin, signals, timeoutMs, variant, isForOrigin: this.isForOrigin };
    if (!under.isSettled && waitsForItself(waiter, under)) return new WaitOver(true);
    return waitSeen(waiter, under, begin).catch((error: unknown) => {
      if (error instanceof WaitOver) return error;
      throw error;
    });
  }

  /** Computes instead of waiting any longer. */
  #pass(asked: Asked, { isItself }: WaitOver): Promise<Outcome> {
    return isItself ? this.#alone(asked) : this.#start(asked, { isLate: true });
  }

  /** Computes for this caller alone. */
  async #alone({ call, signals, origin }: Asked): Promise<Outcome> {
    const { self, args } = call;
    return { value: await runAlone({ fn: this.#fn, self, args, signals, origin }), ended: isOver };
  }

  /**
   * Whether to look before a flight and a lock are had, which a hit needs not. A function that missed last will miss
   * again: its next call looks under the lock, once. One that may be aborted leaves a flight at once.
   */
  #isLikelyHit(signals: readonly AbortSignal[], { forceFresh }: CallWays): boolean {
    return !forceFresh && !this.missedLast && signals.length === 0;
  }

  async #join(asked: Asked, flight: Flight): Promise<Outcome> {
    const { call, ways, start } = asked;
    const waiting = this.#wait(asked, flight, (until) => flight.join(until));
    const delivery = waiting instanceof WaitOver ? waiting : await waiting;
    if (delivery instanceof WaitOver) return this.#pass(asked, delivery);
    // It was joined by a caller that wants a value after all.
    if (delivery.kind === 'stored' && !ways.isUnread) return this.#joinOrStart(asked);
    const { ended } = flight;
    if (delivery.kind === 'stored') return { value: undefined, ended, isUnread: true };
    // A value that cannot be copied cannot be shared either; nor may one of a function that is ambiguous since.
    if (delivery.kind === 'not-shareable' || this.refusalOf(call)) return this.#alone(asked);
    this.noteHit(call, { source: 'in-flight', isStale: false, computeMs: 0, sizeBytes: 0 }, start);
    return { value: delivery.value, ended };
  }

  /** @param isLate It has waited for another computation as long as it may. */
  async #start(
    { call, signals, origin, start, ways }: Asked,
    { isLate = false, found }: { isLate?: boolean; found?: Miss } = {},
  ): Promise<Outcome> {
    const { flights } = this.context;
    const flight = this.#newFlight(call);
    if (!this.refusalOf(call)) flights.set(call.key, flight);
    const delivery = flight.join(signals);
    const waited = noteWait(origin.computation, flight);
    const { forceFresh, isUnread } = ways;
    const request = { call, flight, origin, isLate, start, forceFresh, isUnread, found };
    const work = lookUpOrCompute(this, request).finally(() => {
      if (flights.get(call.key) === flight) flights.delete(call.key);
    });
    this.#end(flight, work);
    const { ended } = flight;
    const outcome = await delivery.finally(waited);
    return outcome.kind === 'value'
      ? { value: outcome.value, ended }
      : { value: undefined, ended, isUnread: true };
  }

  #newFlight({ key, args }: CachedCall): Flight {
    const variant = variantOf(this.options, args);
    return new Flight(callLock(this.context.options.name, key, variant), variant);
  }

  /** The flight is over with the work, which never rejects. */
  #end(flight: Flight, work: Promise<void>): void {
    const { underWay } = this.context;
    underWay.add(flight);
    this.context.track(flight.waits); // then, with what was computed, it is tracked again
    if (this.options.cacheValidationCallback) flight.noteWaiting(); // for a promise that is not ours
    void work.finally(() => {
      underWay.delete(flight);
      flight.end();
    });
  }

  /** Counts a hit, and sees to its renewal where it is stale. */
  delivered(call: CachedCall, hit: Omit<Hit, 'kind' | 'copy'>, start: number): void {
    this.missedLast = false;
    this.noteHit(call, hit, start);
    if (!hit.isStale) return;
    const flight = this.#newFlight(call);
    this.#end(flight, revalidate(this, call, { flight, createdAt: hit.createdAt ?? 0 }));
  }

  /** The function, ready to run for the call. */
  computation(call: CachedCall, why: Pick<Computation, 'reason' | 'epochs'>): Computation {
    const { identityText, identity } = this.keys;
    const { isPersistent } = identity;
    return {
      call,
      log: this.log,
      fn: this.#fn as (...args: unknown[]) => unknown, // the parameters' types are erased here
      ...why,
      identity: identityText,
      isPersistent,
      refusal: () => this.refusalOf(call),
      isCurrent: this.#facts?.isCurrent,
      rekey: (args = call.args) => this.keys.keyOf(call.self, args),
      digests: () => this.keys.digestsOf(call.self, call.args),
      values: () => this.keys.valuesOf(call.args),
    };
  }

  /** The call as who verifies it knows it. */
  #witnessed(call: CachedCall): WitnessedCall {
    const fn = this.#fn as (...args: unknown[]) => unknown; // the parameters' types are erased here
    const { hasher } = this.keys;
    const rekey = () => this.keys.keyOf(call.self, call.args);
    const digest = (value: unknown) =>
      hasher.digest(value, { codecs: call.options.codecs, tokenOf, root: 'result' });
    const { id: functionId, key, args } = call;
    return { functionId, key, args, verify: () => verifyCall({ call, fn, rekey, digest }) };
  }

  #deliver(call: CachedCall, hit: Hit, start: number): Outcome {
    this.delivered(call, hit, start);
    return { value: hit.value, ended: isOver, ...(hit.isUnread && { isUnread: true }) };
  }

  #answer(call: CachedCall, hit: Hit, start: number): Outcome {
    this.noteHit(call, hit, start);
    return { value: hit.value, ended: isOver };
  }

  /** Counts and announces a miss. */
  noteMiss(call: CachedCall, { reason, error }: Miss): void {
    this.missedLast = true;
    if (!this.refusalOf(call)) this.context.witness?.note(this.#witnessed(call), false);
    call.store.touches.addMiss(call.functionKey, call.id, reason);
    call.context.emit({ kind: 'miss', functionId: call.id, key: call.key, reason, error });
  }
}
