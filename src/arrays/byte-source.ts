/** Where the bytes of a mapped buffer come from: memory of this realm, or runs of stored bytes. */
import {
  BLOCK_BYTES,
  type BlobStore,
  type SliceToRead,
  type StoredRange,
  type SyncReader,
} from '../blobs/blobs.ts';
import { joined } from '../bytes/bytes.ts';
import { DamagedEntryError, ResultEvictedError } from '../errors/errors.ts';

/** Bytes that do not change; every read is a fresh copy. */
export interface ByteSource {
  readonly byteLength: number;
  read(start: number, end: number): Promise<ArrayBuffer>;
  /** Fills `target`, which may be shared memory, with the bytes from `start`. */
  readInto(start: number, target: Uint8Array): Promise<void>;
  /** As readInto(), at once: only where the bytes are at hand without waiting. */
  readSync?(start: number, target: Uint8Array): void;
  /** Text that is equal for equal bytes, from checksums; the bytes in storage are not read for it. */
  digest(start: number, end: number): string;
}

/** xxh64 of bytes. */
export type Checksum = (bytes: Uint8Array) => bigint;

const hexOf = (check: bigint): string => check.toString(16);

export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;
  readonly #checksum: Checksum;

  /** @param bytes Not copied: nobody else may change them. */
  constructor(bytes: Uint8Array, checksum: Checksum) {
    this.#bytes = bytes;
    this.#checksum = checksum;
  }

  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  async read(start: number, end: number): Promise<ArrayBuffer> {
    return new Uint8Array(this.#bytes.subarray(start, end)).buffer;
  }

  async readInto(start: number, target: Uint8Array): Promise<void> {
    this.readSync(start, target);
  }

  readSync(start: number, target: Uint8Array): void {
    target.set(this.#bytes.subarray(start, start + target.byteLength));
  }

  digest(start: number, end: number): string {
    const checks: string[] = [];
    for (let at = start; at < end; at += BLOCK_BYTES) {
      checks.push(hexOf(this.#checksum(this.#bytes.subarray(at, Math.min(at + BLOCK_BYTES, end)))));
    }
    return checks.join(' ');
  }
}

export interface StoredSourceOptions {
  readonly blobs: BlobStore;
  /** Where this thread keeps the files open. */
  readonly reader?: SyncReader | undefined;
  /** In order; each but the last holds whole blocks. */
  readonly runs: readonly StoredRange[];
  /** Names the entry in errors. */
  readonly key: string;
  /** Asked when a file is gone: where the same bytes are now, if they are. */
  readonly relocate: () => Promise<readonly StoredRange[] | undefined>;
  /** Told of bytes that are not what was written. */
  readonly onDamaged: (error: DamagedEntryError) => void;
}

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

const sliceLength = ({ byteLength, start = 0, end = byteLength }: SliceToRead): number => end - start;

const lengthOf = (runs: readonly StoredRange[]): number =>
  runs.reduce((sum, { byteLength }) => sum + byteLength, 0);

/** The slices of the runs that cover [start, end). */
export function slicesOf(runs: readonly StoredRange[], start: number, end: number): SliceToRead[] {
  const slices: SliceToRead[] = [];
  let runStart = 0;
  for (const run of runs) {
    const runEnd = runStart + run.byteLength;
    if (start < end && start < runEnd && end > runStart) {
      slices.push({ ...run, start: Math.max(start - runStart, 0), end: Math.min(end, runEnd) - runStart });
    }
    runStart = runEnd;
  }
  return slices;
}

export class StoredSource implements ByteSource {
  readonly byteLength: number;
  readonly #options: StoredSourceOptions;
  #runs: readonly StoredRange[];

  constructor(options: StoredSourceOptions) {
    this.#options = options;
    this.#runs = options.runs;
    this.byteLength = lengthOf(options.runs);
  }

  read(start: number, end: number): Promise<ArrayBuffer> {
    return this.#orMoved(async () => {
      const slices = slicesOf(this.#runs, start, end);
      const [only] = slices;
      if (slices.length === 1 && only) return joined(await this.#options.blobs.read([only]));
      const whole = new Uint8Array(end - start);
      await this.#fill(slices, whole);
      return whole.buffer;
    });
  }

  readInto(start: number, target: Uint8Array): Promise<void> {
    return this.#orMoved(() => this.#fill(slicesOf(this.#runs, start, start + target.byteLength), target));
  }

  readSync(start: number, target: Uint8Array): void {
    const { reader } = this.#options;
    if (!reader) throw new TypeError('readSync() needs files that this thread can hold open; use read()');
    const [run] = this.#runs;
    try {
      if (this.#runs.length === 1 && run) reader.read(run, start, target);
      else fillSync(reader, slicesOf(this.#runs, start, start + target.byteLength), target);
    } catch (error) {
      throw nameOf(error) === 'NotFoundError' ? this.#evicted(error) : this.#asTyped(error);
    }
  }

  /** Equal to that of the same bytes in memory where the range is made of whole blocks; else marked as a part. */
  digest(start: number, end: number): string {
    const checks = this.#runs.flatMap((run) => [...run.checks]);
    const isWhole = start % BLOCK_BYTES === 0 && (end % BLOCK_BYTES === 0 || end === this.byteLength);
    const covering = checks.slice(Math.floor(start / BLOCK_BYTES), Math.ceil(end / BLOCK_BYTES));
    const text = covering.map(hexOf).join(' ');
    return isWhole ? text : `part ${start % BLOCK_BYTES} ${end - start} of ${text}`;
  }

  /** One slice at a time, straight to its place. */
  async #fill(slices: readonly SliceToRead[], target: Uint8Array): Promise<void> {
    let at = 0;
    for (const slice of slices) {
      const into = target.subarray(at, at + sliceLength(slice));
      await this.#options.blobs.read([{ ...slice, into }]);
      at += into.byteLength;
    }
  }

  /** Runs `read`; once more where its files are gone and the same bytes are elsewhere now. */
  async #orMoved<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (nameOf(error) !== 'NotFoundError') throw this.#asTyped(error);
      const runs = await this.#options.relocate();
      if (!runs || lengthOf(runs) !== this.byteLength) throw this.#evicted(error);
      this.#runs = runs;
    }
    try {
      return await read();
    } catch (error) {
      throw nameOf(error) === 'NotFoundError' ? this.#evicted(error) : this.#asTyped(error);
    }
  }

  #evicted(cause: unknown): ResultEvictedError {
    const error = new ResultEvictedError(this.#options.key);
    error.cause = cause;
    return error;
  }

  #asTyped(error: unknown): unknown {
    if (nameOf(error) !== 'DataError') return error;
    const damaged = new DamagedEntryError(this.#options.key, String((error as Error).message), {
      cause: error, // DataError is the name of errors of the blob store only
    });
    this.#options.onDamaged(damaged);
    return damaged;
  }
}

function fillSync(reader: SyncReader, slices: readonly SliceToRead[], target: Uint8Array): void {
  let at = 0;
  for (const slice of slices) {
    const end = at + sliceLength(slice);
    reader.read(slice, slice.start ?? 0, target.subarray(at, end));
    at = end;
  }
}
