/** One buffer of a result, read by range, with the blocks that were written on top of it. */
import { BLOCK_BYTES } from '../blobs/blobs.ts';
import type { ByteSource } from './byte-source.ts';

export type DirtyBlocks = ReadonlyMap<number, Uint8Array<ArrayBuffer>>;

/** A buffer's content with what was written to it, as persist() gets it. Nothing changes until it settles. */
export interface ChangedBuffer {
  readonly byteLength: number;
  /** Whole blocks by number. */
  readonly dirty: DirtyBlocks;
  read(start: number, end: number): Promise<ArrayBuffer>;
}

/** Stores the changes durably; the source that it brings has them. */
export type Persist = (changed: ChangedBuffer) => Promise<ByteSource>;

/** Blocks that [start, end) touches. */
function* blocksOf(start: number, end: number): Generator<number> {
  for (let block = Math.floor(start / BLOCK_BYTES); block * BLOCK_BYTES < end; block += 1) yield block;
}

/** Copies what two runs of one buffer have in common; each begins at its own offset of the buffer. */
function copyOverlap(to: Uint8Array, toStart: number, from: Uint8Array, fromStart: number): void {
  const start = Math.max(toStart, fromStart);
  const end = Math.min(toStart + to.byteLength, fromStart + from.byteLength);
  if (end > start) to.set(from.subarray(start - fromStart, end - fromStart), start - toStart);
}

function isCovered(dirty: DirtyBlocks, start: number, end: number): boolean {
  for (const block of blocksOf(start, end)) if (!dirty.has(block)) return false;
  return true;
}

function layOver(bytes: Uint8Array, start: number, dirty: DirtyBlocks): void {
  for (const [block, content] of dirty) copyOverlap(bytes, start, content, block * BLOCK_BYTES);
}

function laid(buffer: ArrayBuffer, start: number, dirty: DirtyBlocks): ArrayBuffer {
  layOver(new Uint8Array(buffer), start, dirty);
  return buffer;
}

/** Arrays over one stored buffer share this, so that each sees what the others write. */
export class MappedBuffer {
  readonly #persist: Persist | undefined;
  readonly #dirty = new Map<number, Uint8Array<ArrayBuffer>>();
  #source: ByteSource;
  /** Writes and flushes, one after the other. */
  #queue: Promise<unknown> | undefined;

  /** @param persist Where there is none, writes stay in memory. */
  constructor(source: ByteSource, persist?: Persist) {
    this.#source = source;
    this.#persist = persist;
  }

  get byteLength(): number {
    return this.#source.byteLength;
  }

  /** Whether something was written that is not stored. */
  get isDirty(): boolean {
    return this.#persist !== undefined && this.#dirty.size > 0;
  }

  /** A fresh copy of [start, end), with every write that was asked for before. */
  async read(start: number, end: number): Promise<ArrayBuffer> {
    if (this.#queue !== undefined) await this.#queue;
    if (start === end) return new ArrayBuffer(0);
    return this.#readNow(start, end);
  }

  /** As read(), into memory of the caller's, which may be shared. */
  async readInto(start: number, target: Uint8Array): Promise<void> {
    if (this.#queue !== undefined) await this.#queue;
    if (target.byteLength > 0) await this.#fillNow(start, target);
  }

  /** As readInto(), without writes that are still under way. */
  readSync(start: number, target: Uint8Array): void {
    const source = this.#source;
    if (!source.readSync)
      throw new TypeError('readSync() cannot read this array without waiting; use read()');
    if (target.byteLength === 0) return;
    source.readSync(start, target);
    if (this.#dirty.size > 0) layOver(target, start, this.#dirty);
  }

  /** Lays bytes over the content from `start`. The bytes are the buffer's own from now on. */
  write(start: number, bytes: Uint8Array): Promise<void> {
    return bytes.byteLength === 0 ? Promise.resolve() : this.#enqueue(() => this.#write(start, bytes));
  }

  /** Stores what was written; nothing to do where writes stay in memory. */
  flush(): Promise<void> {
    const persist = this.#persist;
    if (!persist) return Promise.resolve();
    return this.#enqueue(async () => {
      if (this.#dirty.size === 0) return;
      const read = (start: number, end: number): Promise<ArrayBuffer> => this.#readNow(start, end);
      this.#source = await persist({ byteLength: this.byteLength, dirty: this.#dirty, read });
      this.#dirty.clear();
    });
  }

  digest(start: number, end: number): string {
    return this.#source.digest(start, end);
  }

  async #readNow(start: number, end: number): Promise<ArrayBuffer> {
    const source = this.#source;
    const dirty = this.#dirtyIn(start, end); // a flush may empty the map before the source has answered
    if (isCovered(dirty, start, end)) return laid(new ArrayBuffer(end - start), start, dirty);
    try {
      return laid(await source.read(start, end), start, dirty);
    } catch (error) {
      // A flush brought a new source, and the files of the old one went.
      if (source === this.#source) throw error;
      return this.#readNow(start, end);
    }
  }

  async #fillNow(start: number, target: Uint8Array): Promise<void> {
    const source = this.#source;
    const dirty = this.#dirtyIn(start, start + target.byteLength);
    try {
      await source.readInto(start, target);
      layOver(target, start, dirty);
    } catch (error) {
      if (source === this.#source) throw error; // as in #readNow()
      await this.#fillNow(start, target);
    }
  }

  #dirtyIn(start: number, end: number): DirtyBlocks {
    const found = new Map<number, Uint8Array<ArrayBuffer>>();
    if (this.#dirty.size === 0) return found;
    for (const block of blocksOf(start, end)) {
      const content = this.#dirty.get(block);
      if (content) found.set(block, content);
    }
    return found;
  }

  /** Reads the blocks that are written in part, then changes all of them in one turn. */
  async #write(start: number, bytes: Uint8Array): Promise<void> {
    const end = start + bytes.byteLength;
    const fresh = new Map<number, Uint8Array<ArrayBuffer>>();
    for (const block of blocksOf(start, end)) {
      if (this.#dirty.has(block)) continue;
      const from = block * BLOCK_BYTES;
      const to = Math.min(from + BLOCK_BYTES, this.byteLength);
      const isWhole = start <= from && end >= to;
      const content = isWhole ? new ArrayBuffer(to - from) : await this.#source.read(from, to);
      fresh.set(block, new Uint8Array(content));
    }
    for (const [block, content] of fresh) this.#dirty.set(block, content);
    for (const [block, content] of this.#dirtyIn(start, end)) {
      copyOverlap(content, block * BLOCK_BYTES, bytes, start);
    }
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue === undefined ? work() : this.#queue.then(work);
    const settled = turn.then(
      () => undefined,
      () => undefined, // whoever asked for it hears of the failure
    );
    this.#queue = settled;
    void settled.then(() => {
      if (this.#queue === settled) this.#queue = undefined;
    });
    return turn;
  }
}
