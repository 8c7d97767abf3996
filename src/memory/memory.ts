/** The Memory: wraps functions, holds the options, and answers for everything that is kept under its name. */

import { removeFolder } from '../blobs/blobs.ts';
import { deleteMemory, listMemories } from '../catalog/catalog.ts';
import type { CacheEvent, CacheEventKind, CacheEventOf } from '../events/events.ts';
import { type FunctionFacts, isFunctionFacts } from '../fingerprint/fingerprint.ts';
import { type KeyHasher, openKeyHasher } from '../keys/keys.ts';
import type { ChannelMessage } from '../locks/locks.ts';
import { type CachedFunction, cachedFunction } from './cached-function.ts';
import type { MemoryContext, Removed } from './context.ts';
import { type EntryQuery, listEntries } from './entries.ts';
import type { EntryInfo } from './entry-info.ts';
import { rootFolder } from './file-names.ts';
import type { Flight } from './flight.ts';
import { MemoryTier } from './memory-tier.ts';
import {
  type AnyFunction,
  type CacheOptions,
  checkCacheOptions,
  type MemoryOptions,
  type ResolvedMemoryOptions,
  resolveMemoryOptions,
} from './options.ts';
import { type StorageStatus, Store } from './store.ts';

export type { MemoryOptions } from './options.ts';

/** An event of a Memory; `detail` says what happened. */
export type MemoryEvent<Kind extends CacheEventKind = CacheEventKind> = CustomEvent<CacheEventOf<Kind>>;
type Listener<Kind extends CacheEventKind> = (event: MemoryEvent<Kind>) => void;

/** How long clearOrigin() waits for connections of other tabs. */
const CLEAR_WAIT_MS = 3_000;

const hasBrowserStorage = (): boolean => typeof indexedDB !== 'undefined';

/** Live memories of this realm, for clearOrigin(). */
const open = new Set<WeakRef<Memory>>();

/** Wraps functions so that a call with the same arguments is computed once, ever. Cheap: storage opens at the first call. */
export class Memory extends EventTarget {
  readonly #options: ResolvedMemoryOptions;
  readonly #tier: MemoryTier;
  readonly #context: MemoryContext;
  readonly #work = new Set<Promise<unknown>>();
  readonly #listened = new Set<string>();
  #store: Store | undefined;
  #hasher: KeyHasher | Promise<KeyHasher> | undefined;
  #isClosed = false;

  /** @throws TypeError or RangeError for an option that is not accepted. */
  constructor(options: MemoryOptions = {}) {
    super();
    this.#options = resolveMemoryOptions(options);
    this.#tier = new MemoryTier(this.#options.memoryTierBytes);
    if (this.#options.storage !== null && hasBrowserStorage()) this.#store = this.#openStore();
    this.#context = this.#createContext();
    open.add(new WeakRef(this));
  }

  get name(): string {
    return this.#options.name;
  }

  /**
   * The function, cached: the same signature, always asynchronous.
   * @throws TypeError or RangeError for a mistake in the options.
   */
  cache<F extends AnyFunction>(
    fn: F,
    options: CacheOptions<F> = {},
    facts?: FunctionFacts,
  ): CachedFunction<F> {
    if (typeof fn !== 'function')
      throw new TypeError(`cache() takes a function, not ${fn === null ? 'null' : typeof fn}`);
    // The options' own types of F are erased inside.
    checkCacheOptions(options as unknown as CacheOptions, this.#options);
    return cachedFunction(
      this.#context,
      fn,
      options as unknown as CacheOptions,
      isFunctionFacts(facts) ? facts : undefined,
    );
  }

  /** Deletes every entry, in every tab; results that are being computed are not kept. */
  async clear(): Promise<Removed> {
    this.#tier.clear();
    const store = await this.#openedStore();
    if (!store) return { removed: 0, freedBytes: 0 };
    store.channel.post({ kind: 'clear' });
    const { removed, freedBytes } = await store.clear();
    this.#tier.clear();
    this.#emit({ kind: 'delete', reason: 'cleared', removed, freedBytes });
    return { removed, freedBytes };
  }

  /** Deletes entries by key, as entries() lists them. */
  delete(...keys: readonly string[]): Promise<Removed> {
    return this.#deleteKeys(keys);
  }

  /** Stored entries, read a page at a time as the caller asks for them. */
  entries(query: EntryQuery = {}): AsyncIterable<EntryInfo> {
    return listEntries(this.#store, query);
  }

  /** Resolves when everything computed so far is stored, or has failed to be. */
  async flush(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
    await this.#store?.touches.flush();
  }

  /** Ends the storage worker and connections; later calls compute. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush();
    this.#isClosed = true;
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

  override addEventListener<Kind extends CacheEventKind>(
    kind: Kind,
    listener: Listener<Kind> | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    kind: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    kind: string,
    listener: never,
    options?: AddEventListenerOptions | boolean,
  ): void {
    this.#listened.add(kind);
    super.addEventListener(kind, listener, options);
  }

  override removeEventListener<Kind extends CacheEventKind>(
    kind: Kind,
    listener: Listener<Kind> | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    kind: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    kind: string,
    listener: never,
    options?: EventListenerOptions | boolean,
  ): void {
    super.removeEventListener(kind, listener, options);
  }

  /** Names of every memory of this origin. */
  static async list(): Promise<string[]> {
    return hasBrowserStorage() ? listMemories() : [];
  }

  /**
   * Deletes every memory of this origin: databases and files. Never hangs on another tab: what one still holds open is
   * named in `pending` and goes when it lets go.
   */
  static async clearOrigin(): Promise<{ removed: string[]; pending: string[] }> {
    const names = await Memory.list();
    for (const ref of open) {
      const memory = ref.deref();
      if (memory) await memory.#reset();
      else open.delete(ref);
    }
    const outcomes = await Promise.all(names.map((name) => deleteMemory(name, CLEAR_WAIT_MS)));
    const isGone = await removeFolder(rootFolder());
    const pending = names.filter((_, at) => outcomes[at] === 'pending');
    if (!isGone && pending.length === 0) pending.push(...names);
    return { removed: names.filter((name) => !pending.includes(name)), pending };
  }

  /** Lets go of everything stored, and starts anew at the next call. */
  async #reset(): Promise<void> {
    await this.flush();
    this.#tier.clear();
    const store = this.#store;
    if (!store || this.#isClosed) return;
    this.#store = this.#openStore();
    store.channel.post({ kind: 'clear' });
    await store.close();
    this.#emit({ kind: 'delete', reason: 'cleared', removed: 0, freedBytes: 0 });
  }

  #openStore(): Store {
    return new Store(
      this.#options,
      (message) => this.#receive(message),
      ({ tier, reasons }) => this.#emit({ kind: 'storage', tier, reason: reasons.join('; ') || 'opened' }),
    );
  }

  async #openedStore(): Promise<Store | undefined> {
    await this.#store?.open();
    return this.#store;
  }

  #createContext(): MemoryContext {
    const memory = this;
    return {
      options: this.#options,
      tier: this.#tier,
      flights: new Map<string, Flight>(),
      get store() {
        return memory.#store;
      },
      get isClosed() {
        return memory.#isClosed;
      },
      hasher: () => this.#openHasher(),
      emit: (event) => this.#emit(event),
      track: (work) => this.#track(work),
      onStored: () => undefined,
      deleteKeys: (keys) => this.#deleteKeys(keys),
      clearFunction: (functionId, functionKey) => this.#clearFunction(functionId, functionKey),
    };
  }

  #openHasher(): KeyHasher | Promise<KeyHasher> {
    this.#hasher ??= openKeyHasher(this.#options.hash).then((hasher) => {
      this.#hasher = hasher;
      return hasher;
    });
    return this.#hasher;
  }

  async #deleteKeys(keys: readonly string[]): Promise<Removed> {
    for (const key of keys) this.#tier.delete(key);
    const store = await this.#openedStore();
    if (!store) return { removed: 0, freedBytes: 0 };
    store.channel.post({ kind: 'delete', keys });
    const { removed, freedBytes } = await store.remove(keys);
    this.#emit({ kind: 'delete', reason: 'deleted', removed, freedBytes });
    return { removed, freedBytes };
  }

  async #clearFunction(functionId: string, functionKey: string | undefined): Promise<Removed> {
    this.#tier.clearFunction(functionId);
    const store = await this.#openedStore();
    if (!store) return { removed: 0, freedBytes: 0 };
    const keys = await store.catalog.retireFunction(functionId, functionKey);
    store.channel.post({ kind: 'clear-function', functionId });
    const { removed, freedBytes } = await store.remove(keys);
    this.#tier.clearFunction(functionId);
    this.#emit({ kind: 'delete', reason: 'cleared', functionId, removed, freedBytes });
    return { removed, freedBytes };
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.catch(() => undefined).finally(() => this.#work.delete(tracked)); // its own caller hears of failures
    this.#work.add(tracked);
  }

  #emit(event: CacheEvent): void {
    // Most events have no listener, and a hit from this realm takes microseconds.
    if (this.#listened.has(event.kind)) this.dispatchEvent(new CustomEvent(event.kind, { detail: event }));
  }

  #receive(message: ChannelMessage): void {
    if (message.kind === 'clear') this.#tier.clear();
    else if (message.kind === 'clear-function') this.#tier.clearFunction(message.functionId);
    else if (message.kind === 'delete') for (const key of message.keys) this.#tier.delete(key);
    else if (message.kind === 'flush-touches') void this.#store?.touches.flush();
    if (message.kind === 'clear' || message.kind === 'delete' || message.kind === 'clear-function') {
      this.#emit({ kind: 'delete', reason: 'remote', removed: 0, freedBytes: 0 });
    }
  }
}
