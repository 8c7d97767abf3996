/** Blobs through createWritable() and getFile(), where no sync access handle is to be had. */
import { type Checksum, createChecksum } from '../digest/digest.ts';
import type { BlobStore, FileToWrite, Writing } from './blob-store.ts';
import {
  assertUnchanged,
  CHUNK_BYTES,
  checksByPart,
  copyGroup,
  groupsOf,
  isOneTurn,
  totalBytes,
} from './copy-pieces.ts';
import { openFolder, splitPath, walkFolder } from './folders.ts';
import { BLOCK_BYTES, type SliceToRead, type StoredFile } from './protocol.ts';
import { readSlice, VerifiedBlocks } from './read-range.ts';

export class WritableBlobs implements BlobStore {
  readonly tier = 'writable';
  readonly #folder: string;
  readonly #checksum: Checksum;
  readonly #verified = new VerifiedBlocks();

  private constructor(folder: string, checksum: Checksum) {
    this.#folder = folder;
    this.#checksum = checksum;
  }

  static async open(folder: string): Promise<WritableBlobs> {
    const parent = await openFolder(folder, { create: true });
    const name = `probe-${crypto.randomUUID()}`;
    const file = await parent.getFileHandle(name, { create: true });
    try {
      const writable = await file.createWritable();
      await writable.write(new Uint8Array([1]));
      await writable.close();
    } finally {
      await parent.removeEntry(name);
    }
    return new WritableBlobs(folder, await createChecksum());
  }

  write(request: FileToWrite): Writing {
    const { parts } = request;
    if (!isOneTurn(parts)) {
      const done = this.#orRemove(request, this.#writeChunks(request));
      return { taken: done.then(() => undefined), done };
    }
    const copies = parts.map(({ offset, bytes }) => ({ offset, bytes: (bytes as Uint8Array).slice() })); // no Blob in one turn
    const copy = { ...request, parts: copies };
    return { taken: Promise.resolve(), done: this.#orRemove(copy, this.#writeChunks(copy)) };
  }

  read(slices: readonly SliceToRead[]): Promise<readonly ArrayBuffer[]> {
    return Promise.all(slices.map((slice) => this.#readSlice(slice)));
  }

  async release(): Promise<void> {}

  async remove(files: readonly string[]): Promise<readonly string[]> {
    const held: string[] = [];
    for (const file of files) {
      this.#verified.forget(file);
      const [folder, name] = splitPath(file);
      try {
        await (await openFolder(folder, { create: false })).removeEntry(name);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'NotFoundError')) held.push(file);
      }
    }
    return held;
  }

  list(): Promise<readonly StoredFile[]> {
    return walkFolder(this.#folder);
  }

  async close(): Promise<void> {}

  async #readSlice(slice: SliceToRead): Promise<ArrayBuffer> {
    const [folder, name] = splitPath(slice.file);
    const handle = await (await openFolder(folder, { create: false })).getFileHandle(name);
    const file = await handle.getFile();
    const readAt = async (into: Uint8Array, position: number): Promise<void> => {
      const bytes = await file.slice(position, position + into.byteLength).arrayBuffer();
      if (bytes.byteLength !== into.byteLength)
        throw new DOMException(`${slice.file} is too short`, 'DataError');
      into.set(new Uint8Array(bytes));
    };
    return readSlice(slice, readAt, this.#verified, this.#checksum);
  }

  async #writeChunks({ file, parts, ready }: FileToWrite): Promise<BigUint64Array[]> {
    await ready;
    const [folder, name] = splitPath(file);
    const handle = await (await openFolder(folder, { create: true })).getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    const checks: bigint[] = [];
    for (const group of groupsOf(parts, CHUNK_BYTES)) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(totalBytes(parts), 1)));
      for (const { start, byteLength, position } of await copyGroup(group, chunk)) {
        const bytes = chunk.subarray(start, start + byteLength);
        await writable.write({ type: 'write', position, data: bytes });
        for (let at = 0; at < byteLength; at += BLOCK_BYTES) {
          checks.push(this.#checksum(bytes.subarray(at, at + BLOCK_BYTES)));
        }
      }
    }
    await writable.close();
    const perPart = checksByPart(parts, checks);
    if (!isOneTurn(parts)) await assertUnchanged(parts, perPart, this.#checksum);
    return perPart;
  }

  async #orRemove<T>({ file }: FileToWrite, writing: Promise<T>): Promise<T> {
    try {
      return await writing;
    } catch (error) {
      await this.remove([file]);
      throw error;
    }
  }
}
