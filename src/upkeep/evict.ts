/** Carries out what a policy plans: a page of candidates at a time, by index, so that the cost grows with what goes. */
import { type DetailQuery, type DetailRecord, isToCome } from '../catalog/catalog.ts';
import type { CacheEvent, CacheEventOf } from '../events/events.ts';
import {
  type Budget,
  type EvictionPolicy,
  leastRecentlyUsed,
  supersededKeySpaces,
} from '../eviction/eviction.ts';
import { evictLock, heldLocks, pinLock, withLock } from '../locks/locks.ts';
import type { Removed, Store } from '../store/store.ts';

type EvictReason = CacheEventOf<'evict'>['reason'];

export interface Eviction {
  readonly store: Store;
  readonly reason: EvictReason;
  emit(event: CacheEvent): void;
  /** Forgets what the realm keeps of an entry. */
  forget(key: string): void;
}

export type Victim = Pick<DetailRecord, 'key' | 'functionId' | 'sizeBytes'>;

/** Candidates that are planned for at once: few at first, since most evictions want few. */
const FIRST_PAGE = 100;
const NEXT_PAGE = 1_000;
/** Entries that are removed in one transaction. */
const BATCH = 500;
/** How long other tabs may take to write down their uses. */
const TOUCH_WAIT_MS = 100;
/** What they wrote down so short a time ago is good enough. */
const TOUCH_PAUSE_MS = 1_000;

const askedAt = new WeakMap<Store, number>();

/** Has every realm write down which entries it used. */
async function gatherTouches(store: Store): Promise<void> {
  const now = performance.now();
  const isRecent = now - (askedAt.get(store) ?? Number.NEGATIVE_INFINITY) < TOUCH_PAUSE_MS;
  if (!isRecent) {
    askedAt.set(store, now);
    store.channel.post({ kind: 'flush-touches' });
    await new Promise((resolve) => setTimeout(resolve, TOUCH_WAIT_MS));
  }
  await store.touches.flush();
}

/** Removes entries that the limits ask for. `budgetOf` is asked when no other realm is evicting. */
export function evict(eviction: Eviction, budgetOf: () => Promise<Budget>): Promise<Removed> {
  const { store } = eviction;
  return withLock(evictLock(store.name), {}, async () => {
    const budget = await budgetOf();
    if (isMet(budget)) return { removed: 0, freedBytes: 0 };
    await gatherTouches(store);
    return new EvictionRun(eviction, budget, leastRecentlyUsed).run();
  });
}

const isExceeded = ({ excessBytes, excessEntries }: Budget): boolean => excessBytes > 0 || excessEntries > 0;
const isMet = (budget: Budget): boolean =>
  !isExceeded(budget) && budget.usedUntil === Number.NEGATIVE_INFINITY;

/** Which entries of the store are being read, or are held open by some realm. */
export async function isPinnedIn({ name, pins }: Store): Promise<(key: string) => boolean> {
  const pinned = await heldLocks(pinLock(name, ''));
  return (key) => pins.has(key) || pinned.has(pinLock(name, key));
}

/** Removes the entries, and tells everybody. */
export async function removeVictims(
  { store, reason, emit, forget }: Eviction,
  victims: readonly Victim[],
): Promise<Removed> {
  if (victims.length === 0) return { removed: 0, freedBytes: 0 };
  const keys = victims.map(({ key }) => key);
  const { removed, freedBytes } = await store.remove(keys);
  for (const key of keys) forget(key);
  store.channel.post({ kind: 'evict', keys });
  for (const { key, functionId, sizeBytes } of victims)
    emit({ kind: 'evict', reason, key, functionId, sizeBytes });
  return { removed, freedBytes };
}

/** Before anything that has an age. */
const NEVER = 0;

/** Of what the clock says is used last in the future, nobody knows when it was used. */
const asUsed = <T extends { readonly lastUsedAt: number }>(row: T): T =>
  isToCome(row.lastUsedAt, Date.now()) ? { ...row, lastUsedAt: NEVER } : row;

class EvictionRun {
  readonly #eviction: Eviction;
  readonly #policy: EvictionPolicy;
  #left: Budget;
  #removed = 0;
  #freedBytes = 0;
  #isPinned = (_key: string): boolean => false;

  constructor(eviction: Eviction, budget: Budget, policy: EvictionPolicy) {
    this.#eviction = eviction;
    this.#left = budget;
    this.#policy = policy;
  }

  async run(): Promise<Removed> {
    const { store, reason } = this.#eviction;
    this.#isPinned = await isPinnedIn(store);
    // Entries of code that was replaced are the first to go, but age alone condemns none out of its turn.
    const { usedUntil } = this.#left;
    if (isExceeded(this.#left)) {
      this.#left = { ...this.#left, usedUntil: Number.NEGATIVE_INFINITY };
      for (const functionKey of supersededKeySpaces((await store.catalog.functions()).map(asUsed))) {
        if (!isExceeded(this.#left)) break;
        await this.#runOver({ functionKey }, 'superseded');
      }
    }
    this.#left = { ...this.#left, usedUntil };
    // The order of the index ends with entries whose last use is still to come by the clock: they go before all others.
    if (!isMet(this.#left) && (await this.#isClockBehind())) await this.#runOver({}, reason, 'descending');
    if (!isMet(this.#left)) await this.#runOver({}, reason);
    return { removed: this.#removed, freedBytes: this.#freedBytes };
  }

  async #isClockBehind(): Promise<boolean> {
    const query = { order: 'lastUsedAt', direction: 'descending', limit: 1 } as const;
    const [last] = await this.#eviction.store.catalog.details(query);
    return last !== undefined && isToCome(last.lastUsedAt, Date.now());
  }

  /** Least recently used first; descending, only what is used last by a clock that was ahead. */
  async #runOver(
    where: Pick<DetailQuery, 'functionKey'>,
    reason: EvictReason,
    direction: DetailQuery['direction'] = 'ascending',
  ): Promise<void> {
    const victims = await this.#choose(where, direction);
    // Neighbours in the tables go together, and each batch is one stretch of them.
    victims.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (let at = 0; at < victims.length; at += BATCH) {
      const batch = victims.slice(at, at + BATCH);
      const { removed, freedBytes } = await removeVictims({ ...this.#eviction, reason }, batch);
      this.#removed += removed;
      this.#freedBytes += freedBytes;
    }
  }

  async #choose(
    where: Pick<DetailQuery, 'functionKey'>,
    direction: DetailQuery['direction'],
  ): Promise<Victim[]> {
    const { catalog } = this.#eviction.store;
    const query = { ...where, order: 'lastUsedAt', direction } as const;
    const isUp = direction === 'ascending';
    const victims: Victim[] = [];
    let after: DetailRecord | undefined;
    for (let limit = FIRST_PAGE; ; limit = NEXT_PAGE) {
      const found = await catalog.details({ ...query, limit, after });
      const page = isUp ? found : found.map(asUsed).filter(({ lastUsedAt }) => lastUsedAt === NEVER);
      const plan = this.#policy(
        page.filter(({ key }) => !this.#isPinned(key)),
        this.#left,
      );
      for (const { key, functionId, sizeBytes } of plan.victims) victims.push({ key, functionId, sizeBytes });
      this.#left = plan.left;
      if (plan.isDone || page.length < limit) return victims;
      after = found.at(-1);
    }
  }
}
