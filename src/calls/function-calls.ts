/** Calls of one function: from this realm, from the store, from an identical call under way, or computed. */
import type { TypedArray } from '../arrays/arrays.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import {
  type AnyFunction,
  type CacheOptions,
  type FunctionOptions,
  functionOptions,
  type MaybeMode,
} from '../options/options.ts';
import type { Store } from '../store/store.ts';
import type { CachedCall } from './cached-call.ts';
import { CallKeys, type Refusal, type WrapSite } from './call-keys.ts';
import { CallLog } from './call-log.ts';
import type { Computation } from './compute.ts';
import type { MemoryContext } from './context.ts';
import { Flight } from './flight.ts';
import { findKept, findStored, type Hit, type Miss } from './lookup.ts';
import { runAlone } from './run-alone.ts';
import { signalsOf } from './signals.ts';
import { type FlightControl, lookUpOrCompute, revalidate } from './single-flight.ts';
import { measure } from './timeline.ts';
import { tokensReady } from './tokens.ts';
import { Untold } from './untold.ts';

export interface CallOverrides<M extends MaybeMode = MaybeMode> {
  /** This caller leaves when it fires; the function is aborted when its last caller has left. */
  readonly signal?: AbortSignal;
  /** Compute even if a result is stored, and store over it. */
  readonly forceFresh?: boolean;
  /** How typed arrays of the result are given, in place of the function's way; null: as they are. */
  readonly mmapMode?: M;
  /** Filled with the result, which must be one typed array of this type and no longer; stays attached. */
  readonly into?: TypedArray;
}

/** What a call is told beside its arguments. */
export interface CallWays extends CallOverrides {
  /** This caller opens the stored entry itself: on a hit there is no need to read it. */
  readonly isUnread?: boolean;
}

/** A value, and when the work behind it is over. */
export interface Outcome {
  readonly value: unknown;
  /** Resolves once the value is stored, or has failed to be. */
  readonly ended: Promise<void>;
  /** There is an entry and no value, as was asked for. */
  readonly isUnread?: boolean;
}

const isOver = Promise.resolve();

export class FunctionCalls implements FlightControl {
  readonly context: MemoryContext;
  readonly options: FunctionOptions;
  readonly keys: CallKeys;
  readonly log: CallLog;
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
  async perform(self: unknown, args: readonly unknown[], overrides: CallWays): Promise<Outcome> {
    const { store } = this;
    const signals = signalsOf(args);
    if (overrides.signal) signals.push(overrides.signal);
    for (const signal of signals) signal.throwIfAborted();
    if (!store) return { value: await runAlone(this.#fn, self, args, signals), ended: isOver };
    const start = performance.now();
    const call = await this.callOf(store, self, args);
    const isAsked = !overrides.forceFresh && !this.refusalOf(call);
    const kept: Hit | undefined = isAsked ? await findKept(call) : undefined;
    return kept ? this.#answer(call, kept, start) : this.#joinOrStart(call, signals, overrides, start);
  }

  /** What was asked, under its key. */
  async callOf(store: Store, self: unknown, args: readonly unknown[]): Promise<CachedCall> {
    if (!this.keys.isOpen || !store.isOpen) await Promise.all([this.keys.open(), store.open()]);
    const ready = tokensReady();
    if (ready !== undefined) await ready;
    let key = '';
    let refusal: Refusal | undefined;
    try {
      const made = this.keys.keyOf(self, args);
      key = typeof made === 'string' ? made : await made;
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      refusal = { reason: 'untold', error: error.reason };
      this.keys.noteUntold(error.reason);
    }
    return {
      context: this.context,
      store,
      options: this.options,
      id: this.id,
      functionKey: this.keys.functionKey,
      key,
      untold: refusal,
      self,
      args,
      tierEpoch: this.context.tier.epoch,
    };
  }

  /** Counts and announces a hit. */
  noteHit(call: CachedCall, hit: Omit<Hit, 'kind' | 'value' | 'copy'>, start: number): void {
    const { source: reason, isStale, computeMs: savedMs, sizeBytes } = hit;
    if (this.keys.identity.isPersistent) call.store.touches.addHit(call.key, call.functionKey, savedMs);
    const ms = performance.now() - start;
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
  async #joinOrStart(
    call: CachedCall,
    signals: readonly AbortSignal[],
    overrides: CallWays,
    start: number,
  ): Promise<Outcome> {
    const { flights } = this.context;
    // Functions that cannot be told apart have one key: none of them waits for another's value.
    if (this.refusalOf(call)) return this.#start(call, signals, overrides, start);
    let under = flights.get(call.key);
    while (under && (!under.isOpen || overrides.forceFresh)) {
      // Being stored, so the entry is there in a moment; or left by all its callers.
      await under.ended;
      const kept: Hit | undefined = overrides.forceFresh ? undefined : await findKept(call);
      if (kept) return this.#answer(call, kept, start);
      under = flights.get(call.key);
    }
    if (!under && this.#isLikelyHit(signals, overrides)) {
      const found = await findStored(call, overrides.isUnread);
      if (found.kind === 'hit') return this.#deliver(call, found, start);
      under = flights.get(call.key); // an identical call may have missed first
      if (!under?.isOpen) return this.#start(call, signals, overrides, start, found);
    }
    if (!under) return this.#start(call, signals, overrides, start);
    const outcome = await this.#join(call, under, signals, start);
    // It was joined by a caller that wants a value after all.
    return outcome.isUnread && !overrides.isUnread
      ? this.#joinOrStart(call, signals, overrides, start)
      : outcome;
  }

  /**
   * Whether to look before a flight and a lock are had, which a hit needs not. A function that missed last will miss
   * again: its next call looks under the lock, once. One that may be aborted leaves a flight at once.
   */
  #isLikelyHit(signals: readonly AbortSignal[], { forceFresh }: CallWays): boolean {
    return !forceFresh && !this.missedLast && signals.length === 0;
  }

  async #join(
    call: CachedCall,
    flight: Flight,
    signals: readonly AbortSignal[],
    start: number,
  ): Promise<Outcome> {
    const delivery = await flight.join(signals);
    const { ended } = flight;
    if (delivery.kind === 'stored') return { value: undefined, ended, isUnread: true };
    // A value that cannot be copied cannot be shared either; nor may one of a function that is ambiguous since.
    if (delivery.kind === 'not-shareable' || this.refusalOf(call))
      return { value: await runAlone(this.#fn, call.self, call.args, signals), ended };
    this.noteHit(call, { source: 'in-flight', isStale: false, computeMs: 0, sizeBytes: 0 }, start);
    return { value: delivery.value, ended };
  }

  async #start(
    call: CachedCall,
    signals: readonly AbortSignal[],
    { forceFresh, isUnread }: CallWays,
    start: number,
    found?: Miss,
  ): Promise<Outcome> {
    const { flights } = this.context;
    const flight = new Flight();
    if (!this.refusalOf(call)) flights.set(call.key, flight);
    const delivery = flight.join(signals);
    const work = lookUpOrCompute(this, { call, flight, start, forceFresh, isUnread, found }).finally(() => {
      if (flights.get(call.key) === flight) flights.delete(call.key);
      flight.end();
    });
    this.context.track(work);
    const outcome = await delivery;
    const { ended } = flight;
    return outcome.kind === 'value'
      ? { value: outcome.value, ended }
      : { value: undefined, ended, isUnread: true };
  }

  /** Counts a hit, and sees to its renewal where it is stale. */
  delivered(call: CachedCall, hit: Omit<Hit, 'kind' | 'copy'>, start: number): void {
    this.missedLast = false;
    this.noteHit(call, hit, start);
    if (hit.isStale) this.context.track(revalidate(this, call));
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
      rekey: () => this.keys.keyOf(call.self, call.args),
      digests: () => this.keys.digestsOf(call.self, call.args),
    };
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
    call.store.touches.addMiss(call.functionKey, call.id, reason);
    call.context.emit({ kind: 'miss', functionId: call.id, key: call.key, reason, error });
  }
}
