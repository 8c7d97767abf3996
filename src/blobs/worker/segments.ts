/**
 * Segments of this realm: middle-sized blobs appended to a file that stays open. One is appended to at a time, under a
 * lease; a free one is taken over before another is created, and none is created before something is stored.
 */
import type { Checksum } from '../../digest/digest.ts';
import type { Place, SegmentRecord } from '../protocol.ts';
import { segmentFolder, segmentName, segmentsAmong } from '../segment-files.ts';
import { alignRecord } from '../segment-record.ts';
import { type FileAccess, readAll, type SyncFile, snapshotReader, writeAll } from './file-access.ts';
import { type Lease, leaseNew, takeLease } from './lease.ts';
import { type FoundRecord, scanSegment } from './segment-scan.ts';

/** Chromium charges an open file up to its next power of two; deleted bytes come back by whole segments. */
export const SEAL_BYTES = 16 * 2 ** 20;
/** An idle handle refuses another tab's removal, and ends the back-forward cache for the page. */
const IDLE_MS = 5_000;
/** Free segments looked at before a new one is created; older ones are sealed, or left to compaction. */
const MAX_CANDIDATES = 8;

interface OwnSegment {
  readonly file: string;
  readonly handle: SyncFile;
  readonly lease: Lease;
  /** Where the next record goes. */
  end: number;
  /** Records that the catalog does not know yet. */
  unsettled: number;
  /** Whether no record of it was ever kept, here or by whoever had it before. */
  isEmpty: boolean;
  /** Takes no more records: full, or wanted by another realm. */
  isSealed: boolean;
}

export class Segments {
  readonly #files: FileAccess;
  readonly #checksum: Checksum;
  readonly #own = new Map<string, OwnSegment>();
  readonly #closeReaders: (file: string) => Promise<void>;
  /** Wanted by others, or waiting for removal: not taken over again. */
  readonly #released = new Set<string>();
  #opening: Promise<OwnSegment> | undefined;
  /** The segment whose records were asked for last. */
  #scanned: { readonly file: string; readonly records: readonly FoundRecord[] } | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  /** `closeReaders` closes what this realm reads a segment by, before it is opened exclusively. */
  constructor(files: FileAccess, checksum: Checksum, closeReaders: (file: string) => Promise<void>) {
    this.#files = files;
    this.#checksum = checksum;
    this.#closeReaders = closeReaders;
  }

  /** Appends a whole record. Returns where the record starts; settle() is due. */
  async append(folder: string, record: Uint8Array): Promise<Place> {
    let segment: OwnSegment;
    do segment = await this.#open(folder, record.byteLength);
    while (!this.#hasRoom(segment, record.byteLength)); // others that waited for it have filled it
    const { file, end: offset } = segment;
    segment.unsettled += 1;
    try {
      writeAll(segment.handle, record, offset);
    } catch (error) {
      await this.#undo(segment, offset);
      throw error;
    }
    segment.end = alignRecord(offset + record.byteLength);
    return { file, offset };
  }

  /** A record is in the catalog, or never will be. */
  async settle({ file }: Place, isKept: boolean): Promise<void> {
    const segment = this.#own.get(file);
    if (!segment) return;
    segment.unsettled -= 1;
    if (isKept) segment.isEmpty = false;
    this.#restartIdleTimer();
    if (segment.unsettled > 0) return;
    if (segment.isEmpty) await this.remove(file);
    else if (segment.isSealed) this.#close(segment);
  }

  /** Bytes of an own segment, which are read through its own handle. */
  readerOf(file: string): ((into: Uint8Array, position: number) => undefined) | undefined {
    const segment = this.#own.get(file);
    if (!segment) return undefined;
    return (into, position) => {
      readAll(segment.handle, into, position);
      return undefined;
    };
  }

  /** Lets go of a segment for good, at the latest when its last record is settled. */
  release(file: string): void {
    this.#released.add(file);
    const segment = this.#own.get(file);
    if (segment) this.#seal(segment);
  }

  /** Closes what no write is waiting in. */
  closeIdle(): void {
    for (const segment of [...this.#own.values()]) {
      if (segment.unsettled === 0) this.#close(segment);
    }
  }

  /** Removes a segment that nobody else appends to; returns whether it is gone. */
  async remove(file: string): Promise<boolean> {
    const segment = this.#own.get(file);
    if (segment && segment.unsettled > 0) {
      segment.isSealed = true;
      return false;
    }
    const lease = segment?.lease ?? (await takeLease(file).catch(() => undefined));
    if (!lease) return false;
    this.#own.delete(file);
    try {
      segment?.handle.close();
      return await this.#files.remove(file);
    } finally {
      lease.release();
    }
  }

  async records(file: string): Promise<FoundRecord[]> {
    const byteLength = this.#own.get(file)?.end ?? (await this.#files.snapshot(file)).size;
    const read = this.#readerNow(file);
    const records = [...(await scanSegment(read, byteLength, this.#checksum)).records];
    this.#scanned = { file, records };
    return records;
  }

  /** A record with its header, verified; undefined where it is not what was written. */
  async readRecord(file: string, { offset }: SegmentRecord): Promise<Uint8Array | undefined> {
    // Whoever empties a segment asks for one record after the other, and what is written stays as it is.
    const scanned = this.#scanned?.file === file ? this.#scanned.records : undefined;
    const find = (among: readonly FoundRecord[] = []) => among.find((record) => record.offset === offset);
    const found = find(scanned) ?? find(await this.records(file));
    if (!found) return undefined;
    const { headerBytes, payloadBytes, blocks } = found;
    const record = new Uint8Array(headerBytes + payloadBytes);
    await this.#readerNow(file)(record, offset - headerBytes);
    const payload = record.subarray(headerBytes);
    const isWhole = blocks.every(
      ({ position, byteLength, check }) =>
        this.#checksum(payload.subarray(position, position + byteLength)) === check,
    );
    return isWhole ? record : undefined;
  }

  /** An own segment is read through its handle, as long as it is this realm's; another one as it is now. */
  #readerNow(file: string): (into: Uint8Array, at: number) => Promise<void> {
    const readOther = snapshotReader(this.#files, file);
    return async (into, at) => (this.readerOf(file) ?? readOther)(into, at);
  }

  #hasRoom({ file, end, isSealed }: OwnSegment, byteLength: number): boolean {
    return this.#own.has(file) && !isSealed && (end === 0 || end + byteLength <= SEAL_BYTES);
  }

  /** Takes back a record that could not be written whole. */
  async #undo(segment: OwnSegment, offset: number): Promise<void> {
    segment.isSealed = true;
    try {
      segment.handle.truncate(offset);
    } finally {
      await this.settle({ file: segment.file, offset }, false);
    }
  }

  #seal(segment: OwnSegment): void {
    segment.isSealed = true;
    if (segment.unsettled === 0) this.#close(segment);
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.closeIdle(), IDLE_MS);
  }

  #close({ file, handle, lease }: OwnSegment): void {
    this.#own.delete(file);
    // Nobody waits for it here, and whoever comes next needs the lease.
    for (const end of [() => handle.flush(), () => handle.close()]) {
      try {
        end();
      } catch {
        // What is not there after all is a miss: blocks are verified.
      }
    }
    lease.release();
  }

  async #open(folder: string, byteLength: number): Promise<OwnSegment> {
    for (const segment of [...this.#own.values()]) {
      if (this.#hasRoom(segment, byteLength)) return segment;
      this.#seal(segment);
    }
    this.#opening ??= this.#openNew(folder, byteLength).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openNew(folder: string, byteLength: number): Promise<OwnSegment> {
    const segment = (await this.#adopt(folder, byteLength)) ?? (await this.#create(folder));
    this.#own.set(segment.file, segment);
    this.#restartIdleTimer();
    return segment;
  }

  async #create(folder: string): Promise<OwnSegment> {
    const file = segmentName(folder);
    const lease = await leaseNew(file);
    if (!lease) throw new DOMException(`${file} is leased already`, 'InvalidStateError');
    try {
      const handle = await this.#files.create(file, 'readwrite-unsafe');
      return { file, handle, lease, end: 0, unsettled: 0, isEmpty: true, isSealed: false };
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  async #adopt(folder: string, room: number): Promise<OwnSegment | undefined> {
    const listed = await this.#files.list(segmentFolder(folder));
    const free = listed.filter(({ byteLength }) => byteLength + room <= SEAL_BYTES).map(({ file }) => file);
    for (const file of segmentsAmong(folder, free).slice(0, MAX_CANDIDATES)) {
      if (this.#own.has(file) || this.#released.has(file)) continue;
      const lease = await takeLease(file).catch(() => undefined); // refused: it may be another's
      const segment = lease && (await this.#adoptLeased(file, lease).catch(() => undefined)); // held: the next one
      if (segment) return segment;
      lease?.release();
    }
    return undefined;
  }

  /** Opened exclusively first: whoever had it before may be terminated and still writing, in Chromium for 2 s. */
  async #adoptLeased(file: string, lease: Lease): Promise<OwnSegment | undefined> {
    await this.#closeReaders(file);
    const exclusive = await this.#files.open(file, 'readwrite');
    let isKept = false;
    try {
      const byteLength = exclusive.byteLength();
      const read = (into: Uint8Array, at: number): undefined => {
        readAll(exclusive, into, at);
        return undefined;
      };
      const { end, isSound, records } = await scanSegment(read, byteLength, this.#checksum);
      if (!isSound) return undefined;
      if (end < byteLength) exclusive.truncate(end);
      const segment = { file, lease, end, unsettled: 0, isEmpty: records.length === 0, isSealed: false };
      // Where modes are unknown every handle is exclusive, and readers do without.
      isKept = exclusive.mode === undefined;
      if (isKept) return { ...segment, handle: exclusive };
      exclusive.close();
      return { ...segment, handle: await this.#files.open(file, 'readwrite-unsafe') };
    } finally {
      if (!isKept) exclusive.close();
    }
  }
}
