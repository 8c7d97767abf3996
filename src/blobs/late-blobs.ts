/**
 * A blob store of which reading in files is here from the start, in the way that every realm has. How bytes are written
 * is fetched and found out when something is, or after the first reads: these do not wait for it, unless they are large.
 */
import { Chunk } from '../chunks/chunks.ts';
import { createChecksum, readyChecksum } from '../digest/digest.ts';
import type { BlobStoreOptions } from './blob-options.ts';
import {
  type BlobStore,
  type FileToWrite,
  type Place,
  type SegmentRecord,
  type Slice,
  toldByDone,
  type Writing,
} from './blob-store.ts';
import type { ChosenBlobs, OpenedTier } from './chosen-blobs.ts';
import { FileReads } from './file-reads.ts';
import { type StoredFile, type SyncReader, sliceBytes } from './protocol.ts';

/** A blob store that says which tier it found. */
export type OpenBlobStore = BlobStore & { opened(): Promise<OpenedTier> };

/** Above, waiting for the storage worker to start costs less than reading without it. */
const EARLY_BYTES = 16 * 2 ** 20;

const backends = new Chunk(() => import('./backends.ts'));

/** Fetches what bytes are written with, which a miss had better have before its function is entered. */
export const loadBackends = (): Promise<unknown> => backends.load();

const inFiles: ReadonlySet<BlobStoreOptions['wanted']> = new Set(['auto', 'opfs', 'sync']);

export class LateBlobs implements OpenBlobStore {
  readonly #options: BlobStoreOptions;
  #early: FileReads | undefined;
  #store: ChosenBlobs | undefined;
  #isClosed = false;

  constructor(options: BlobStoreOptions) {
    this.#options = options;
  }

  /** Settles the choice. Rejects with StorageUnavailableError. */
  async opened(): Promise<OpenedTier> {
    return (await this.#open()).opened();
  }

  /** What may change while the way is fetched is copied in this turn. */
  write(request: FileToWrite): Writing {
    if (backends.loaded) return this.#opened(backends.loaded).write(request);
    const isCopied = request.guard === undefined;
    const copied = request.parts.map(({ bytes, ...part }) => ({
      ...part,
      bytes: bytes instanceof Uint8Array && isCopied ? bytes.slice() : bytes,
    }));
    const writing = this.#open().then((store) => toldByDone(store.write({ ...request, parts: copied })));
    const taken = isCopied ? Promise.resolve() : writing.then((started) => started.taken);
    return toldByDone({ taken, done: writing.then(({ done }) => done) });
  }

  settle(place: Place, isKept: boolean): void {
    this.#store?.settle(place, isKept);
  }

  async read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]> {
    const isLarge = slices.reduce((sum, slice) => sum + sliceBytes(slice), 0) > EARLY_BYTES;
    if (isLarge || this.#store?.isAwake || !inFiles.has(this.#options.wanted))
      return (await this.#open()).read(slices);
    try {
      return await (await this.#fileReads()).read(slices);
    } catch {
      // The tier that wrote it may see what this way does not.
    } finally {
      void this.#wake();
    }
    return (await this.#open()).read(slices);
  }

  async hold(files: readonly string[]): Promise<SyncReader | undefined> {
    return (await this.#open()).hold(files);
  }

  async release(files: readonly string[]): Promise<void> {
    await this.#store?.release(files);
  }

  async remove(files: readonly string[]): Promise<readonly string[]> {
    return (await this.#open()).remove(files);
  }

  async list(): Promise<readonly StoredFile[]> {
    return (await this.#open()).list();
  }

  async records(segment: string): Promise<readonly SegmentRecord[]> {
    return (await this.#open()).records(segment);
  }

  async copyRecord(segment: string, record: SegmentRecord): Promise<Place> {
    return (await this.#open()).copyRecord(segment, record);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#store?.close();
  }

  async #fileReads(): Promise<FileReads> {
    this.#early ??= new FileReads(readyChecksum() ?? (await createChecksum()));
    return this.#early;
  }

  /** Starts what later reads are quicker by. Never rejects: the next read or write finds it ready, or hears why not. */
  async #wake(): Promise<void> {
    try {
      const store = await this.#open();
      if (!this.#isClosed) await store.wake();
    } catch {
      // Files are read as before.
    }
  }

  async #open(): Promise<ChosenBlobs> {
    return this.#opened(await backends.load());
  }

  #opened({ openChosen }: typeof import('./backends.ts')): ChosenBlobs {
    this.#store ??= openChosen(this.#options);
    return this.#store;
  }
}
