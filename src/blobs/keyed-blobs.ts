/** Blobs kept whole under their file name: in IndexedDB where there is no file system, or in this realm's memory. */
import type { Checksum } from '../digest/digest.ts';
import type { BlobStore, FileToWrite, Place, Slice, Writing, Written } from './blob-store.ts';
import { guardOf, isOneTurn, partBytes } from './copy-pieces.ts';
import { type StoredFile, sliceBytes } from './protocol.ts';
import { readSlice, VerifiedBlocks } from './read-range.ts';
import { blockChecks, type SourceGuard } from './source-guard.ts';

/** A place that keeps a buffer under a name. */
export interface KeyedBytes {
  put(file: string, bytes: ArrayBuffer): Promise<void>;
  get(file: string): Promise<ArrayBuffer | undefined>;
  delete(files: readonly string[]): Promise<void>;
  list(): Promise<readonly StoredFile[]>;
}

export function mapOfBytes(): KeyedBytes {
  const kept = new Map<string, ArrayBuffer>();
  return {
    async put(file, bytes) {
      kept.set(file, bytes);
    },
    get: async (file) => kept.get(file),
    async delete(files) {
      for (const file of files) kept.delete(file);
    },
    list: async () => [...kept].map(([file, { byteLength }]) => ({ file, byteLength })),
  };
}

export class KeyedBlobs implements BlobStore {
  readonly #bytes: KeyedBytes;
  readonly #checksum: Checksum;
  readonly #verified = new VerifiedBlocks();

  constructor(bytes: KeyedBytes, checksum: Checksum) {
    this.#bytes = bytes;
    this.#checksum = checksum;
  }

  /** Rejects where nothing can be kept this way. */
  async probe(): Promise<void> {
    await this.#bytes.list();
  }

  write(request: FileToWrite): Writing {
    const { parts } = request;
    const end = Math.max(0, ...parts.map((part) => part.offset + partBytes(part)));
    const whole = new Uint8Array(end);
    const isCopiedNow = isOneTurn(parts);
    const copied = isCopiedNow ? copyInto(whole, parts) : undefined;
    const guard = isCopiedNow ? undefined : guardOf(request, this.#checksum);
    const done = this.#store(request, whole, copied, guard);
    return { taken: isCopiedNow ? Promise.resolve() : done.then(() => undefined), done };
  }

  settle(): void {}

  read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]> {
    return Promise.all(slices.map((slice) => this.#read(slice)));
  }

  async release(): Promise<void> {}

  async remove(files: readonly string[]): Promise<readonly string[]> {
    for (const file of files) this.#verified.forget(file);
    await this.#bytes.delete(files);
    return [];
  }

  list(): Promise<readonly StoredFile[]> {
    return this.#bytes.list();
  }

  async records(): Promise<readonly []> {
    return [];
  }

  copyRecord(): Promise<Place> {
    return Promise.reject(new DOMException('There are no segments here', 'NotSupportedError'));
  }

  async close(): Promise<void> {}

  async #read({ into, ...slice }: Slice): Promise<ArrayBuffer> {
    const kept = await this.#bytes.get(slice.file);
    if (!kept) throw new DOMException(`${slice.file} is gone`, 'NotFoundError');
    const readAt = (bytes: Uint8Array, position: number): undefined => {
      if (position + bytes.byteLength > kept.byteLength)
        throw new DOMException(`${slice.file} is too short`, 'DataError');
      bytes.set(new Uint8Array(kept, position, bytes.byteLength));
      return undefined;
    };
    const target = into ?? new Uint8Array(sliceBytes(slice));
    await readSlice(slice, target, { readAt, verified: this.#verified, checksum: this.#checksum });
    return target.buffer as ArrayBuffer; // see BlobStore.read() for memory that is given
  }

  async #store(
    { file, parts, claim }: FileToWrite,
    whole: Uint8Array<ArrayBuffer>,
    copied: Promise<void> | undefined,
    guard: SourceGuard | undefined,
  ): Promise<Written> {
    await Promise.all([claim(), copied ?? copyInto(whole, parts)]);
    const checks = parts.map((part) =>
      blockChecks(whole.subarray(part.offset, part.offset + partBytes(part)), this.#checksum),
    );
    guard?.assertUnchanged(checks);
    await this.#bytes.put(file, whole.buffer);
    return { file, offset: 0, checks };
  }
}

/** Memory is copied before this returns; Blobs later. */
async function copyInto(whole: Uint8Array, parts: FileToWrite['parts']): Promise<void> {
  const reads: Promise<void>[] = [];
  for (const { offset, bytes } of parts) {
    if (bytes instanceof Uint8Array) whole.set(bytes, offset);
    else reads.push(bytes.arrayBuffer().then((read) => whole.set(new Uint8Array(read), offset)));
  }
  await Promise.all(reads);
}
