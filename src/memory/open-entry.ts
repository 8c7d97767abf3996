/** An entry that mapped arrays read from: pinned while it is in use, and locked while it may be written to. */
import type { Lease, MappedBuffer } from '../arrays/arrays.ts';
import { MemoryClosedError } from '../errors/errors.ts';
import { holdLock, pinLock } from '../locks/locks.ts';
import type { Store } from './store.ts';

/** An open array that nobody uses keeps its entry for so long. */
const IDLE_MS = 60_000;

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

  /** Pins the entry before it is read. Its lease is released when nothing of it turns out to be mapped. */
  static async open(store: Store, key: string): Promise<{ entry: OpenEntry; lease: Lease }> {
    const entry = new OpenEntry(store, key);
    const lease = entry.lease();
    store.onClose.add(entry.#close);
    await entry.#pin();
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
    if (!this.#unpin && this.#users > 0) void this.#pin();
  }

  async #pin(): Promise<void> {
    this.#lastUsedAt = performance.now();
    const unpinHere = this.#store.pins.add(this.key);
    let isOver = false;
    let unlock: Release | undefined;
    this.#unpin = () => {
      isOver = true;
      unpinHere();
      return unlock?.();
    };
    this.#watchIdle(IDLE_MS);
    // Without the lock the entry is pinned against this realm's evictions only.
    unlock = await holdLock(pinLock(this.#store.name, this.key), true).catch(() => undefined);
    if (isOver) await unlock?.();
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
