/** Keeps a memory within its limits: after commits, on request, and when the browser refuses more room. */

import { wait } from '../deferred/deferred.ts';
import type { CacheEvent } from '../events/events.ts';
import type { Budget } from '../eviction/eviction.ts';
import { parseBytes } from '../options/options.ts';
import type { Removed, Store } from '../store/store.ts';
import { compact } from './compact.ts';
import { evict } from './evict.ts';
import { evictSegments } from './evict-segments.ts';
import { sweepOnce } from './sweep.ts';

/** What reduceSize() is to leave. Each limit that is given holds afterwards. */
export interface SizeLimits {
  /** Bytes to keep at most: a number, or text such as '512M'. */
  readonly bytes?: number | string;
  /** Entries to keep at most. */
  readonly items?: number;
  /** Entries unused for longer go. */
  readonly ageMs?: number;
}

/** Room made when storage is full, as a multiple of what is needed: Chromium charges an open file its next power of two. */
const HEAD_ROOM = 2;
/** Deletions come in numbers: what they leave is looked at so long after the first. */
const COMPACT_PAUSE_MS = 1_000;
/** After a full transaction Firefox refuses the next one for a moment. */
const REFUSAL_MS = 300;

const nothing: Removed = { removed: 0, freedBytes: 0 };

/** The memory that is kept within its limits. */
export interface MaintenanceOwner {
  maxBytes(): Promise<number>;
  emit(event: CacheEvent): void;
  forget(key: string): void;
}

export interface ResolvedLimits {
  readonly bytes: number;
  readonly items: number;
  readonly ageMs: number;
}

function countOf(value: number, name: string): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new RangeError(`"${name}" is ${String(value)}; give a number`);
}

/** As joblib: a limit of zero or less empties the memory; a negative age is a mistake. */
export function resolveLimits({ bytes, items, ageMs }: SizeLimits): ResolvedLimits | undefined {
  if (bytes === undefined && items === undefined && ageMs === undefined) return undefined;
  const age = countOf(ageMs ?? Number.POSITIVE_INFINITY, 'ageMs');
  if (age < 0) throw new RangeError(`"ageMs" is ${age}; give a number of at least 0`);
  return {
    bytes:
      typeof bytes === 'string'
        ? parseBytes(bytes, 'bytes')
        : countOf(bytes ?? Number.POSITIVE_INFINITY, 'bytes'),
    items: countOf(items ?? Number.POSITIVE_INFINITY, 'items'),
    ageMs: age,
  };
}

/** What is to go of so many entries and bytes. */
export function budgetFor(
  limits: ResolvedLimits,
  state: { readonly entries: number; readonly bytes: number },
  now: number,
): Budget {
  const isEmptied = limits.bytes <= 0 || limits.items <= 0 || limits.ageMs === 0;
  return {
    excessBytes: state.bytes - limits.bytes,
    excessEntries: state.entries - limits.items,
    usedUntil: isEmptied ? Number.POSITIVE_INFINITY : now - limits.ageMs,
  };
}

export class Maintenance {
  readonly #owner: MaintenanceOwner;
  #isEvicting = false;
  #makingRoom: Promise<void> | undefined;
  #compaction: ReturnType<typeof setTimeout> | undefined;
  /** A commit came while entries were being evicted. */
  #isAskedAgain = false;

  constructor(owner: MaintenanceOwner) {
    this.#owner = owner;
  }

  /** Evicts what a commit has made too much. Costs nothing where the total is within the limit. */
  async afterCommit(store: Store, totalBytes: number): Promise<void> {
    const maxBytes = await this.#owner.maxBytes();
    if (totalBytes <= maxBytes) return;
    this.#isAskedAgain = true;
    if (this.#isEvicting) return;
    this.#isEvicting = true;
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        await this.#evictTo(store, maxBytes);
      }
    } finally {
      this.#isEvicting = false;
    }
  }

  async reduceSize(store: Store, limits: ResolvedLimits): Promise<Removed> {
    return evict({ ...this.#hooks(), store, reason: 'reduce-size' }, async () => {
      const { entries = 0, bytes = 0 } = (await store.catalog.state()) ?? {};
      return budgetFor(limits, { entries, bytes }, Date.now());
    });
  }

  /**
   * Evicts for a value that did not fit, and lets go of every open file. While that is done for one, others wait and
   * resolve with false: each evicting for itself, values that come abreast would drive out one another.
   */
  async makeRoom(store: Store, neededBytes: number): Promise<boolean> {
    if (this.#makingRoom !== undefined) {
      await this.#makingRoom;
      return false;
    }
    this.#makingRoom = this.#evictAndRelease(store, neededBytes);
    await this.#makingRoom;
    this.#makingRoom = undefined;
    return true;
  }

  /** Never rejects: only room is lost. */
  async #evictAndRelease(store: Store, neededBytes: number): Promise<void> {
    const run = (): Promise<Removed> => this.#evictFiles(store, neededBytes * HEAD_ROOM);
    await run().catch(async () => {
      await wait(REFUSAL_MS);
      return run().catch(() => nothing);
    });
    await store.releaseAll().catch(() => undefined);
  }

  /** Removes what killed pages left. Rejects never: what is not swept now is swept later. */
  async sweepOnce(store: Store): Promise<void> {
    const swept = await sweepOnce(store).catch(() => undefined);
    if (swept) this.#owner.emit({ kind: 'storage', reason: 'swept', tier: store.status.tier, swept });
    if (swept) this.compactSoon(store);
  }

  /** Bytes came free: gives them back when the realm has had a moment for itself. */
  compactSoon(store: Store): void {
    this.#compaction ??= setTimeout(() => {
      this.#compaction = undefined;
      void this.#compact(store);
    }, COMPACT_PAUSE_MS);
  }

  async #compact(store: Store): Promise<void> {
    const segments = await compact(store).catch(() => 0); // what is not given back now is given back later
    if (segments === 0) return;
    const { tier } = store.status;
    this.#owner.emit({ kind: 'storage', reason: 'compacted', tier, compacted: { segments } });
  }

  /** The least recently used go; where their bytes stay in segments, the deadest segments go whole. */
  async #evictFiles(store: Store, wantedBytes: number): Promise<Removed> {
    const eviction = { ...this.#hooks(), store, reason: 'storage-full' } as const;
    const before = await store.catalog.files();
    const first = await evict(eviction, async () => ({
      excessBytes: wantedBytes,
      excessEntries: 0,
      usedUntil: Number.NEGATIVE_INFINITY,
    }));
    const left = new Set((await store.catalog.files()).map(({ file }) => file));
    const gone = before.filter(({ file }) => !left.has(file));
    const goneBytes = gone.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const more = await evictSegments(eviction, wantedBytes - goneBytes);
    return { removed: first.removed + more.removed, freedBytes: first.freedBytes + more.freedBytes };
  }

  #evictTo(store: Store, maxBytes: number): Promise<Removed> {
    return evict({ ...this.#hooks(), store, reason: 'max-bytes' }, async () => ({
      excessBytes: ((await store.catalog.state())?.bytes ?? 0) - maxBytes,
      excessEntries: 0,
      usedUntil: Number.NEGATIVE_INFINITY,
    }));
  }

  #hooks() {
    const { emit, forget } = this.#owner;
    return { emit, forget };
  }
}
