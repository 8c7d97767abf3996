/**
 * The best tier that works here, found by doing: a throwaway file is written through each in turn. That comes before the
 * first write; reads do not wait for it, as a file can be read before it is known how the next one will be written.
 */
import type { Checksum } from '../digest/digest.ts';
import { StorageUnavailableError } from '../errors/errors.ts';
import {
  type BlobStore,
  type BlobTier,
  type FileToWrite,
  type Place,
  type SegmentRecord,
  type Slice,
  toldByDone,
  type Writing,
} from './blob-store.ts';
import { copyParts, guardOf, isOneTurn } from './copy-pieces.ts';
import type { StoredFile, SyncReader } from './protocol.ts';

export interface ProbedBlobs extends BlobStore {
  /** Rejects where nothing can be written this way. */
  probe(): Promise<void>;
}

export interface Backends {
  /** From best to worst. */
  readonly tiers: readonly (readonly [BlobTier, ProbedBlobs])[];
  readonly checksum: Checksum;
}

export interface OpenedTier {
  readonly tier: BlobTier;
  /** Why each better tier was not taken. */
  readonly reasons: readonly string[];
}

/** Hears of the choice; of `undefined` where nothing works. */
export type OnOpened = (tier: BlobTier | undefined, reasons: readonly string[]) => void;

interface Chosen extends OpenedTier {
  readonly store: BlobStore;
}

const textOf = (error: unknown): string =>
  error instanceof Error || error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);

export class ChosenBlobs implements Omit<BlobStore, 'isAsleep' | 'wake'> {
  readonly #opening: Promise<Backends>;
  readonly #onOpened: OnOpened;
  #backends: Backends | undefined;
  #choosing: Promise<Chosen> | undefined;
  #chosen: BlobStore | undefined;

  constructor(opening: Promise<Backends>, onOpened: OnOpened) {
    this.#opening = opening;
    this.#onOpened = onOpened;
    opening.then(
      (backends) => {
        this.#backends = backends;
      },
      () => undefined, // whoever uses the store hears of it
    );
  }

  /** Settles the choice. Rejects with StorageUnavailableError. */
  async opened(): Promise<OpenedTier> {
    const { tier, reasons } = await this.#choose();
    return { tier, reasons };
  }

  write(request: FileToWrite): Writing {
    if (this.#chosen) return this.#chosen.write(request);
    // Not chosen yet: what has to be seen in this turn is hashed, or copied.
    const checksum = this.#backends?.checksum;
    const isCopied = isOneTurn(request.parts) || (request.guard !== 'caller' && !checksum);
    const kept: FileToWrite = isCopied
      ? { ...request, parts: copyParts(request.parts) }
      : { ...request, guard: (checksum && guardOf(request, checksum)) ?? 'caller' };
    const writing = this.#choose().then(({ store }) => toldByDone(store.write(kept)));
    const done = writing.then((started) => started.done);
    return toldByDone({ taken: isCopied ? Promise.resolve() : writing.then(({ taken }) => taken), done });
  }

  settle(place: Place, isKept: boolean): void {
    this.#chosen?.settle(place, isKept);
  }

  /** Whether a read has nothing to wait for. */
  get isAwake(): boolean {
    return this.#chosen !== undefined && !this.#chosen.isAsleep?.();
  }

  /** Has reads find it awake. */
  async wake(): Promise<void> {
    (await this.#choose()).store.wake?.();
  }

  async read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]> {
    return (await this.#choose()).store.read(slices);
  }

  async hold(files: readonly string[]): Promise<SyncReader | undefined> {
    return (await this.#choose()).store.hold?.(files);
  }

  async release(files: readonly string[]): Promise<void> {
    await this.#chosen?.release(files);
  }

  async remove(files: readonly string[]): Promise<readonly string[]> {
    return (await this.#choose()).store.remove(files);
  }

  async list(): Promise<readonly StoredFile[]> {
    return (await this.#choose()).store.list();
  }

  async records(segment: string): Promise<readonly SegmentRecord[]> {
    return (await this.#choose()).store.records(segment);
  }

  async copyRecord(segment: string, record: SegmentRecord): Promise<Place> {
    return (await this.#choose()).store.copyRecord(segment, record);
  }

  async close(): Promise<void> {
    await this.#choosing?.then(
      ({ store }) => store.close(),
      () => undefined, // nothing was opened
    );
  }

  #choose(): Promise<Chosen> {
    this.#choosing ??= this.#tryAll();
    return this.#choosing;
  }

  async #tryAll(): Promise<Chosen> {
    const reasons: string[] = [];
    for (const [tier, store] of (await this.#opening).tiers) {
      try {
        await store.probe();
        this.#chosen = store;
        this.#onOpened(tier, reasons);
        return { tier, store, reasons };
      } catch (error) {
        reasons.push(`${tier}: ${textOf(error)}`);
      }
    }
    this.#onOpened(undefined, reasons);
    throw new StorageUnavailableError(reasons);
  }
}
