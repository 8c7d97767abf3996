/** Stores what was written to the arrays of an entry: changed blocks go to new places, and one transaction swaps them in. */
import { type ChangedBuffer, type Checksum, MemorySource, type Persist } from '../arrays/arrays.ts';
import { BLOCK_BYTES, isSegment, type Place } from '../blobs/blobs.ts';
import { type EntryRecord, type Extent, type StoredBytes, storedBytesOf } from '../catalog/catalog.ts';
import { ResultEvictedError } from '../errors/errors.ts';
import { fileLock, lockHolders, pinLock, withLock } from '../locks/locks.ts';
import type { StoreContext } from '../store/store.ts';
import {
  asIs,
  fileNameOf,
  inline,
  isStorageFull,
  type Store,
  storageFull,
  storeOrMakeRoom,
  writeTensors,
} from '../store/store.ts';
import { blockPlaces, runsOf } from './entry-blocks.ts';
import { pieceOf } from './piece-of.ts';

/** Up to here a changed buffer is written anew as a whole; only larger ones are kept in several runs. */
const WHOLE_BYTES = 8 * BLOCK_BYTES;

export interface WriterOptions {
  readonly context: StoreContext;
  readonly store: Store;
  readonly functionId: string;
  readonly checksum: Checksum;
  /** Where the bytes of a stored piece are read from. */
  readonly sourceOf: (entry: EntryRecord, piece: number) => ReturnType<Persist>;
}

function withPiece(entry: EntryRecord, piece: number, stored: StoredBytes): EntryRecord {
  const { skeleton, buffers, revision } = entry;
  const next =
    piece === 0
      ? { skeleton: stored, buffers }
      : { skeleton, buffers: buffers.map((each, at) => (at === piece - 1 ? stored : each)) };
  const sizeBytes = [next.skeleton, ...next.buffers].reduce((sum, each) => sum + storedBytesOf(each), 0);
  return { ...entry, ...next, sizeBytes, revision: revision + 1 };
}

/** A buffer's next stored form, and the place to settle. */
interface Rewritten {
  readonly stored: StoredBytes;
  readonly place: Place;
}

/** 'doomed': the new place waits for removal. */
type Swapped = 'swapped' | 'doomed';

/** Holds the revision that the open arrays are at. One flush at a time. */
export class EntryWriter {
  readonly #options: WriterOptions;
  #entry: EntryRecord;
  #turn: Promise<unknown> = Promise.resolve();
  #deadFiles: string[] = [];

  constructor(entry: EntryRecord, options: WriterOptions) {
    this.#entry = entry;
    this.#options = options;
  }

  get entry(): EntryRecord {
    return this.#entry;
  }

  /** What stores the changes of one piece. */
  persist(piece: number): Persist {
    return (changed) => {
      const turn = this.#turn.then(() => this.#store(piece, changed));
      this.#turn = turn.catch(() => undefined); // whoever flushed hears of it
      return turn;
    };
  }

  /** Removes the files that no revision points at, unless somebody still reads from them. */
  async removeDeadFiles(): Promise<void> {
    const { store } = this.#options;
    const { key } = this.#entry;
    const isRead = store.pins.count(key) > 1 || (await lockHolders(pinLock(store.name, key))) > 1;
    if (isRead) return; // tried again at the end; then left to the sweep
    const files = this.#deadFiles;
    this.#deadFiles = [];
    await store.removeFiles(files);
  }

  async #store(piece: number, changed: ChangedBuffer): ReturnType<Persist> {
    const start = performance.now();
    const before = pieceOf(this.#entry, piece);
    if (before.place instanceof ArrayBuffer) {
      const bytes = new Uint8Array(await changed.read(0, changed.byteLength));
      await this.#swap(piece, await inline(asIs(bytes)), start);
      return new MemorySource(bytes, this.#options.checksum);
    }
    await this.#storeInFile(piece, changed, start);
    return this.#options.sourceOf(this.#entry, piece);
  }

  /** The file's lock is held until the transaction is complete: the sweep leaves the file alone meanwhile. */
  async #storeInFile(piece: number, changed: ChangedBuffer, start: number): Promise<void> {
    const { store, functionId, context } = this.#options;
    const write = (): Promise<void> => {
      const file = `${store.folder}/${fileNameOf(functionId, this.#entry.key)}`;
      return withLock(fileLock(file), {}, () => this.#write(piece, changed, { file, start }));
    };
    const neededBytes = changed.dirty.size * BLOCK_BYTES;
    try {
      await storeOrMakeRoom(write, () => context.makeRoom(store, neededBytes));
    } catch (error) {
      throw isStorageFull(error) ? storageFull(error, neededBytes) : error;
    }
  }

  async #write(
    piece: number,
    changed: ChangedBuffer,
    { file, start }: { file: string; start: number },
  ): Promise<void> {
    const { store } = this.#options;
    const before = pieceOf(this.#entry, piece);
    const { stored, place } =
      changed.byteLength <= WHOLE_BYTES || before.compression !== ''
        ? await this.#writeWhole(file, changed)
        : await this.#writeBlocks(file, changed, before);
    let swapped: Swapped | undefined;
    try {
      swapped = await this.#swap(piece, stored, start);
    } finally {
      const isKept = swapped === 'swapped';
      store.openBlobs().settle(place, isKept);
      // Left to the sweep where that fails; the error at hand counts.
      if (!isKept && !isSegment(place.file)) await store.removeFiles([place.file]).catch(() => undefined);
    }
    if (swapped === 'swapped') return;
    // A file of its own is nobody else's: only damage dooms it.
    if (!isSegment(place.file)) throw new ResultEvictedError(this.#entry.key);
    // The segment's last entry went meanwhile, and the segment is about to: the bytes go to another one.
    await store.openBlobs().release([place.file]);
    await this.#write(piece, changed, { file, start });
  }

  async #writeWhole(file: string, changed: ChangedBuffer): Promise<Rewritten> {
    const bytes = new Uint8Array(await changed.read(0, changed.byteLength));
    const { place, runs } = await writeTensors(this.#options.store, { file, key: this.#entry.key }, [
      { name: 'bytes', bytes },
    ]);
    const [run] = runs;
    if (!run) throw new TypeError('One part was written');
    const { checks, ...where } = run;
    const extent: Extent = { ...where, byteLength: bytes.byteLength };
    const stored = { place: extent, checks, compression: '', rawByteLength: bytes.byteLength } as const;
    return { stored, place };
  }

  async #writeBlocks(file: string, changed: ChangedBuffer, before: StoredBytes): Promise<Rewritten> {
    const { byteLength } = changed;
    const { places, strays } = blockPlaces(before, changed.dirty);
    const blocks = new Map(changed.dirty);
    for (const block of strays) {
      const end = Math.min((block + 1) * BLOCK_BYTES, byteLength);
      blocks.set(block, new Uint8Array(await changed.read(block * BLOCK_BYTES, end)));
    }
    const order = [...blocks].sort(([a], [b]) => a - b);
    const parts = order.map(([block, bytes]) => ({ name: `block ${block}`, bytes }));
    const checks = before.checks.slice();
    const written = await writeTensors(this.#options.store, { file, key: this.#entry.key }, parts);
    for (const [at, { checks: found, ...where }] of written.runs.entries()) {
      const block = order[at]?.[0] ?? 0;
      places[block] = where;
      checks[block] = found[0] ?? 0n;
    }
    const [place, ...more] = runsOf(places, byteLength);
    if (!place) throw new TypeError('A buffer of several runs is not empty');
    const stored = { place, checks, compression: '', rawByteLength: byteLength } as const;
    return { stored: more.length > 0 ? { ...stored, more } : stored, place: written.place };
  }

  async #swap(piece: number, stored: StoredBytes, start: number): Promise<Swapped> {
    const { store, context, functionId } = this.#options;
    const base = this.#entry;
    const entry = withPiece(base, piece, stored);
    const outcome = await store.catalog.revise({ base, entry });
    if (outcome.isFileDoomed) return 'doomed';
    const { isCommitted, deadFiles, totalBytes } = outcome;
    if (!isCommitted) throw new ResultEvictedError(base.key);
    this.#entry = entry;
    this.#deadFiles.push(...deadFiles);
    const { key, sizeBytes } = entry;
    context.tier.delete(key);
    store.channel.post({ kind: 'revise', keys: [key] });
    const storeMs = performance.now() - start;
    context.emit({ kind: 'store', functionId, key, reason: 'flushed', sizeBytes, storeMs });
    store.news.add('stored', { functionId, key });
    context.onStored(store, { key, isCommitted, isReplaced: true, sizeBytes, storeMs, totalBytes });
    context.track(this.removeDeadFiles());
    return 'swapped';
  }
}
