/**
 * A row in the catalog that says that this realm may be writing. Where one is found whose realm is no more, the browser
 * was killed in the middle, or its page closed: then its log is renewed, before a torn end of it can do harm.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { busyLock, heldLocks, holdLock, type ReleaseLock } from '../locks/locks.ts';

/** From the last write to the end of the mark. */
const IDLE_MS = 2_000;

export class WriterLease {
  readonly #memory: string;
  readonly #catalog: () => Catalog | undefined;
  readonly #id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  readonly #onPageHide = (): void => void this.end(); // never rejects
  #turn: Promise<void> = Promise.resolve();
  #unlock: ReleaseLock | undefined;
  #isMarked = false;
  #hasLooked = false;
  #lastAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(memory: string, catalog: () => Catalog | undefined) {
    this.#memory = memory;
    this.#catalog = catalog;
  }

  /** Something is being written. */
  note(): void {
    this.#lastAt = performance.now();
    if (this.#isMarked) return;
    this.#isMarked = true;
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    void this.#inTurn(async () => {
      this.#unlock = await holdLock(busyLock(this.#memory, this.#id));
      await this.#catalog()?.markBusy(this.#id);
      if (!this.#hasLooked) await this.#look();
    });
    this.#watchIdle(IDLE_MS);
  }

  /** Renews the log where a realm has ended in the middle. Never rejects. */
  look(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  /** Nothing is written any more, for now. Never rejects. */
  end(): Promise<void> {
    return this.#isMarked ? this.#stop(() => this.#catalog()?.unmarkBusy([this.#id])) : this.#turn;
  }

  /** The database is about to be deleted, and the mark with it. */
  drop(): void {
    if (this.#isMarked) void this.#stop(async () => undefined); // never rejects
  }

  #stop(unmark: () => Promise<void> | undefined): Promise<void> {
    this.#isMarked = false;
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    return this.#inTurn(async () => {
      try {
        await unmark();
      } finally {
        await this.#unlock?.();
      }
    });
  }

  async #look(): Promise<void> {
    const catalog = this.#catalog();
    if (!catalog) return;
    this.#hasLooked = true;
    const marked = await catalog.busyRealms();
    const alive = marked.length > 0 ? await heldLocks(busyLock(this.#memory, '')) : new Set();
    const gone = marked.filter((id) => !alive.has(busyLock(this.#memory, id)));
    if (gone.length === 0) return;
    await catalog.renewLog();
    await catalog.unmarkBusy(gone);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch(() => undefined); // the log stays as it is
    return this.#turn;
  }

  #watchIdle(ms: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#lastAt + IDLE_MS - performance.now();
      if (left > 0) this.#watchIdle(left);
      else void this.end(); // never rejects
    }, ms);
  }
}
