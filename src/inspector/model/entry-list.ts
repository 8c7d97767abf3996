/** The entries of a memory as a panel lists them: read once, and kept up with what happens here and in other tabs. */
import type { CacheEventOf, EntryInfo, Memory, MemoryEvent } from 'keepsake';
import {
  compareBy,
  type EntryFilter,
  type EntryOrder,
  grouped,
  isWantedBy,
  type ListItem,
  noFilter,
} from './entry-filter.ts';
import type { StorageState } from './storage-state.ts';
import { filteredInSlices, Slices, sortedInSlices } from './yielding.ts';

/** Shown before anything else is read. */
const FIRST = 100;

/** What happens within this is shown together. */
const PAUSE_MS = 150;

/** Beyond, everything is read anew. */
const MOST_READ = 200;

export class EntryList {
  readonly #memory: Memory;
  readonly #storage: StorageState;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, EntryInfo>();
  readonly #stale = new Set<string>();
  /** Of any entry so far. */
  readonly functions = new Set<string>();
  readonly tags = new Set<string>();
  #sorted: EntryInfo[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = new AbortController();
  #arranging = new AbortController();
  #mustReadAll = false;
  order: EntryOrder = { by: 'lastUsedAt', direction: 'descending' };
  filter: EntryFilter = noFilter;
  isGrouped = false;
  items: readonly ListItem[] = [];
  shownBytes = 0;
  /** Entries of the memory, whatever is filtered. */
  total = 0;
  isLoading = true;
  error: unknown;

  constructor(memory: Memory, storage: StorageState, onChange: () => void) {
    this.#memory = memory;
    this.#storage = storage;
    this.#onChange = onChange;
  }

  /** Entries that pass the filter. */
  get shown(): readonly EntryInfo[] {
    return this.#sorted;
  }

  get(key: string): EntryInfo | undefined {
    return this.#entries.get(key);
  }

  /** All that are known. */
  listed(): Iterable<EntryInfo> {
    return this.#entries.values();
  }

  start(): void {
    const { signal } = this.#reading;
    const listen = <K extends 'hit' | 'store' | 'delete' | 'evict' | 'stale' | 'remote'>(
      kind: K,
      hear: (event: CacheEventOf<K>) => void,
    ): void => this.#memory.addEventListener(kind, (event: MemoryEvent<K>) => hear(event.detail), { signal });
    listen('hit', ({ key, savedMs }) => this.#used(key, savedMs));
    listen('store', ({ key }) => this.#changed([key]));
    listen('evict', ({ key }) => this.#gone([key]));
    listen('stale', ({ key }) => this.#gone([key]));
    listen('delete', ({ keys, functionId }) => this.#deleted(keys, functionId));
    listen('remote', ({ reason, entries, isMore }) => {
      if (isMore) this.#mustReadAll = true;
      if (reason === 'evicted') this.#gone(entries.map(({ key }) => key));
      else if (reason === 'stored' || reason === 'used') this.#changed(entries.map(({ key }) => key));
    });
    void this.readAll();
  }

  stop(): void {
    this.#reading.abort();
    this.#arranging.abort();
    clearTimeout(this.#timer);
  }

  /** Reads every entry anew; the first page of them is shown at once. */
  async readAll(): Promise<void> {
    const { signal } = this.#reading;
    this.isLoading = true;
    this.#mustReadAll = false;
    try {
      if (!(await this.#storage.isThere())) this.#entries.clear();
      else await this.#readEntries(signal);
      this.error = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    }
    this.isLoading = false;
    await this.arrange();
  }

  async #readEntries(signal: AbortSignal): Promise<void> {
    const first: EntryInfo[] = [];
    for await (const entry of this.#memory.entries({ limit: FIRST })) first.push(entry);
    if (this.#entries.size === 0) {
      for (const entry of first) this.#put(entry);
      await this.arrange();
    }
    this.total = await this.#memory.entries().count();
    signal.throwIfAborted();
    this.#onChange();
    const seen = new Set<string>();
    const slices = new Slices();
    for await (const entry of this.#memory.entries({ order: 'createdAt', direction: 'ascending' })) {
      seen.add(entry.key);
      this.#put(entry);
      if (seen.size % 100 === 0) await slices.next(signal);
    }
    for (const key of this.#entries.keys()) if (!seen.has(key)) this.#entries.delete(key);
  }

  /** Filters and sorts anew; a later call takes over. */
  async arrange(): Promise<void> {
    this.#arranging.abort();
    this.#arranging = new AbortController();
    const { signal } = this.#arranging;
    const isWanted = isWantedBy(this.filter, Date.now());
    try {
      const wanted = await filteredInSlices([...this.#entries.values()], isWanted, signal);
      this.#show(await sortedInSlices(wanted, compareBy(this.order), signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #show(sorted: EntryInfo[]): void {
    this.#sorted = sorted;
    this.shownBytes = sorted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.items = this.isGrouped ? grouped(sorted) : sorted;
    if (!this.isLoading) this.total = this.#entries.size;
    this.#onChange();
  }

  #put(entry: EntryInfo): void {
    this.#entries.set(entry.key, entry);
    this.functions.add(entry.functionId);
    for (const tag of entry.tags) this.tags.add(tag);
  }

  #used(key: string, savedMs: number): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const { hits, savedMs: before } = entry;
    const lastUsedAt = Date.now();
    this.#entries.set(key, { ...entry, hits: hits + 1, savedMs: before + savedMs, lastUsedAt });
    this.#soon();
  }

  #changed(keys: readonly string[]): void {
    for (const key of keys) this.#stale.add(key);
    this.#soon();
  }

  #gone(keys: readonly string[]): void {
    for (const key of keys) this.#entries.delete(key);
    this.#soon();
  }

  #deleted(keys: readonly string[] | undefined, functionId: string | undefined): void {
    if (keys) this.#gone(keys);
    else if (functionId !== undefined)
      this.#gone(
        [...this.#entries.values()].filter((each) => each.functionId === functionId).map(({ key }) => key),
      );
    else this.#gone([...this.#entries.keys()]);
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.#catchUp(), PAUSE_MS);
  }

  /** Reads what was stored or used meanwhile. */
  async #catchUp(): Promise<void> {
    this.#timer = undefined;
    const keys = [...this.#stale];
    this.#stale.clear();
    if (this.#mustReadAll || keys.length > MOST_READ) {
      await this.readAll();
      return;
    }
    await Promise.all(keys.map((key) => this.#read(key)));
    if (!this.#reading.signal.aborted) await this.arrange();
  }

  async #read(key: string): Promise<void> {
    try {
      const { info } = await this.#memory.open(key);
      this.#put(info);
    } catch {
      this.#entries.delete(key);
    }
  }
}
