/** Blobs through createWritable() and getFile(), where no sync access handle is to be had. Each in its own file. */
import type { Checksum } from '../digest/digest.ts';
import type { BlobStore, FileToWrite, Place, Slice, Writing, Written } from './blob-store.ts';
import { CHUNK_BYTES } from './chunks.ts';
import {
  checksByPart,
  copyGroup,
  copyParts,
  groupsOf,
  guardOf,
  isOneTurn,
  totalBytes,
} from './copy-pieces.ts';
import { FileReads } from './file-reads.ts';
import { assertSecureOrigin, getFileHandle, removeFile, walkFolder } from './folders.ts';
import { BLOCK_BYTES, type Piece, type StoredFile } from './protocol.ts';
import type { SourceGuard } from './source-guard.ts';

/** Pieces as they were copied into the chunk, those that follow each other in the file as one: each write is a message. */
function runsOf(pieces: readonly Piece[], chunk: Uint8Array<ArrayBuffer>): Piece[] {
  const runs: Piece[] = [];
  let end = 0;
  for (const piece of pieces) {
    const last = runs.at(-1);
    const start = end;
    end += piece.bytes.byteLength;
    if (last && last.position + last.bytes.byteLength === piece.position)
      runs[runs.length - 1] = {
        bytes: chunk.subarray(start - last.bytes.byteLength, end),
        position: last.position,
      };
    else runs.push(piece);
  }
  return runs;
}

/** WebKitGTK 2.50 writes the whole buffer under a view, wherever the view begins and ends. */
const asOwnBuffer = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();

export class WritableBlobs implements BlobStore {
  readonly #folder: string;
  readonly #checksum: Checksum;
  readonly #reads: FileReads;

  constructor(folder: string, checksum: Checksum) {
    this.#folder = folder;
    this.#checksum = checksum;
    this.#reads = new FileReads(checksum);
  }

  /** Rejects where files cannot be written this way. */
  async probe(): Promise<void> {
    assertSecureOrigin();
    const name = `${this.#folder}/probe-${crypto.randomUUID()}`;
    const file = await getFileHandle(name, true);
    try {
      const writable = await file.createWritable();
      await writable.write(new Uint8Array([1]));
      await writable.close();
    } finally {
      await removeFile(name);
    }
  }

  write(request: FileToWrite): Writing {
    if (isOneTurn(request.parts)) {
      const done = this.#write({ ...request, parts: copyParts(request.parts) });
      return { taken: Promise.resolve(), done };
    }
    const done = this.#write(request, guardOf(request, this.#checksum));
    return { taken: done.then(() => undefined), done };
  }

  settle(): void {}

  read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]> {
    return this.#reads.read(slices);
  }

  async release(): Promise<void> {}

  async remove(files: readonly string[]): Promise<readonly string[]> {
    const held: string[] = [];
    for (const file of files) {
      if (await removeFile(file)) this.#reads.forget(file);
      else held.push(file);
    }
    return held;
  }

  list(): Promise<readonly StoredFile[]> {
    return walkFolder(this.#folder);
  }

  /** Segments are written and compacted by realms that have sync access handles. */
  async records(): Promise<readonly []> {
    return [];
  }

  copyRecord(): Promise<Place> {
    return Promise.reject(new DOMException('No segments are written here', 'NotSupportedError'));
  }

  async close(): Promise<void> {}

  async #write(request: FileToWrite, guard?: SourceGuard): Promise<Written> {
    try {
      await request.claim();
      const checks = checksByPart(request.parts, await this.#writeChunks(request));
      guard?.assertUnchanged(checks);
      return { file: request.file, offset: 0, checks };
    } catch (error) {
      await removeFile(request.file).catch(() => undefined); // the write's own error is what the caller needs
      throw error;
    }
  }

  async #writeChunks({ file, parts }: FileToWrite): Promise<bigint[]> {
    const writable = await (await getFileHandle(file, true)).createWritable();
    try {
      const checks: bigint[] = [];
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, totalBytes(parts)));
      for (const group of groupsOf(parts, CHUNK_BYTES)) {
        const pieces = await copyGroup(group, chunk);
        for (const { bytes, position } of runsOf(pieces, chunk))
          await writable.write({ type: 'write', position, data: asOwnBuffer(bytes) });
        for (const { bytes } of pieces) {
          for (let at = 0; at < bytes.byteLength; at += BLOCK_BYTES)
            checks.push(this.#checksum(bytes.subarray(at, at + BLOCK_BYTES)));
        }
      }
      await writable.close();
      return checks;
    } catch (error) {
      await writable.abort().catch(() => undefined); // it may have ended by itself
      throw error;
    }
  }
}
