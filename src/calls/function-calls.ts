/** Calls of one function: from this realm, from the store, from an identical call under way, or computed. */
import { loadBackends } from '../blobs/blobs.ts';
import { loadBooks } from '../catalog/catalog.ts';
import { Chunk, ChunkError, fetchWhenIdle } from '../chunks/chunks.ts';
import { loadRareReaders } from '../codec/codec.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import { loadRareKinds } from '../keys/keys.ts';
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
import type { CallHistory } from './call-history.ts';
import { CallKeys, type Refusal, type WrapSite } from './call-keys.ts';
import type { CallLog } from './call-log.ts';
import { Origin } from './chain.ts';
import type { Computation } from './compute.ts';
import type { MemoryContext } from './context.ts';
import { keyCall } from './key-call.ts';
import { findKept, findStored, type Hit, type Miss } from './lookup.ts';
import { runAlone } from './run-alone.ts';
import { signalsOf, untilAborted } from './signals.ts';
import type { FlightControl } from './single-flight.ts';
import { measure } from './timeline.ts';
import { tokenOf, tokensReady } from './tokens.ts';
import type { Verdict, WitnessedCall } from './witness.ts';

const isOver = Promise.resolve();

type Misses = typeof import('./miss.ts');
/**
 * With what writes: nothing is to be waited for between a function's return and the taking of its bytes. All at once: a
 * part that is found to be needed by another that has come costs a way of its own.
 */
const misses = new Chunk<Misses>(async () => {
  const [module] = await Promise.all([
    import('./miss.ts'),
    loadBooks(),
    loadBackends(),
    loadRareKinds(),
    loadRareReaders(),
  ]);
  return module;
});

export class FunctionCalls implements FlightControl {
  readonly context: MemoryContext;
  readonly options: FunctionOptions;
  readonly keys: CallKeys;
  readonly log: CallLog;
  readonly history: CallHistory;
  /** Whether the store had nothing for the last call that asked it. */
  missedLast = false;
  readonly fn: AnyFunction;
  readonly #facts: FunctionFacts | undefined;

  constructor(
    context: MemoryContext,
    fn: AnyFunction,
    options: CacheOptions,
    { facts, site }: { facts: FunctionFacts | undefined; site: WrapSite },
  ) {
    this.context = context;
    this.options = functionOptions(options, context.options);
    this.fn = fn;
    this.#facts = facts;
    this.keys = new CallKeys(context, fn, this.options, { facts, site });
    this.history = { memory: context.options.name, id: this.id, wasAnswered: false, misses: [] };
    const level = options.verbose ?? context.options.verbose;
    this.log = { level, name: this.id, startedAt: context.startedAt };
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
    if (!store) return { value: await runAlone({ fn: this.fn, self, args, signals, origin }), ended: isOver };
    const start = performance.now();
    const asking = this.callOf(store, self, args);
    // Without a turn where that can be: a call of a function to itself fails where the bare one would.
    const call = 'then' in asking ? await asking : asking;
    const finding = ways.forceFresh || this.refusalOf(call) ? undefined : findKept(call);
    const kept: Hit | undefined = isPromise(finding) ? await finding : finding;
    if (kept) return this.answer(call, kept, start);
    const asked = { call, signals, ways, origin, start };
    // A hit needs no flight, no lock, and nothing of what a miss needs.
    const isLookedUp = this.isLikelyHit(signals, ways) && !this.refusalOf(call) && !this.#isUnderWay(call);
    if (!isLookedUp) return this.#miss(asked);
    const found = await untilAborted(signals, findStored(call, ways.isUnread));
    return found.kind === 'hit' ? this.deliver(call, found, start) : this.#miss(asked, found);
  }

  /** What was asked, under its key: at once where nothing has to open. */
  callOf(store: Store, self: unknown, args: readonly unknown[]): CachedCall | Promise<CachedCall> {
    const keyed = (missing?: ChunkError) => keyCall(this, { store, self, args }, missing);
    if (this.keys.isOpen && store.isOpen && tokensReady() === undefined) return keyed();
    fetchWhenIdle();
    const opening = Promise.all([this.keys.open(), store.open()]).then(tokensReady);
    return opening.then(
      () => keyed(),
      (error: unknown) => {
        if (error instanceof ChunkError) return keyed(error);
        throw error;
      },
    );
  }

  /** Counts and announces a hit. */
  noteHit(call: CachedCall, hit: Omit<Hit, 'kind' | 'value' | 'copy'>, start: number): void {
    const { source: reason, isStale, computeMs: savedMs, sizeBytes } = hit;
    if (this.keys.identity.isPersistent) call.store.touches.addHit(call.key, call.functionKey, savedMs);
    this.context.witness?.note(this.#witnessed(call), true);
    const ms = performance.now() - start;
    this.history.wasAnswered = true;
    if (this.log.level > 1) this.#logged((log) => log.loaded(this.log, call, ms));
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

  /** Counts a hit, and sees to its renewal where it is stale. */
  delivered(call: CachedCall, hit: Omit<Hit, 'kind' | 'copy'>, start: number): void {
    this.missedLast = false;
    this.noteHit(call, hit, start);
    if (!hit.isStale) return;
    const renew = (module: Misses): void => module.renew(this, call, hit.createdAt ?? 0);
    if (misses.loaded) renew(misses.loaded);
    else this.context.track(misses.load().then(renew, () => undefined)); // the next call tries again
  }

  /** The function, ready to run for the call. */
  computation(call: CachedCall, why: Pick<Computation, 'reason' | 'epochs'>): Computation {
    const { identityText, identity } = this.keys;
    const { isPersistent } = identity;
    return {
      call,
      log: this.log,
      fn: this.fn as (...args: unknown[]) => unknown, // the parameters' types are erased here
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
    const fn = this.fn as (...args: unknown[]) => unknown; // the parameters' types are erased here
    const { hasher } = this.keys;
    const rekey = () => this.keys.keyOf(call.self, call.args);
    const digest = (value: unknown) =>
      hasher.digest(value, { codecs: call.options.codecs, tokenOf, root: 'result' });
    const { id: functionId, key, args } = call;
    const verify = async (): Promise<Verdict> => {
      const module = await misses.load().catch(() => undefined);
      return module ? module.verifyCall({ call, fn, rekey, digest }) : { kind: 'unknown' };
    };
    return { functionId, key, args, verify };
  }

  /** Counts and announces a hit, and gives it to its caller. */
  deliver(call: CachedCall, hit: Hit, start: number): Outcome {
    this.delivered(call, hit, start);
    return { value: hit.value, ended: isOver, ...(hit.isUnread && { isUnread: true }) };
  }

  /** As deliver(), for what this realm keeps, which is not stale. */
  answer(call: CachedCall, hit: Hit, start: number): Outcome {
    this.noteHit(call, hit, start);
    return { value: hit.value, ended: isOver };
  }

  /** Computes for this caller alone. */
  async alone({ call, signals, origin }: Asked): Promise<Outcome> {
    const { self, args } = call;
    return { value: await runAlone({ fn: this.fn, self, args, signals, origin }), ended: isOver };
  }

  /**
   * Whether to look before a flight and a lock are had, which a hit needs not. A function that missed last will miss
   * again: its next call looks under the lock, once. One that may be aborted leaves a flight at once.
   */
  isLikelyHit(signals: readonly AbortSignal[], { forceFresh }: CallWays): boolean {
    return !forceFresh && (!misses.loaded || (!this.missedLast && signals.length === 0));
  }

  #isUnderWay({ key }: CachedCall): boolean {
    return this.context.flights.has(key);
  }

  /** Prints, where that is asked for. */
  #logged(print: (log: Misses['log']) => void): void {
    if (misses.loaded) print(misses.loaded.log);
    else
      void misses.load().then(
        ({ log }) => print(log),
        () => undefined,
      ); // nothing is said, then
  }

  /** At level 1 and up: all results of the function are about to go. */
  logClearing(): void {
    if (this.log.level >= 1) this.#logged((log) => log.clearing(this.log));
  }

  /** Above level 10: the steps in between. */
  logStep(text: string): void {
    if (this.log.level > 10) this.#logged((log) => log.step(this.log, text));
  }

  /** Joins or starts a flight; where what that takes cannot be had, the function runs for this caller alone. */
  #miss(asked: Asked, found?: Miss): Promise<Outcome> {
    return misses.loaded ? misses.loaded.joinOrStart(this, asked, found) : this.#missLater(asked, found);
  }

  async #missLater(asked: Asked, found: Miss | undefined): Promise<Outcome> {
    const { call, signals } = asked;
    const loading = misses.load();
    this.context.track(loading.catch(() => undefined));
    try {
      await untilAborted(signals, loading);
    } catch (error) {
      if (!(error instanceof ChunkError)) throw error;
      const { reason = 'forced' }: Partial<Miss> = found ?? this.refusalOf(call) ?? {};
      this.noteMiss(call, { kind: 'miss', reason });
      const { id: functionId, key } = call;
      this.context.emit({ kind: 'skip', functionId, key, reason: 'storage-failed', error });
      return this.alone(asked);
    }
    return this.#miss(asked, found);
  }

  /** Counts and announces a miss. */
  noteMiss(call: CachedCall, { reason, error }: Miss): void {
    this.missedLast = true;
    if (!this.refusalOf(call)) this.context.witness?.note(this.#witnessed(call), false);
    if (this.keys.isOpen) call.store.touches.addMiss(call.functionKey, call.id, reason);
    call.context.emit({ kind: 'miss', functionId: call.id, key: call.key, reason, error });
  }
}
