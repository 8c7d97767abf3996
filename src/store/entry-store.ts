/** What a memory keeps on disk: the catalog and the blobs, opened at first use, written in the one right order. */
import { type OpenBlobStore, openBlobStore } from '../blobs/blobs.ts';
import {
  type Catalog,
  type EntryRecord,
  extentsOf,
  type Found,
  openCatalog,
  openInMemoryCatalog,
  type Removal,
  type StoredBytes,
} from '../catalog/catalog.ts';
import { wait } from '../deferred/deferred.ts';
import type { StorageTier } from '../events/events.ts';
import { openChannel, type RealmChannel } from '../locks/locks.ts';
import type { ResolvedMemoryOptions } from '../options/options.ts';
import { folderOf } from './file-names.ts';
import { LateLease } from './late-lease.ts';
import { News } from './news.ts';
import { Pins } from './pins.ts';
import { rangesOf, unstore, unstoreNow } from './stored-bytes.ts';
import { Touches } from './touches.ts';

/** How long a file that another realm holds is asked for again. */
const REMOVE_RETRY_MS = 3_000;
const REMOVE_PAUSE_MS = 100;

export interface StorageStatus {
  readonly tier: StorageTier;
  /** Why no better tier serves. */
  readonly reasons: readonly string[];
}

export interface LoadedBytes {
  readonly skeleton: Uint8Array;
  readonly buffers: readonly ArrayBuffer[];
}

export interface StoreListeners {
  readonly receive: Parameters<typeof openChannel>[1];
  readonly onStatus: (status: StorageStatus) => void;
  /** The catalog is open. */
  readonly onOpened: (store: Store) => void;
  /** Entries were removed or replaced, and with them bytes of files that stay. */
  readonly onFreed?: (store: Store) => void;
}

const loadedOf = ([skeleton = new ArrayBuffer(0), ...buffers]: readonly ArrayBuffer[]): LoadedBytes => ({
  skeleton: new Uint8Array(skeleton),
  buffers,
});

export class Store {
  readonly touches: Touches;
  readonly channel: RealmChannel;
  /** For lists in other realms. */
  readonly news: News = new News(() => this.channel);
  /** Entries that are being read. */
  readonly pins = new Pins();
  readonly writerLease: LateLease;
  /** What open arrays do before the store closes. */
  readonly onClose = new Set<(writes: { readonly areStored: boolean }) => Promise<void>>();
  /** Folder of this memory's files. */
  readonly folder: string;
  readonly #options: ResolvedMemoryOptions;
  readonly #onOpened: (store: Store) => void;
  readonly #onFreed: ((store: Store) => void) | undefined;
  readonly #onStatus: (status: StorageStatus) => void;
  readonly #booking = new Map<string, Promise<unknown>>();
  #catalog: Catalog | undefined;
  #openingCatalog: Promise<void> | undefined;
  #blobs: OpenBlobStore | undefined;
  /** Nothing may be asked of it any more. */
  isClosed = false;
  #status: StorageStatus = { tier: 'none', reasons: ['not opened yet'] };

  constructor(options: ResolvedMemoryOptions, { receive, onStatus, onOpened, onFreed }: StoreListeners) {
    this.#options = options;
    this.#onStatus = onStatus;
    this.#onOpened = onOpened;
    this.#onFreed = onFreed;
    this.folder = folderOf(options.name);
    this.touches = new Touches(
      () => this.catalog,
      (used) => {
        for (const name of used) this.news.add('used', name);
      },
    );
    this.writerLease = new LateLease(options.name, () => this.#catalog);
    this.channel = openChannel(options.name, (message) => {
      if (message.kind === 'release') void this.#release(message.files);
      else if (message.kind === 'clear-origin') void this.#letGo();
      receive(message);
    });
  }

  /** Opened by open(). */
  get catalog(): Catalog {
    if (!this.#catalog) throw new TypeError('The store opens before it is used');
    return this.#catalog;
  }

  /** The memory's name. */
  get name(): string {
    return this.#options.name;
  }

  get isOpen(): boolean {
    return this.#catalog !== undefined;
  }

  /** Opens the catalog; where the database is refused, in this realm's memory. */
  open(): Promise<void> {
    this.#openingCatalog ??= this.#openCatalog().then(
      () => this.#onOpened(this),
      (error: unknown) => {
        this.#openingCatalog = undefined; // what was missing may be there the next time
        throw error;
      },
    );
    return this.#openingCatalog;
  }

  get status(): StorageStatus {
    return this.#status;
  }

  /** Has commits entered in the books at once, until the result is called. */
  hurry(): (() => void) | undefined {
    return this.#catalog?.hurry();
  }

  find(key: string): Promise<Found> {
    const booking = this.#booking.get(key);
    const found = this.catalog.find(key);
    return booking === undefined ? found : this.#findBooked(key, found, booking);
  }

  /** An entry of this realm is on its way into the books: where its file is doomed, it is gone until it has moved. */
  noteBooking(key: string, booked: Promise<unknown>): void {
    const settled = booked
      .catch(() => undefined) // whoever stored it hears of it
      .finally(() => {
        if (this.#booking.get(key) === settled) this.#booking.delete(key);
      });
    this.#booking.set(key, settled);
  }

  async #findBooked(key: string, finding: Promise<Found>, booking: Promise<unknown>): Promise<Found> {
    const found = await finding;
    if (found.kind !== 'absent') return found;
    await booking;
    return this.catalog.find(key);
  }

  /**
   * The bytes of an entry, verified; without a turn in between where all of them are in its record.
   * @throws DamagedEntryError, or rejects with it or with what the store raised
   */
  load(entry: EntryRecord): LoadedBytes | Promise<LoadedBytes> {
    const all = [entry.skeleton, ...entry.buffers];
    const found = unstoreNow(all);
    return found ? loadedOf(found) : this.loadBytes(all).then(loadedOf);
  }

  /** As load(), for some of an entry's bytes. */
  async loadBytes(all: readonly StoredBytes[]): Promise<ArrayBuffer[]> {
    const inFiles = all.flatMap(rangesOf);
    const read = inFiles.length > 0 ? [...(await this.openBlobs().read(inFiles))] : [];
    return Promise.all(all.map((stored) => unstore(stored, read.splice(0, extentsOf(stored).length))));
  }

  /** Removes entries and then, as far as no other realm holds them, their files. */
  async remove(keys: readonly string[]): Promise<Removal> {
    const removal = await this.catalog.remove(keys);
    if (removal.removed > 0) this.#onFreed?.(this);
    await this.removeFiles(removal.deadFiles);
    return removal;
  }

  /** An entry has other bytes now, here and for other realms. */
  tellRevised(key: string): void {
    this.channel.post({ kind: 'revise', keys: [key] });
    this.#onFreed?.(this);
  }

  async clear(): Promise<Removal> {
    const removal = await this.catalog.clear();
    await this.removeFiles(removal.deadFiles);
    return removal;
  }

  /** Asks the other realms to let go, and removes; what they still hold after 3 s is left to the sweep. */
  async removeFiles(files: readonly string[]): Promise<void> {
    if (files.length === 0) return;
    const blobs = this.openBlobs();
    this.channel.post({ kind: 'release', files });
    let held = files;
    for (let waited = 0; ; waited += REMOVE_PAUSE_MS) {
      const before = held;
      held = await blobs.remove(held);
      const isHeld = new Set(held);
      await this.catalog.forgetFiles(before.filter((file) => !isHeld.has(file)));
      if (held.length === 0 || waited >= REMOVE_RETRY_MS) return;
      await wait(REMOVE_PAUSE_MS);
    }
  }

  /** Has every realm let go of its open files: while one is open, Chromium charges it up to its next power of two. */
  async releaseAll(): Promise<void> {
    const files = (await this.catalog.files()).map(({ file }) => file);
    this.channel.post({ kind: 'release', files });
    await this.#blobs?.release(files);
  }

  /** Has mapped arrays let go of their entries, and store what was written to them or forget it. */
  async closeArrays(writes: { readonly areStored: boolean }): Promise<void> {
    await Promise.all([...this.onClose].map((close) => close(writes)));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.touches.close();
    this.news.tell();
    this.channel.close();
    await this.#blobs?.close();
    await this.writerLease.end();
    await this.#catalog?.close();
  }

  /** The blob store. It finds its tier at the first write; where there is none, it rejects with StorageUnavailableError. */
  openBlobs(): OpenBlobStore {
    this.#blobs ??= this.#openBlobs();
    return this.#blobs;
  }

  async #openCatalog(): Promise<void> {
    const { storage } = this.#options;
    if (storage === 'memory') {
      this.#catalog = await openInMemoryCatalog();
      return;
    }
    try {
      this.#catalog = await openCatalog(this.#options.name, () => this.writerLease.note());
    } catch (error) {
      this.#catalog = await openInMemoryCatalog();
      this.#setStatus({ tier: 'memory', reasons: [`indexeddb: ${String(error)}`] });
    }
  }

  #setStatus(status: StorageStatus): void {
    this.#status = status;
    this.#onStatus(status);
  }

  #openBlobs(): OpenBlobStore {
    const { storage, workerFactory } = this.#options;
    const { catalog, folder } = this;
    return openBlobStore({
      folder,
      wanted: catalog.isPersistent ? (storage ?? 'auto') : 'memory',
      workerFactory,
      keyedBytes: () => catalog.keyedBytes(),
      onOpened: (tier, reasons) => {
        // A catalog without a database has said why already.
        if (this.#status.tier === 'none') this.#setStatus({ tier: tier ?? 'none', reasons });
      },
    });
  }

  /** Before the origin is cleared: what would be written now would only bring the database back. */
  async #letGo(): Promise<void> {
    this.touches.drop();
    this.writerLease.drop();
    const stored = (await this.#blobs?.list().catch(() => [])) ?? [];
    await this.#release(stored.map(({ file }) => file));
  }

  async #release(files: readonly string[]): Promise<void> {
    await this.#blobs?.release(files).catch(() => undefined); // the asker tries again, and then leaves it to the sweep
  }
}
