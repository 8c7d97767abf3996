/** Files of the origin's private file system, written and read through sync access handles. */
import { type Checksum, createChecksum } from '../../digest/digest.ts';
import { openFolder, splitPath, walkFolder } from '../folders.ts';
import { BLOCK_BYTES, type Operations, type SliceToRead, type StoredFile } from '../protocol.ts';
import { readSlice, VerifiedBlocks } from '../read-range.ts';
import { HandlePool } from './handle-pool.ts';

type Append = Operations['append']['request'];

/** A name that no entry ever has: WebKitGTK leaks the lock on a name whose open failed. */
const probeName = (): string => `probe-${crypto.randomUUID()}`;

/** Some bytes did not arrive: a full disk in Firefox, which writes short without an error. */
class ShortWriteError extends Error {
  override readonly name = 'QuotaExceededError';
}

function writeAll(
  handle: FileSystemSyncAccessHandle,
  bytes: Uint8Array<ArrayBuffer>,
  position: number,
): void {
  const written = handle.write(bytes, { at: position });
  if (written !== bytes.byteLength) {
    throw new ShortWriteError(`${written} of ${bytes.byteLength} bytes were written`);
  }
}

export class SyncFiles {
  readonly #pool = new HandlePool();
  readonly #writing = new Map<string, Promise<FileSystemSyncAccessHandle>>();
  readonly #verified = new VerifiedBlocks();
  #checksum: Promise<Checksum> | undefined;

  async probe(folder: string): Promise<undefined> {
    const parent = await openFolder(folder, { create: true });
    const name = probeName();
    const file = await parent.getFileHandle(name, { create: true });
    try {
      const handle = await file.createSyncAccessHandle();
      try {
        writeAll(handle, new Uint8Array([1]), 0);
        handle.flush();
      } finally {
        handle.close();
      }
    } finally {
      await parent.removeEntry(name);
    }
    return undefined;
  }

  async append({ file, chunk, pieces, isLast }: Append): Promise<BigUint64Array> {
    const opening = this.#writing.get(file) ?? this.#create(file);
    this.#writing.set(file, opening);
    const [handle, checksum] = await Promise.all([opening, this.#openChecksum()]);
    const checks: bigint[] = [];
    for (const { start, byteLength, position } of pieces) {
      const bytes = new Uint8Array(chunk, start, byteLength);
      writeAll(handle, bytes, position);
      for (let at = 0; at < byteLength; at += BLOCK_BYTES) {
        checks.push(checksum(bytes.subarray(at, at + BLOCK_BYTES)));
      }
    }
    if (isLast) {
      handle.flush();
      handle.close();
      this.#writing.delete(file);
    }
    return BigUint64Array.from(checks);
  }

  async abandon(file: string): Promise<undefined> {
    const opening = this.#writing.get(file);
    this.#writing.delete(file);
    await opening?.then(
      (handle) => handle.close(),
      () => undefined,
    );
    await this.remove([file]);
    return undefined;
  }

  async read(slices: readonly SliceToRead[]): Promise<ArrayBuffer[]> {
    const checksum = await this.#openChecksum();
    const buffers: ArrayBuffer[] = [];
    for (const slice of slices) {
      const source = await this.#pool.open(slice.file);
      buffers.push(
        await readSlice(slice, (into, position) => source.read(into, position), this.#verified, checksum),
      );
    }
    return buffers;
  }

  release(files: readonly string[]): undefined {
    for (const file of files) this.#pool.close(file);
  }

  async remove(files: readonly string[]): Promise<string[]> {
    this.release(files);
    const held: string[] = [];
    for (const file of files) {
      this.#verified.forget(file);
      if (!(await this.#removeFile(file))) held.push(file);
    }
    return held;
  }

  list(folder: string): Promise<StoredFile[]> {
    return walkFolder(folder);
  }

  async #removeFile(file: string): Promise<boolean> {
    const [folder, name] = splitPath(file);
    try {
      const parent = await openFolder(folder, { create: false });
      await parent.removeEntry(name);
      return true;
    } catch (error) {
      return error instanceof DOMException && error.name === 'NotFoundError';
    }
  }

  async #create(file: string): Promise<FileSystemSyncAccessHandle> {
    const [folder, name] = splitPath(file);
    const parent = await openFolder(folder, { create: true });
    const handle = await parent.getFileHandle(name, { create: true });
    return handle.createSyncAccessHandle();
  }

  #openChecksum(): Promise<Checksum> {
    this.#checksum ??= createChecksum();
    return this.#checksum;
  }
}
