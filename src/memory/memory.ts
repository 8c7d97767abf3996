/** The Memory: wraps functions, holds the options, and answers for everything that is kept under its name. */

import { type Flight, hasherOnce, type MemoryContext, setToken } from '../calls/calls.ts';
import { type ChunkError, onMissing } from '../chunks/chunks.ts';
import { MemoryClosedError } from '../errors/errors.ts';
import type { ChannelMessage } from '../locks/locks.ts';
import {
  type AnyFunction,
  type CacheOptions,
  functionOptions,
  type MaybeMode,
  type MemoryOptions,
  type ResolvedMemoryOptions,
  resolveMemoryOptions,
} from '../options/options.ts';
import type { ExportQuery, ImportOptions, ImportReport, PackOrigin } from '../packs/packs.ts';
import type { Elsewhere } from '../portable/portable.ts';
import {
  forgetIn,
  MemoryTier,
  maxBytesOnce,
  type Removed,
  type StorageStatus,
  Store,
} from '../store/store.ts';
import type { SizeLimits } from '../upkeep/upkeep.ts';
import { CacheEventTarget } from './cache-event-target.ts';
import { type CacheMethod, createCacheMethod } from './cache-method.ts';
import type { CachedFunction } from './cached-function.ts';
import type { ResultIn } from './call-types.ts';
import type { ClearedOrigin } from './clear-origin.ts';
import type { EntryList, EntryQuery } from './entries.ts';
import type { Explanation } from './explain.ts';
import { hasBrowserStorage, hasStorage } from './has-browser-storage.ts';
import { inspection, listEntries } from './late-inspection.ts';
import { LateUpkeep } from './late-upkeep.ts';
import { createVerifier, type LateVerifier } from './late-verifier.ts';
import { PendingWork } from './pending-work.ts';
import { eventOf } from './remote-events.ts';
import { parseReference, type ShelvedResult, StoredResult } from './shelved-result.ts';
import type { FunctionStatistics, MemoryStatistics } from './statistics.ts';
import { elsewhereOf, exportFrom, importInto } from './travel.ts';
import type { Verification, VerifyOptions } from './verifier.ts';

export type { MemoryOptions } from '../options/options.ts';
export type { MemoryEvent } from './cache-event-target.ts';

/** How many evicted keys explain() can tell of. */
const REMEMBERED_EVICTIONS = 1_000;

/** Live memories of this realm, for clearOrigin(). */
const open = new Set<WeakRef<Memory<MaybeMode>>>();

let announce: (memory: Memory<MaybeMode> | undefined, error: ChunkError) => void;

/** Says to every live memory that a part of the library could not be fetched. */
function announceMissing(error: ChunkError): void {
  for (const ref of open) announce(ref.deref(), error);
}

/** Wraps functions so that a call with the same arguments is computed once, ever. Cheap: storage opens at the first call. */
export class Memory<M extends MaybeMode = null> extends CacheEventTarget {
  readonly #options: ResolvedMemoryOptions;
  readonly #tier: MemoryTier;
  readonly #maxBytes: () => Promise<number>;
  readonly #context: MemoryContext;
  readonly #run = new WeakMap<AnyFunction, CachedFunction>();
  /** Wraps functions and decorates methods. Bound to this memory, so that it can be a decorator. */
  readonly cache: CacheMethod<M>;
  readonly #upkeep: LateUpkeep;
  readonly #verifier: LateVerifier | undefined;
  readonly #elsewhere: Elsewhere | undefined;
  readonly #work = new PendingWork();
  readonly #evicted = new Set<string>();
  #store: Store | undefined;
  #isClosed = false;
  #isMissingSaid = false;

  /** @throws TypeError or RangeError for an option that is not accepted. */
  constructor(options: MemoryOptions<M> = {}) {
    super();
    this.#options = resolveMemoryOptions(options);
    this.#maxBytes = maxBytesOnce(this.#options.maxBytes);
    this.#tier = new MemoryTier(this.#options.memoryTierBytes);
    if (hasStorage(this.#options.storage)) this.#store = this.#openStore();
    this.#upkeep = new LateUpkeep({
      maxBytes: this.#maxBytes,
      emit: (event) => this.emit(event),
      forget: (key) => this.#forgetEvicted(key),
    });
    this.#verifier = createVerifier(() => this.#context, this.#options);
    this.#elsewhere = elsewhereOf(this.#options, () => this.#context);
    this.#context = this.#createContext();
    this.cache = createCacheMethod<M>(this.#context);
    // Where a cached function uses its memory, or another one, no result depends on which.
    setToken(this, () => `memory ${this.name}`);
    open.add(new WeakRef(this));
    onMissing(announceMissing);
  }

  get name(): string {
    return this.#options.name;
  }

  /** joblib's eval: the function, cached with the defaults, and called. */
  run<F extends AnyFunction>(fn: F, ...args: Parameters<F>): Promise<ResultIn<F, M>> {
    const plain: AnyFunction = fn;
    const cached = this.#run.get(plain) ?? (this.cache(plain) as CachedFunction); // the map does not know whose function it holds
    this.#run.set(plain, cached);
    return cached(...args) as Promise<ResultIn<F, M>>; // nor what its calls give
  }

  /** Deletes every entry, in every tab; results that are being computed are not kept. */
  async clear(): Promise<Removed> {
    this.#tier.clear();
    const store = await this.#openedStore();
    if (!store) return { removed: 0, freedBytes: 0 };
    const { removed, freedBytes } = await store.clear();
    this.#tier.clear();
    store.channel.post({ kind: 'clear' }); // now that nobody can read it again
    this.emit({ kind: 'delete', reason: 'cleared', removed, freedBytes });
    return { removed, freedBytes };
  }

  /** Deletes entries by key, as entries() lists them. */
  delete(...keys: readonly string[]): Promise<Removed> {
    return this.#deleteKeys(keys);
  }

  /** Deletes every entry that has the tag. */
  async deleteTag(tag: string): Promise<Removed> {
    const store = await this.#openedStore();
    return store ? this.#deleteKeys(await store.catalog.keysOfTag(tag)) : { removed: 0, freedBytes: 0 };
  }

  /** Totals per function, the last used first. */
  async functions(): Promise<FunctionStatistics[]> {
    const { functionStatistics } = await inspection.load();
    return functionStatistics(await this.#functionRows());
  }

  /** Totals of this memory: entries, bytes, hits, misses by reason, time spent and saved. */
  async stats(): Promise<MemoryStatistics> {
    const { memoryStatistics } = await inspection.load();
    return memoryStatistics(await this.#functionRows(), this.#elsewhere?.totals());
  }

  /**
   * A shelved result from what its toJSON() returned, in this or another realm of the origin.
   * @throws TypeError for anything else, and for a result of another memory.
   */
  shelved<T = unknown>(reference: unknown, options: Pick<CacheOptions, 'codecs'> = {}): ShelvedResult<T> {
    const { info, digest } = parseReference(reference, this.name);
    const { codecs } = functionOptions(options, this.#options);
    return new StoredResult<T>({ context: this.#context, codecs }, info, digest);
  }

  /**
   * Deletes the least recently used entries until every limit holds; a limit of zero empties the memory, none does nothing.
   * @throws RangeError for a negative age or a size that cannot be read.
   */
  reduceSize(limits: SizeLimits = {}): Promise<Removed> {
    return this.#upkeep.reduceSize(() => this.#openedStore(), limits);
  }

  /**
   * The result of an entry by its key, as entries() lists it: nothing of it is read until it is asked for, and with map()
   * no more than is asked for. Not counted as a use. `codecs`: for classes that the memory's do not know.
   * @throws ResultEvictedError where there is none; DamagedEntryError where its record is not whole.
   */
  async open<T = unknown>(
    key: string,
    options: Pick<CacheOptions, 'codecs'> = {},
  ): Promise<ShelvedResult<T>> {
    const { codecs } = functionOptions(options, this.#options);
    await this.#openedStore();
    const { openEntry } = await inspection.load();
    return openEntry<T>({ context: this.#context, codecs }, key);
  }

  /** Of an entry by its key: the other one of its function that agrees in most, and where the two differ. */
  async explain(key: string): Promise<Explanation> {
    const store = await this.#openedStore();
    if (store) return (await inspection.load()).explainEntry(this.#context, store, key);
    return { hit: false, reason: 'no-storage', identity: 'source', key, differences: [] };
  }

  /** Stored entries, read a page at a time as the caller asks for them; `count()` tells how many the query is about. */
  entries(query: EntryQuery = {}): EntryList {
    if (this.#isClosed) throw new MemoryClosedError();
    return listEntries(this.#store, query);
  }

  /**
   * Computes calls of this page again, and compares them with what is stored: for tests and for CI. What differs is
   * removed, and announced by 'stale' events. Only calls that this page made are known, the last 2,000 of them.
   * @throws the reason of the signal
   */
  async verify(options: VerifyOptions = {}): Promise<Verification> {
    await this.#openedStore();
    return this.#verifier?.verify(options) ?? { verified: 0, unknown: 0, stale: [] };
  }

  /** Resolves when everything computed so far is stored, or has failed to be. What still computes is not waited for. */
  async flush(): Promise<void> {
    await this.#work.settled(this.#store?.hurry());
    await this.#store?.touches.flush();
  }

  /**
   * Stored entries as a pack: one file, which import() reads, and which serves a page from a server. Read it as it comes:
   * nothing is gathered in memory. An entry that goes meanwhile is left out by who imports it.
   */
  export(query: ExportQuery = {}): ReadableStream<Uint8Array> {
    if (this.#isClosed) throw new MemoryClosedError();
    return exportFrom(
      this.flush().then(() => this.#openedStore()),
      query,
    );
  }

  /**
   * Keeps the entries of a pack that are not here yet. Interrupted, it goes on where it was when it is done again. Import
   * what you trust only: a pack says itself which call each result is of.
   * @throws PackFormatError where it is no pack or cannot be read by this version; the reason of the signal
   */
  async import(source: PackOrigin, options: ImportOptions = {}): Promise<ImportReport> {
    await this.#openedStore();
    return importInto(this.#context, source, options);
  }

  /** Stores what was computed, then ends the storage worker and connections; later calls compute. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#store?.closeArrays({ areStored: true });
    await this.flush();
    this.#isClosed = true;
    // What still computes goes to its callers; nobody else need wait for it.
    for (const flight of this.#context.underWay) flight.release();
    this.#tier.clear();
    await this.#store?.close();
  }

  /** Which tier keeps the bytes, and why no better one. Opens the storage. */
  async storageStatus(): Promise<StorageStatus> {
    const store = this.#store;
    if (!store)
      return {
        tier: 'none',
        reasons: [this.#options.storage === null ? 'storage is null' : 'there is no IndexedDB here'],
      };
    await store.open();
    await store
      .openBlobs()
      .opened()
      .catch(() => undefined); // the status says why
    return store.status;
  }

  /** Names of every memory of this origin. */
  static async list(): Promise<string[]> {
    return hasBrowserStorage() ? (await inspection.load()).listMemories() : [];
  }

  /**
   * Deletes every memory of this origin: databases and files. Never hangs on another tab: what one still holds open is
   * named in `pending` and goes when it lets go.
   */
  static async clearOrigin(): Promise<ClearedOrigin> {
    const names = await Memory.list();
    for (const ref of open) {
      const memory = ref.deref();
      if (memory) await memory.#reset();
      else open.delete(ref);
    }
    return (await inspection.load()).clearOrigin(names);
  }

  static {
    announce = (memory, error) => {
      if (memory) memory.#sayMissing(error);
    };
  }

  /** Says once that a part of the library is not to be had. */
  #sayMissing(error: ChunkError): void {
    if (this.#isMissingSaid) return;
    this.#isMissingSaid = true;
    const tier = this.#store?.status.tier ?? 'none';
    this.emit({ kind: 'storage', tier, reason: error.message, error });
  }

  /** Lets go of everything stored, and starts anew at the next call. */
  async #reset(): Promise<void> {
    this.#tier.clear();
    const store = this.#store;
    if (!store || this.#isClosed) return;
    this.#store = this.#openStore();
    await store.closeArrays({ areStored: false });
    await store.close();
    this.emit({ kind: 'delete', reason: 'cleared', removed: 0, freedBytes: 0 });
  }

  #openStore(): Store {
    return new Store(this.#options, {
      receive: (message) => this.#receive(message),
      onStatus: ({ tier, reasons }) =>
        this.emit({ kind: 'storage', tier, reason: reasons.join('; ') || 'opened' }),
      onOpened: (store) => void this.#upkeep.sweepWhenIdle(store),
      onFreed: (store) => this.#upkeep.compactSoon(store),
    });
  }

  async #functionRows() {
    const store = await this.#openedStore();
    await store?.touches.flush();
    return store ? store.catalog.functions() : [];
  }

  async #openedStore(): Promise<Store | undefined> {
    if (this.#isClosed) throw new MemoryClosedError();
    await this.#store?.open();
    return this.#store;
  }

  #createContext(): MemoryContext {
    const memory = this;
    return {
      memory,
      witness: this.#verifier,
      startedAt: performance.now(),
      evicted: this.#evicted,
      options: this.#options,
      tier: this.#tier,
      flights: new Map<string, Flight>(),
      underWay: new Set<Flight>(),
      get store() {
        return memory.#store;
      },
      get isClosed() {
        return memory.#isClosed;
      },
      elsewhere: this.#elsewhere,
      hasher: hasherOnce(this.#options.hash),
      emit: (event) => this.emit(event),
      track: (work) => this.#work.add(work),
      onStored: (store, { totalBytes, isReplaced, key }) => {
        if (isReplaced) store.tellRevised(key);
        this.#work.add(this.#upkeep.afterCommit(store, totalBytes));
      },
      makeRoom: (store, neededBytes) => this.#upkeep.makeRoom(store, neededBytes),
      maxBytes: this.#maxBytes,
      deleteKeys: (keys) => this.#deleteKeys(keys),
      clearFunction: (functionId, functionKey) => this.#clearFunction(functionId, functionKey),
    };
  }

  #forgetEvicted(key: string): void {
    this.#tier.delete(key);
    this.#evicted.add(key);
    const [oldest] = this.#evicted;
    if (this.#evicted.size > REMEMBERED_EVICTIONS && oldest !== undefined) this.#evicted.delete(oldest);
  }

  async #deleteKeys(keys: readonly string[]): Promise<Removed> {
    for (const key of keys) this.#tier.delete(key);
    const store = await this.#openedStore();
    if (!store) return { removed: 0, freedBytes: 0 };
    const { removed, freedBytes } = await store.remove(keys);
    for (const key of keys) this.#tier.delete(key);
    store.channel.post({ kind: 'delete', keys });
    this.emit({ kind: 'delete', reason: 'deleted', keys, removed, freedBytes });
    return { removed, freedBytes };
  }

  async #clearFunction(functionId: string, functionKey: string | undefined): Promise<Removed> {
    this.#tier.clearFunction(functionId);
    const store = await this.#openedStore();
    if (!store) return { removed: 0, freedBytes: 0 };
    const keys = await store.catalog.retireFunction(functionId, functionKey);
    const { removed, freedBytes } = await store.remove(keys);
    this.#tier.clearFunction(functionId);
    store.channel.post({ kind: 'clear-function', functionId });
    this.emit({ kind: 'delete', reason: 'cleared', functionId, removed, freedBytes });
    return { removed, freedBytes };
  }

  #receive(message: ChannelMessage): void {
    forgetIn(this.#tier, message);
    if (message.kind === 'flush-touches') void this.#store?.touches.flush();
    const event = eventOf(message);
    if (event) this.emit(event);
  }
}
