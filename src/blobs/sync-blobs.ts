/** Blobs through sync access handles: of the storage worker, or of this thread. */
import type { Checksum } from '../digest/digest.ts';
import type { BlobStore, FileToWrite, Place, SegmentRecord, Slice, Writing, Written } from './blob-store.ts';
import { CHUNK_BYTES, CHUNKS_UNDER_WAY, Chunks } from './chunks.ts';
import {
  checksByPart,
  copyGroup,
  copyInPlace,
  groupsOf,
  guardOf,
  isOneTurn,
  partBytes,
  totalBytes,
} from './copy-pieces.ts';
import {
  BLOCK_BYTES,
  type Piece,
  type SliceToRead,
  type StorageClient,
  type StoredFile,
  type SyncReader,
  sliceBytes,
} from './protocol.ts';
import { ReadBatch } from './read-batch.ts';
import { headerBytesFor } from './segment-record.ts';
import type { SourceGuard } from './source-guard.ts';
import { assertWorkerMayStart } from './worker-start.ts';

/**
 * Up to here bytes go to a segment: a file of their own takes 2 ms more to store and 1 ms more to read, but frees its
 * space at once. Such a record fits a chunk with its header.
 */
const SEGMENT_BYTES = CHUNK_BYTES - 256 * 1024;
/** What is larger is read in chunks into memory of this thread. */
const SENT_BYTES = 512 * 2 ** 20;
/** A chunk that is mostly empty is not worth its way. */
const WORTH_A_CHUNK_BYTES = 256 * 1024;

export class SyncBlobs implements BlobStore {
  readonly #client: StorageClient;
  readonly #folder: string;
  readonly #checksum: Checksum;
  readonly #chunks = new Chunks();
  readonly #batch: ReadBatch;

  constructor(folder: string, client: StorageClient, checksum: Checksum) {
    this.#folder = folder;
    this.#client = client;
    this.#checksum = checksum;
    this.#batch = new ReadBatch((slices) => client.call('read', { slices }));
  }

  /** Rejects where files cannot be written this way. */
  async probe(): Promise<void> {
    assertWorkerMayStart();
    try {
      await this.#client.call('probe', { folder: this.#folder });
    } catch (error) {
      await this.#client.close();
      throw error;
    }
  }

  write(request: FileToWrite): Writing {
    const { parts } = request;
    if (totalBytes(parts) <= SEGMENT_BYTES)
      return { taken: Promise.resolve(), done: this.#writeRecord(request) };
    // Asked for before the file is made, and so had before anybody else can find it.
    const claimed = request.claim();
    if (isOneTurn(parts) && !this.#client.isInThread) {
      // Copied before this call returns.
      const copied = [...groupsOf(parts, CHUNK_BYTES)].map((group) => {
        const chunk = this.#chunks.take();
        return { chunk, pieces: copyGroup(group, new Uint8Array(chunk)) };
      });
      const done = this.#writeFile(request, claimed, this.#sendAll(request, copied));
      return { taken: Promise.resolve(), done };
    }
    // The storage worker has its first chunks to write while the bytes are hashed, all in one turn.
    const sending = this.#client.isInThread ? this.#writeInPlace(request) : this.#sendChunks(request);
    const guard = guardOf(request, this.#checksum);
    const done = this.#writeFile(request, claimed, sending, guard);
    return { taken: done.then(() => undefined), done };
  }

  isAsleep(): boolean {
    return this.#client.isAsleep;
  }

  wake(): void {
    void this.#client.call('read', { slices: [] }).catch(() => undefined); // whoever reads next hears of it
  }

  settle({ file, offset }: Place, isKept: boolean): void {
    // A worker that is gone has let go of its segments.
    void this.#client.call('settle', { place: { file, offset }, isKept }).catch(() => undefined);
  }

  read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]> {
    return Promise.all(
      slices.map(async ({ into, ...slice }) => {
        if (into) return this.#readInto(slice, into);
        const byteLength = sliceBytes(slice);
        // Larger memory cannot be sent in every engine, and has been there twice before it was refused.
        return byteLength > SENT_BYTES && !this.#client.isInThread
          ? this.#readInto(slice, new Uint8Array(byteLength))
          : this.#batch.read(slice);
      }),
    );
  }

  async hold(files: readonly string[]): Promise<SyncReader | undefined> {
    return this.#client.isInThread ? this.#client.call('hold', { files }) : undefined;
  }

  async release(files: readonly string[]): Promise<void> {
    await this.#client.call('release', { files });
  }

  remove(files: readonly string[]): Promise<readonly string[]> {
    return this.#client.call('remove', { files });
  }

  list(): Promise<readonly StoredFile[]> {
    return this.#client.call('list', { folder: this.#folder });
  }

  records(segment: string): Promise<readonly SegmentRecord[]> {
    return this.#client.call('records', { segment });
  }

  copyRecord(segment: string, record: SegmentRecord): Promise<Place> {
    return this.#client.call('copyRecord', { folder: this.#folder, segment, record });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #writeRecord({ parts, label }: FileToWrite): Promise<Written> {
    const blockCount = parts.reduce((count, part) => count + Math.ceil(partBytes(part) / BLOCK_BYTES), 0);
    const headerBytes = headerBytesFor(label, blockCount);
    const payloadBytes = totalBytes(parts);
    const byteLength = headerBytes + payloadBytes;
    const isForChunk = byteLength > WORTH_A_CHUNK_BYTES && byteLength <= CHUNK_BYTES;
    const chunk = isForChunk ? this.#chunks.take() : new ArrayBuffer(byteLength);
    const copying = copyInPlace(parts, new Uint8Array(chunk, headerBytes, payloadBytes));
    const pieces = copying instanceof Promise ? await copying : copying; // small memory is on its way in this turn
    const record = { label, chunk, headerBytes, payloadBytes, pieces };
    const reply = await this.#client.call('appendRecord', { folder: this.#folder, ...record }, [chunk]);
    this.#chunks.give(reply.chunk);
    return { ...reply.place, checks: checksByPart(parts, [...reply.checks]) };
  }

  async #writeFile(
    { file, parts }: FileToWrite,
    claimed: Promise<unknown>,
    sending: Promise<bigint[]>,
    guard?: SourceGuard,
  ): Promise<Written> {
    sending.catch(() => undefined); // awaited below
    try {
      await claimed;
      const checks = checksByPart(parts, await sending);
      guard?.assertUnchanged(checks);
      return { file, offset: 0, checks };
    } catch (error) {
      // What was sent comes first: it would make the file anew.
      await sending.catch(() => undefined);
      // The write's own error is what the caller needs; leftovers are the sweep's.
      await this.#client.call('abandon', { file }).catch(() => undefined);
      throw error;
    }
  }

  async #send(
    file: string,
    chunk: ArrayBuffer,
    pieces: readonly Piece[],
    isLast: boolean,
  ): Promise<BigUint64Array> {
    const reply = await this.#client.call('append', { file, chunk, pieces, isLast }, [chunk]);
    if (reply.chunk) this.#chunks.give(reply.chunk);
    return reply.checks;
  }

  async #sendAll(
    { file }: FileToWrite,
    copied: readonly { chunk: ArrayBuffer; pieces: Piece[] | Promise<Piece[]> }[],
  ): Promise<bigint[]> {
    const replies: Promise<BigUint64Array>[] = [];
    for (const [index, { chunk, pieces }] of copied.entries())
      replies.push(this.#send(file, chunk, await pieces, index === copied.length - 1));
    return (await Promise.all(replies)).flatMap((checks) => [...checks]);
  }

  /** The first chunks are on their way when this returns. */
  async #sendChunks({ file, parts }: FileToWrite): Promise<bigint[]> {
    const groups = [...groupsOf(parts, CHUNK_BYTES)];
    const replies: Promise<BigUint64Array>[] = [];
    for (const [index, group] of groups.entries()) {
      const before = replies[index - CHUNKS_UNDER_WAY];
      if (before !== undefined) await before;
      const chunk = this.#chunks.take();
      const copying = copyGroup(group, new Uint8Array(chunk));
      const pieces = copying instanceof Promise ? await copying : copying;
      const reply = this.#send(file, chunk, pieces, index === groups.length - 1);
      reply.catch(() => undefined); // awaited in its turn
      replies.push(reply);
    }
    return (await Promise.all(replies)).flatMap((checks) => [...checks]);
  }

  /** The caller's memory is written as it is, in one turn; Blobs are read first. */
  async #writeInPlace({ file, parts }: FileToWrite): Promise<bigint[]> {
    const pieces = await Promise.all(
      parts.map(async ({ offset, bytes }): Promise<Piece> => {
        const own = bytes instanceof Uint8Array ? bytes : new Uint8Array(await bytes.arrayBuffer());
        return { bytes: own as Uint8Array<ArrayBuffer>, position: offset }; // the codec refuses shared memory
      }),
    );
    const { checks } = await this.#client.call('append', { file, pieces, isLast: true });
    return [...checks];
  }

  async #readInto(slice: SliceToRead, into: Uint8Array): Promise<ArrayBuffer> {
    if (into.byteLength !== sliceBytes(slice))
      throw new RangeError(`The slice has ${sliceBytes(slice)} bytes, its destination ${into.byteLength}`);
    if (this.#client.isInThread) await this.#client.call('readChunk', { slice, target: into });
    else await this.#readByChunks(slice, into);
    return into.buffer as ArrayBuffer; // see BlobStore.read()
  }

  async #readByChunks(slice: SliceToRead, into: Uint8Array): Promise<void> {
    const { start = 0, end = slice.byteLength } = slice;
    const reads: Promise<void>[] = [];
    for (let from = start; from < end; ) {
      const to = Math.min(end, Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES + CHUNK_BYTES);
      await reads[reads.length - CHUNKS_UNDER_WAY];
      const read = this.#readChunk(
        { ...slice, start: from, end: to },
        into.subarray(from - start, to - start),
      );
      read.catch(() => undefined); // awaited in its turn
      reads.push(read);
      from = to;
    }
    await Promise.all(reads);
  }

  async #readChunk(slice: SliceToRead, into: Uint8Array): Promise<void> {
    const target = new Uint8Array(this.#chunks.take(), 0, into.byteLength);
    const { chunk } = await this.#client.call('readChunk', { slice, target }, [target.buffer]);
    into.set(new Uint8Array(chunk, 0, into.byteLength));
    this.#chunks.give(chunk);
  }
}
