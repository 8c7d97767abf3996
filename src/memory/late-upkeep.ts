/** Upkeep, fetched when there is something to do: after the first calls, or when a limit is exceeded. */
import { Chunk, whenIdle } from '../chunks/chunks.ts';
import type { Removed, Store } from '../store/store.ts';
import type { Maintenance, MaintenanceOwner, SizeLimits } from '../upkeep/upkeep.ts';

const chunk = new Chunk(() => import('../upkeep/upkeep.ts'));

const nothing: Removed = { removed: 0, freedBytes: 0 };

export class LateUpkeep {
  readonly #owner: MaintenanceOwner;
  #maintenance: Maintenance | undefined;

  constructor(owner: MaintenanceOwner) {
    this.#owner = owner;
  }

  /** Evicts what a commit has made too much. */
  async afterCommit(store: Store, totalBytes: number): Promise<void> {
    if (totalBytes > (await this.#owner.maxBytes()))
      await (await this.#load()).afterCommit(store, totalBytes);
  }

  /** @param open Called once the limits are known to be right, and to say anything. */
  async reduceSize(open: () => Promise<Store | undefined>, limits: SizeLimits): Promise<Removed> {
    const { resolveLimits } = await chunk.load();
    const resolved = resolveLimits(limits);
    const store = resolved && (await open());
    return store ? (await this.#load()).reduceSize(store, resolved) : nothing;
  }

  /** Evicts for a value that did not fit; false where it waited for another's room instead. */
  async makeRoom(store: Store, neededBytes: number): Promise<boolean> {
    const maintenance = await this.#load().catch(() => undefined); // then there is no more room than before
    return maintenance?.makeRoom(store, neededBytes) ?? true;
  }

  /** Removes what killed pages left, after the page's own first calls. Never rejects. */
  async sweepWhenIdle(store: Store): Promise<void> {
    await whenIdle();
    const maintenance = await this.#load().catch(() => undefined); // the next realm sweeps
    if (!store.isClosed) await maintenance?.sweepOnce(store);
  }

  /** Gives bytes that came free back, when the realm has had a moment for itself. */
  compactSoon(store: Store): void {
    void this.#load().then(
      (maintenance) => maintenance.compactSoon(store),
      () => undefined, // what is not given back now is given back later
    );
  }

  async #load(): Promise<Maintenance> {
    const { Maintenance } = await chunk.load();
    this.#maintenance ??= new Maintenance(this.#owner);
    return this.#maintenance;
  }
}
