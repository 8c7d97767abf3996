/** A function wrapped by Memory.cache(): the call, and the verbs around it. */
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { IgnoredPath, KeyHasher } from '../keys/keys.ts';
import { callLock, withLock } from '../locks/locks.ts';
import type { CachedCall } from './cached-call.ts';
import { type Computation, computeAndStore } from './compute.ts';
import type { MemoryContext } from './context.ts';
import { type EntryQuery, listEntries } from './entries.ts';
import type { EntryInfo } from './entry-info.ts';
import { Flight } from './flight.ts';
import { ambiguityOf, type CodeIdentity, claimIdentity, functionKeyOf, identify } from './identity.ts';
import { ignoredPaths, parameterNames } from './ignore.ts';
import { findKept, findStored, type Hit, type Miss } from './lookup.ts';
import type { AnyFunction, CacheOptions } from './options.ts';
import { signalsOf } from './signals.ts';
import type { Store } from './store.ts';

export interface CallOverrides {
  /** This caller leaves when it fires; the function is aborted when its last caller has left. */
  readonly signal?: AbortSignal;
  /** Compute even if a result is stored, and store over it. */
  readonly forceFresh?: boolean;
}

type Result<F extends AnyFunction> = Promise<Awaited<ReturnType<F>>>;

/** The callable that Memory.cache() returns. */
export interface CachedFunction<F extends AnyFunction = AnyFunction> {
  /** The stored result of this call, or a computed one. */
  (this: ThisParameterType<F>, ...args: Parameters<F>): Result<F>;
  /** Whether a usable result is stored. Never computes, never deletes. */
  checkCallInCache(...args: Parameters<F>): Promise<boolean>;
  /** Deletes the stored result of one call. */
  delete(...args: Parameters<F>): Promise<{ removed: number; freedBytes: number }>;
  /** Deletes every stored result of this function, of all its versions. */
  clear(): Promise<{ removed: number; freedBytes: number }>;
  entries(query?: Omit<EntryQuery, 'functionId'>): AsyncIterable<EntryInfo>;
  /** The same function with other ways for one call. */
  with(overrides: CallOverrides): (this: ThisParameterType<F>, ...args: Parameters<F>) => Result<F>;
  /** The original. */
  readonly fn: F;
  readonly id: string;
  readonly version: string | number | undefined;
}

/** Marks cached functions, so that they can be recognised as arguments. */
const enginesOf = new WeakMap<object, FunctionCalls>();

/** What hashes in place of a cached function given as an argument: its code identity. */
export const tokenOfCached = (value: object): string | undefined => enginesOf.get(value)?.token;

/** Calls of one function. */
export class FunctionCalls {
  readonly #context: MemoryContext;
  readonly #fn: AnyFunction;
  readonly #options: CacheOptions;
  readonly #facts: FunctionFacts | undefined;
  readonly #identity: CodeIdentity;
  readonly #ignore: readonly IgnoredPath[] | undefined;
  #functionKey: string | undefined;
  #hasher: KeyHasher | undefined;
  #preparing: Promise<void> | undefined;
  #isNoticed = false;

  constructor(
    context: MemoryContext,
    fn: AnyFunction,
    options: CacheOptions,
    facts: FunctionFacts | undefined,
  ) {
    this.#context = context;
    this.#fn = fn;
    this.#options = options;
    this.#facts = facts;
    this.#identity = identify(fn, options, facts);
    const names = facts?.params ?? parameterNames(Function.prototype.toString.call(fn));
    this.#ignore = ignoredPaths(options.ignore ?? [], names);
  }

  get id(): string {
    return this.#identity.id;
  }

  get token(): string {
    return `function ${JSON.stringify(this.#identity.parts)}`;
  }

  /** The call: from this realm, from the store, from an identical call under way, or computed. */
  async call(self: unknown, args: readonly unknown[], overrides: CallOverrides = {}): Promise<unknown> {
    const { store } = this.#context;
    if (!store || this.#context.isClosed) return this.#fn.apply(self, [...args]);
    const signals = [...signalsOf(args), ...(overrides.signal ? [overrides.signal] : [])];
    for (const signal of signals) signal.throwIfAborted();
    const call = await this.#callOf(store, self, args);
    const start = performance.now();
    const kept = overrides.forceFresh || this.#ambiguity() ? undefined : findKept(call);
    if (kept) return this.#answer(call, kept, start);
    return this.#board(call, signals, overrides, start);
  }

  async checkCallInCache(self: unknown, args: readonly unknown[]): Promise<boolean> {
    const { store } = this.#context;
    if (!store || this.#context.isClosed) return false;
    const call = await this.#callOf(store, self, args);
    if (this.#ambiguity()) return false;
    if (findKept(call)) return true;
    const found = await store.find(call.key).catch(() => undefined);
    return found?.kind === 'entry';
  }

  async delete(self: unknown, args: readonly unknown[]): Promise<{ removed: number; freedBytes: number }> {
    const { store } = this.#context;
    if (!store) return { removed: 0, freedBytes: 0 };
    const { key } = await this.#callOf(store, self, args);
    return this.#context.deleteKeys([key]);
  }

  async clear(): Promise<{ removed: number; freedBytes: number }> {
    const { store } = this.#context;
    if (!store) return { removed: 0, freedBytes: 0 };
    await this.#prepare();
    return this.#context.clearFunction(this.id, this.#functionKey);
  }

  entries(query: Omit<EntryQuery, 'functionId'> = {}): AsyncIterable<EntryInfo> {
    return listEntries(this.#context.store, { ...query, functionId: this.id });
  }

  /** Joins the flight of an identical call, or starts one. */
  async #board(
    call: CachedCall,
    signals: readonly AbortSignal[],
    overrides: CallOverrides,
    start: number,
  ): Promise<unknown> {
    const { flights } = this.#context;
    let under = flights.get(call.key);
    while (under && (!under.isOpen || overrides.forceFresh)) {
      // Being stored, so the entry is there in a moment; or left by all its callers.
      await under.ended;
      const kept = overrides.forceFresh ? undefined : findKept(call);
      if (kept) return this.#answer(call, kept, start);
      under = flights.get(call.key);
    }
    if (under) {
      const landing = await under.join(signals);
      if (landing.kind === 'not-shareable') return this.#fn.apply(call.self, [...call.args]);
      this.#emitHit(call, { source: 'in-flight', isStale: false, computeMs: 0, sizeBytes: 0 }, start);
      return landing.value;
    }
    const flight = new Flight();
    flights.set(call.key, flight);
    const landing = flight.join(signals);
    const work = this.#fly(call, flight, overrides, start).finally(() => {
      if (flights.get(call.key) === flight) flights.delete(call.key);
      flight.end();
    });
    this.#context.track(work);
    const landed = await landing;
    return landed.kind === 'value' ? landed.value : undefined;
  }

  /** Looks up, and computes on a miss. Rejects never: the flight fails with what the function throws. */
  async #fly(
    call: CachedCall,
    flight: Flight,
    { forceFresh = false }: CallOverrides,
    start: number,
  ): Promise<void> {
    const ambiguity = this.#ambiguity();
    let outcome: Hit | Miss = { kind: 'miss', reason: 'forced' };
    if (ambiguity) outcome = { kind: 'miss', reason: 'ambiguous', error: ambiguity };
    else if (!forceFresh) outcome = await findStored(call);
    if (outcome.kind === 'hit') return this.#land(call, flight, outcome, start);
    this.#context.emit({
      kind: 'miss',
      functionId: call.id,
      key: call.key,
      reason: outcome.reason,
      error: outcome.error,
    });
    const { reason } = outcome;
    const compute = (): Promise<void> => computeAndStore(this.#computation(call, reason), flight);
    if (this.#context.options.singleFlight === 'realm' || !this.#identity.isPersistent || ambiguity)
      return compute();
    await this.#alone(call, flight, async () => {
      // Another tab may have stored it while this one waited for the lock.
      const again = forceFresh || reason !== 'absent' ? outcome : await findStored(call);
      return again.kind === 'hit' ? this.#land(call, flight, again, start) : compute();
    });
  }

  /** Runs `work` while no other realm works on this call. Locks that fail do not keep it from running. */
  async #alone(call: CachedCall, flight: Flight, work: () => Promise<void>): Promise<void> {
    let isEntered = false;
    try {
      await withLock(callLock(this.#context.options.name, call.key), { signal: flight.signal }, () => {
        isEntered = true;
        return work();
      });
    } catch (error) {
      if (isEntered || flight.signal.aborted) flight.fail(error);
      else await work();
    }
  }

  #land(call: CachedCall, flight: Flight, hit: Hit, start: number): void {
    flight.arrive(hit);
    this.#noteHit(call, hit, start);
    if (hit.isStale) this.#context.track(this.#revalidate(call));
  }

  /** One computation in the background for a stale entry, unless some realm is at it. */
  async #revalidate(call: CachedCall): Promise<void> {
    const name = callLock(this.#context.options.name, call.key);
    const flight = new Flight();
    await withLock(name, { ifAvailable: true }, async (isHeld) => {
      if (isHeld) await computeAndStore(this.#computation(call, 'expired'), flight);
    }).catch(() => undefined); // the stale value was given; its renewal waits for the next call
  }

  #computation(call: CachedCall, reason: Miss['reason']): Computation {
    const ambiguity = this.#ambiguity();
    return {
      call,
      fn: this.#fn as (...args: unknown[]) => unknown, // the parameters' types are erased here
      reason,
      identity: this.#identity.kind,
      isPersistent: this.#identity.isPersistent,
      refusal: ambiguity && { reason: 'ambiguous', error: ambiguity },
      rekey: () => this.#keyOf(call.self, call.args),
    };
  }

  #answer(call: CachedCall, hit: Hit, start: number): unknown {
    this.#noteHit(call, hit, start);
    return hit.value;
  }

  #noteHit(call: CachedCall, hit: Hit, start: number): void {
    if (this.#identity.isPersistent) call.store.touches.add(call.key, call.functionKey, hit.computeMs);
    this.#emitHit(call, hit, start);
  }

  #emitHit(
    call: CachedCall,
    hit: Pick<Hit, 'source' | 'isStale' | 'computeMs' | 'sizeBytes'>,
    start: number,
  ): void {
    const { source: reason, isStale, computeMs: savedMs, sizeBytes } = hit;
    const ms = performance.now() - start;
    this.#context.emit({
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

  #ambiguity() {
    if (this.#facts || this.#options.captures || this.#functionKey === undefined) return undefined;
    return ambiguityOf(this.#context.options.name, this.#functionKey, this.id);
  }

  async #callOf(store: Store, self: unknown, args: readonly unknown[]): Promise<CachedCall> {
    if (!this.#hasher || this.#functionKey === undefined) await this.#prepare();
    if (!store.isOpen) await store.open();
    const key = this.#keyOf(self, args);
    return {
      context: this.#context,
      store,
      options: this.#options,
      id: this.id,
      functionKey: this.#functionKey ?? '',
      key: typeof key === 'string' ? key : await key,
      self,
      args,
      tierEpoch: this.#context.tier.epoch,
    };
  }

  /** Digest of code identity, captured values and arguments. A promise only where a Blob has to be read. */
  #keyOf(self: unknown, args: readonly unknown[]): string | Promise<string> {
    const hasher = this.#hasher;
    if (!hasher) throw new TypeError('The hasher opens before the first key');
    const { key, codecs } = this.#options;
    const identity = this.#functionKey ?? '';
    const captured = this.#capturesOf(self);
    const shared = { codecs, tokenOf: tokenOfCached };
    // The parameters' types are erased here.
    if (key)
      return hasher.callKey(
        { identity, captured, args: [key(...(args as never[]))] },
        { ...shared, root: 'key()' },
      );
    return hasher.callKey({ identity, captured, args }, { ...shared, ignore: this.#ignore });
  }

  #capturesOf(self: unknown): Record<string, unknown> | undefined {
    const byHand = this.#options.captures?.call(self);
    const byPlugin = this.#facts?.captures?.call(self);
    return byHand || byPlugin ? { ...byPlugin, ...byHand } : undefined;
  }

  #prepare(): Promise<void> {
    this.#preparing ??= this.#open();
    return this.#preparing;
  }

  async #open(): Promise<void> {
    const hasher = await this.#context.hasher();
    this.#functionKey = await functionKeyOf(this.#identity, hasher);
    this.#hasher = hasher;
    if (this.#facts || this.#options.captures) return;
    claimIdentity(this.#context.options.name, this.#functionKey, this.#fn);
    this.#notice();
  }

  /** Says once per function what is not seen. */
  #notice(): void {
    if (this.#isNoticed || this.#identity.kind !== 'source') return;
    this.#isNoticed = true;
    const what = this.#identity.isPersistent
      ? 'edits of helpers that it calls, and values that it captures, are not seen; use the build plugin, or give "version", "depends" or "captures"'
      : 'it has no "id", so its results are kept in this page only; give it one to keep them on disk';
    console.info(`[keepsake] ${this.id}: ${what}`);
  }
}

/** Makes the callable with its verbs. */
export function cachedFunction<F extends AnyFunction>(
  context: MemoryContext,
  fn: F,
  options: CacheOptions,
  facts: FunctionFacts | undefined,
): CachedFunction<F> {
  const calls = new FunctionCalls(context, fn, options, facts);
  const call = function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return calls.call(this, args);
  };
  const verbs: Omit<CachedFunction, never> | object = {
    checkCallInCache: (...args: unknown[]) => calls.checkCallInCache(undefined, args),
    delete: (...args: unknown[]) => calls.delete(undefined, args),
    clear: () => calls.clear(),
    entries: (query?: Omit<EntryQuery, 'functionId'>) => calls.entries(query),
    with: (overrides: CallOverrides) =>
      function (this: unknown, ...args: unknown[]): Promise<unknown> {
        return calls.call(this, args, overrides);
      },
    fn,
    id: calls.id,
    version: options.version,
  };
  for (const [name, value] of Object.entries(verbs))
    Object.defineProperty(call, name, { value, enumerable: true });
  Object.defineProperty(call, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(call, 'length', { value: fn.length, configurable: true });
  enginesOf.set(call, calls);
  return call as unknown as CachedFunction<F>; // defined member by member above
}
