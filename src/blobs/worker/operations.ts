/** Carries out what realms ask for: in the storage worker, or in the thread of a dedicated worker. */
import { type Checksum, createChecksum } from '../../digest/digest.ts';
import {
  type Answer,
  BLOCK_BYTES,
  type HandleRequest,
  type Operations,
  type Piece,
  type Place,
  type Request,
  type SliceToRead,
  type StoredRange,
  type SyncReader,
  sliceBytes,
} from '../protocol.ts';
import { type RangeSource, type ReadAt, readRangeSync, readSlice, VerifiedBlocks } from '../read-range.ts';
import { isSegment, memoryOf } from '../segment-files.ts';
import { writeHeader } from '../segment-record.ts';
import { type FileAccess, originFiles, writeAll } from './file-access.ts';
import { HandlePool } from './handle-pool.ts';
import { Segments } from './segments.ts';
import type { SpareBuffer } from './spare-buffer.ts';
import { checkPieces, SyncFiles } from './sync-files.ts';

type RequestOf<Name extends keyof Operations> = Operations[Name]['request'];

const answer = (value: unknown, transfer: ArrayBuffer[] = []): Answer => ({ value, transfer });

class StorageOperations {
  readonly #files: FileAccess;
  readonly #checksum: Checksum;
  readonly #pool: HandlePool;
  readonly #own: SyncFiles;
  /** Of each memory that this thread stores for. */
  readonly #segments = new Map<string, Segments>();
  readonly #verified = new VerifiedBlocks();
  readonly #spare: SpareBuffer | undefined;
  #scratch: Uint8Array | undefined;

  constructor(files: FileAccess, checksum: Checksum, spare: SpareBuffer | undefined) {
    this.#files = files;
    this.#spare = spare;
    this.#checksum = checksum;
    this.#pool = new HandlePool(files);
    this.#own = new SyncFiles(files, checksum);
  }

  async handle(request: Request): Promise<Answer> {
    switch (request.name) {
      case 'probe':
        return answer(await this.#probe(request.folder));
      case 'append':
        return this.#append(request);
      case 'abandon':
        return answer(await this.#own.abandon(request.file));
      case 'appendRecord':
        return this.#appendRecord(request);
      case 'copyRecord':
        return answer(await this.#copyRecord(request));
      case 'settle':
        return answer(await this.#segmentsOf(request.place.file).settle(request.place, request.isKept));
      case 'records':
        return answer(await this.#records(request.segment));
      case 'read':
        return this.#read(request.slices);
      case 'readChunk':
        return this.#readChunk(request);
      case 'hold':
        return answer(await this.#hold(request.files));
      case 'release':
        return answer(await this.#release(request.files));
      case 'releaseAll':
        return answer(await this.#releaseAll(request.folder));
      case 'remove':
        return answer(await this.#remove(request.files));
      case 'list':
        return answer(await this.#files.list(request.folder));
      default:
        throw new TypeError(`Unknown request ${String((request satisfies never as Request).name)}`);
    }
  }

  /** Under a name that no entry ever has: WebKitGTK leaks the lock on a name whose open failed. */
  async #probe(folder: string): Promise<undefined> {
    const file = `${folder}/probe-${crypto.randomUUID()}`;
    try {
      const handle = await this.#files.create(file, 'readwrite');
      try {
        writeAll(handle, new Uint8Array([1]), 0);
        handle.flush();
      } finally {
        handle.close();
      }
    } finally {
      await this.#files.remove(file);
    }
    return undefined;
  }

  async #append({ file, chunk, pieces, isLast }: RequestOf<'append'>): Promise<Answer> {
    const checks = BigUint64Array.from(await this.#own.append(file, pieces, isLast));
    const reply: Operations['append']['reply'] = { chunk, checks };
    return answer(reply, chunk ? [chunk] : []);
  }

  async #appendRecord(request: RequestOf<'appendRecord'>): Promise<Answer> {
    const { folder, label, chunk, headerBytes, payloadBytes, pieces } = request;
    const checks = checkPieces(pieces, this.#checksum);
    let next = 0;
    const blocks = pieces.flatMap((piece) =>
      blocksOf(piece).map((run) => ({ ...run, check: checks[next++] ?? 0n })),
    );
    writeHeader(new Uint8Array(chunk, 0, headerBytes), { label, payloadBytes, blocks }, this.#checksum);
    const record = new Uint8Array(chunk, 0, headerBytes + payloadBytes);
    const { file, offset } = await this.#segmentsIn(folder).append(folder, record);
    const place: Place = { file, offset: offset + headerBytes };
    const reply: Operations['appendRecord']['reply'] = { chunk, place, checks: BigUint64Array.from(checks) };
    return answer(reply, [chunk]);
  }

  async #copyRecord({ folder, segment, record }: RequestOf<'copyRecord'>): Promise<Place> {
    const bytes = await this.#segmentsOf(segment).readRecord(segment, record);
    if (!bytes) throw new DOMException(`A record of ${segment} is not what was written`, 'DataError');
    this.#segmentsOf(segment).release(segment); // never into itself
    const { file, offset } = await this.#segmentsIn(folder).append(folder, bytes);
    return { file, offset: offset + bytes.byteLength - record.byteLength };
  }

  async #records(segment: string): Promise<Operations['records']['reply']> {
    const records = await this.#segmentsOf(segment).records(segment);
    return records.map(({ label, offset, payloadBytes }) => ({ label, offset, byteLength: payloadBytes }));
  }

  async #read(slices: readonly SliceToRead[]): Promise<Answer> {
    const buffers: ArrayBuffer[] = [];
    for (const slice of slices) {
      const byteLength = sliceBytes(slice);
      const target = new Uint8Array(this.#spare?.take(byteLength) ?? new ArrayBuffer(byteLength));
      await this.#readInto(slice, target);
      buffers.push(target.buffer);
    }
    return answer(buffers, buffers);
  }

  async #readChunk({ slice, target }: RequestOf<'readChunk'>): Promise<Answer> {
    await this.#readInto(slice, target);
    const { buffer } = target;
    // Memory that is shared cannot be transferred, and need not be.
    return answer({ chunk: buffer }, buffer instanceof ArrayBuffer ? [buffer] : []);
  }

  async #readInto(slice: SliceToRead, target: Uint8Array): Promise<void> {
    const own = this.#ownReaderOf(slice.file);
    if (own) return readSlice(slice, target, this.#sourceOf(own, true));
    return this.#pool.use(slice.file, ({ readAt, isHandle }) =>
      readSlice(slice, target, this.#sourceOf(readAt, isHandle)),
    );
  }

  /** @param isHandle Read without waiting, a block is verified before the next one is read. */
  #sourceOf(readAt: ReadAt, isHandle: boolean): RangeSource {
    if (isHandle) this.#scratch ??= new Uint8Array(BLOCK_BYTES);
    return {
      readAt,
      verified: this.#verified,
      checksum: this.#checksum,
      scratch: isHandle ? this.#scratch : undefined,
    };
  }

  /** The segments of a memory, by its folder. */
  #segmentsIn(folder: string): Segments {
    const segments =
      this.#segments.get(folder) ??
      new Segments(this.#files, this.#checksum, (file) => this.#pool.close(file));
    this.#segments.set(folder, segments);
    return segments;
  }

  #segmentsOf(segment: string): Segments {
    return this.#segmentsIn(memoryOf(segment));
  }

  #ownReaderOf(file: string): ReturnType<Segments['readerOf']> {
    return isSegment(file) ? this.#segmentsOf(file).readerOf(file) : undefined;
  }

  /** Closes what is not being written: of one memory, or all. */
  async #releaseAll(folder: string | undefined): Promise<void> {
    for (const [each, segments] of this.#segments) {
      if (folder !== undefined && each !== folder) continue;
      segments.closeIdle();
      if (segments.isIdle) this.#segments.delete(each);
    }
    await this.#pool.closeAll(folder);
    // Whoever opens that memory next sees for itself, as in a page of its own.
    if (folder !== undefined) this.#verified.forgetIn(folder);
  }

  async #hold(files: readonly string[]): Promise<SyncReader | undefined> {
    // An own segment is closed when idle: this thread appends no more to one that is to stay open for reading.
    for (const file of files) if (this.#ownReaderOf(file)) this.#segmentsOf(file).release(file);
    const holds = await Promise.all(files.map((file) => this.#pool.hold(file)));
    const release = (): void => {
      for (const giveUp of holds) giveUp();
    };
    if (files.every((file) => this.#pool.hasHandle(file)))
      return { read: (range, start, target) => this.#readSync(range, start, target), release };
    // Firefox: a segment's handle would lock its owner out.
    release();
    return undefined;
  }

  #readSync(range: StoredRange, start: number, target: Uint8Array): void {
    const readAt = this.#pool.readerOf(range.file) ?? this.#ownReaderOf(range.file);
    if (!readAt) throw new DOMException(`${range.file} is not open any more`, 'NotReadableError');
    readRangeSync(range, start, target, this.#sourceOf(readAt, true));
  }

  async #release(files: readonly string[]): Promise<void> {
    for (const file of files) if (isSegment(file)) this.#segmentsOf(file).release(file);
    await Promise.all(files.map((file) => this.#pool.close(file)));
  }

  async #remove(files: readonly string[]): Promise<string[]> {
    const held: string[] = [];
    for (const file of files) {
      await this.#pool.close(file);
      const isGone = await (isSegment(file) ? this.#segmentsOf(file).remove(file) : this.#files.remove(file));
      if (isGone) this.#verified.forget(file);
      else held.push(file);
    }
    return held;
  }
}

/** What the pieces' blocks are called in a record. */
function blocksOf({ bytes, position }: Piece): { position: number; byteLength: number }[] {
  return Array.from({ length: Math.ceil(bytes.byteLength / BLOCK_BYTES) }, (_, block) => {
    const at = block * BLOCK_BYTES;
    return { position: position + at, byteLength: Math.min(BLOCK_BYTES, bytes.byteLength - at) };
  });
}

/**
 * Opens the operations over the files; tests give some that fail.
 * @param spare Where the thread has time for it between requests.
 */
export async function openOperations(
  files: FileAccess = originFiles,
  spare?: SpareBuffer,
): Promise<HandleRequest> {
  const operations = new StorageOperations(files, await createChecksum(), spare);
  return (request) => operations.handle(request);
}
