/** An entry that mapped arrays read from: pinned while it is in use, and locked while it may be written to. */
import type { Lease, MappedBuffer } from '../arrays/arrays.ts';
import { MemoryClosedError } from '../errors/errors.ts';
import { holdLock, pinLock } from '../locks/locks.ts';
import type { Store } from '../store/store.ts';

/** An open array that nobody uses keeps its entry for so long. */
const IDLE_MS = 60_000;
/** One that is closed sooner is not worth the lock, which takes a fifth of a read: the moment grows by so much in which an eviction comes first. */
const SHORT_MS = 20;

/** @throws MemoryClosedError */
export function assertOpen(store: Store): void {
  if (store.isClosed) throw new MemoryClosedError();
}

type Release = () => void | Promise<void>;

export class OpenEntry {
  readonly key: string;
  readonly #store: Store;
  readonly #buffers: MappedBuffer[] = [];
  readonly #onEnd: Release[] = [];
  #users = 0;
  #unpin: Release | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastUsedAt = 0;

  private constructor(store: Store, key: string) {
    this.#store = store;
    this.key = key;
  }

  /**
   * Does not wait for the pin: as with the look into the catalog, an eviction in the moment before comes first. The lease is released when nothing of the entry turns out to be mapped.
   */
  static open(store: Store, key: string): { entry: OpenEntry; lease: Lease } {
    const entry = new OpenEntry(store, key);
    const lease = entry.lease();
    store.onClose.add(entry.#close);
    entry.#pin();
    return { entry, lease };
  }

  /** Buffers with unstored writes keep the pin. */
  watch(buffer: MappedBuffer): void {
    this.#buffers.push(buffer);
  }

  /** Called when the last lease is released. */
  onEnd(release: Release): void {
    this.#onEnd.push(release);
  }

  lease(): Lease {
    this.#users += 1;
    let isReleased = false;
    return {
      key: this.key,
      touch: () => this.#touch(),
      release: async () => {
        if (isReleased) return;
        isReleased = true;
        this.#users -= 1;
        if (this.#users === 0) await this.#end();
      },
    };
  }

  #touch(): void {
    assertOpen(this.#store);
    this.#lastUsedAt = performance.now();
    if (!this.#unpin && this.#users > 0) this.#pin();
  }

  #pin(): void {
    this.#lastUsedAt = performance.now();
    const unpinHere = this.#store.pins.add(this.key);
    let locking: Promise<Release | undefined> | undefined;
    const lock = (): void => {
      // Without the lock the entry is pinned against this realm's evictions only.
      locking = holdLock(pinLock(this.#store.name, this.key), true).catch(() => undefined);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Timers of hidden pages come a second late, or a minute.
    if (globalThis.document?.visibilityState === 'hidden') lock();
    else timer = setTimeout(lock, SHORT_MS);
    this.#unpin = async () => {
      clearTimeout(timer);
      unpinHere();
      const unlock = await locking;
      await unlock?.();
    };
    this.#watchIdle(IDLE_MS);
  }

  #watchIdle(ms: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#lastUsedAt + IDLE_MS - performance.now();
      const isDirty = this.#buffers.some((buffer) => buffer.isDirty);
      if (left > 0 || isDirty) this.#watchIdle(Math.max(left, 1_000));
      else void this.#letGo(); // nobody waits for it
    }, ms);
  }

  async #letGo(): Promise<void> {
    clearTimeout(this.#timer);
    const unpin = this.#unpin;
    this.#unpin = undefined;
    await unpin?.();
  }

  /** The memory is being closed: what was written is stored, as far as it can be; or everything stored is to go. */
  readonly #close = async ({ areStored }: { readonly areStored: boolean }): Promise<void> => {
    const flushed = areStored ? this.#buffers.map((buffer) => buffer.flush()) : [];
    await Promise.allSettled(flushed);
    await this.#end();
  };

  async #end(): Promise<void> {
    this.#store.onClose.delete(this.#close);
    await Promise.all([this.#letGo(), ...this.#onEnd.splice(0).map((release) => release())]);
  }
}
