/** Packs and the shared tier as one place where results are found, asked in this order. The room's door. */

import { firingAfter } from '../deferred/deferred.ts';
import { PackTier } from '../packs/packs.ts';
import { type Elsewhere, Offer, type Offered, type SoughtCall } from '../portable/portable.ts';
import { RemoteTier } from '../remote/remote.ts';
import type { StoreContext } from '../store/store.ts';

/** How long a call waits for a pack; for an entry's bytes, so much longer than computing it took. */
const PACK_MS = 2_000;

type Find = (call: SoughtCall, deadline: AbortSignal) => Promise<Offered | undefined>;

interface Place {
  readonly find: Find;
  /** For the metadata of an entry, and from then on for its bytes. */
  readonly findMs: number;
  readonly loadMs: (offered: Offered) => number;
}

class Places implements Elsewhere {
  readonly #context: StoreContext;
  readonly #places: readonly Place[];
  readonly #remote: RemoteTier | undefined;
  readonly #finding = new Map<string, Promise<Offer | undefined>>();
  readonly #told = new Set<string>();
  readonly #totals = { packHits: 0, remoteHits: 0, fetchedBytes: 0, sentBytes: 0 };

  constructor(context: StoreContext) {
    this.#context = context;
    const { packs, remote } = context.options;
    const tell = (reason: string, error: unknown): void => this.#tell(reason, error);
    const onFetched = (byteLength: number): void => {
      this.#totals.fetchedBytes += byteLength;
    };
    const onMoved = (direction: 'fetched' | 'sent', byteLength: number): void => {
      this.#totals[`${direction}Bytes`] += byteLength;
    };
    this.#remote = remote && new RemoteTier(remote, { tell, onMoved });
    this.#places = [
      ...packs.map((url): Place => {
        const tier = new PackTier(url, { tell, onFetched });
        const find: Find = (call, deadline) => tier.find(call, deadline);
        return { find, findMs: PACK_MS, loadMs: ({ entry }) => PACK_MS + Math.min(entry.computeMs, 2 ** 30) };
      }),
      ...placesOf(this.#remote, remote?.timeoutMs ?? 0),
    ];
  }

  find(call: SoughtCall): Promise<Offer | undefined> {
    const under = this.#finding.get(call.key);
    if (under) return under;
    const finding = this.#find(call)
      .catch(() => undefined)
      .finally(() => this.#finding.delete(call.key));
    this.#finding.set(call.key, finding);
    return finding;
  }

  stored({ key, functionKey, id, isWhole }: SoughtCall): void {
    const { store } = this.#context;
    // Without its arguments, which are not to be held as long.
    if (store) this.#remote?.stored(store, { key, functionKey, id, isWhole });
  }

  noteHit(source: 'pack' | 'remote'): void {
    this.#totals[`${source}Hits`] += 1;
  }

  totals() {
    return { ...this.#totals };
  }

  async #find(call: SoughtCall): Promise<Offer | undefined> {
    const { store } = this.#context;
    if (!store) return undefined;
    const epochs = await store.catalog.epochs(call.functionKey);
    for (const { find, findMs, loadMs } of this.#places) {
      const start = performance.now();
      const offered = await find(call, firingAfter(findMs)).catch(() => undefined); // not in time
      if (!offered) continue;
      const leftMs = Math.max(0, start + loadMs(offered) - performance.now());
      return new Offer(offered, { context: this.#context, epochs, deadline: firingAfter(leftMs) });
    }
    return undefined;
  }

  /** Said once each, to listeners and on the console. */
  #tell(reason: string, error: unknown): void {
    if (this.#told.has(reason) || this.#told.size > 20) return;
    this.#told.add(reason);
    const tier = this.#context.store?.status.tier ?? 'none';
    this.#context.emit({ kind: 'storage', reason, tier, error });
    console.warn(`[keepsake] ${reason}; such calls compute`);
  }
}

const placesOf = (remote: RemoteTier | undefined, timeoutMs: number): Place[] =>
  remote
    ? [{ find: (call, deadline) => remote.find(call, deadline), findMs: timeoutMs, loadMs: () => timeoutMs }]
    : [];

export const openElsewhere = (context: StoreContext): Elsewhere => new Places(context);
