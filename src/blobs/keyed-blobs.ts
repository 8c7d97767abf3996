/** Blobs kept whole under their file name: in IndexedDB where there is no file system, or in this realm's memory. */
import { type Checksum, createChecksum } from '../digest/digest.ts';
import type { BlobStore, FileToWrite, Writing } from './blob-store.ts';
import { assertUnchanged, checksByPart, isOneTurn, partBytes } from './copy-pieces.ts';
import { BLOCK_BYTES, type SliceToRead, type StoredFile } from './protocol.ts';
import { readSlice, VerifiedBlocks } from './read-range.ts';

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

const blockChecks = (bytes: Uint8Array, checksum: Checksum): bigint[] => {
  const checks: bigint[] = [];
  for (let at = 0; at < bytes.byteLength; at += BLOCK_BYTES)
    checks.push(checksum(bytes.subarray(at, at + BLOCK_BYTES)));
  return checks;
};

export class KeyedBlobs implements BlobStore {
  readonly tier: 'indexeddb' | 'memory';
  readonly #bytes: KeyedBytes;
  readonly #checksum: Checksum;
  readonly #verified = new VerifiedBlocks();

  private constructor(tier: 'indexeddb' | 'memory', bytes: KeyedBytes, checksum: Checksum) {
    this.tier = tier;
    this.#bytes = bytes;
    this.#checksum = checksum;
  }

  static async open(tier: 'indexeddb' | 'memory', bytes: KeyedBytes): Promise<KeyedBlobs> {
    await bytes.list();
    return new KeyedBlobs(tier, bytes, await createChecksum());
  }

  write(request: FileToWrite): Writing {
    const { parts } = request;
    const end = Math.max(0, ...parts.map((part) => part.offset + partBytes(part)));
    const whole = new Uint8Array(end);
    const copied = this.#copy(request, whole);
    const done = this.#store(request, whole, copied);
    return { taken: isOneTurn(parts) ? Promise.resolve() : done.then(() => undefined), done };
  }

  async read(slices: readonly SliceToRead[]): Promise<readonly ArrayBuffer[]> {
    return Promise.all(
      slices.map(async (slice) => {
        const kept = await this.#bytes.get(slice.file);
        if (!kept) throw new DOMException(`${slice.file} is gone`, 'NotFoundError');
        if (slice.offset + slice.byteLength > kept.byteLength) {
          throw new DOMException(`${slice.file} is too short`, 'DataError');
        }
        const readAt = (into: Uint8Array, position: number): undefined => {
          into.set(new Uint8Array(kept, position, into.byteLength));
          return undefined;
        };
        return readSlice(slice, readAt, this.#verified, this.#checksum);
      }),
    );
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

  async close(): Promise<void> {}

  #copy({ parts }: FileToWrite, whole: Uint8Array): undefined | Promise<unknown> {
    const reads: Promise<void>[] = [];
    for (const { offset, bytes } of parts) {
      if (bytes instanceof Uint8Array) whole.set(bytes, offset);
      else reads.push(bytes.arrayBuffer().then((read) => whole.set(new Uint8Array(read), offset)));
    }
    return reads.length > 0 ? Promise.all(reads) : undefined;
  }

  async #store(
    { file, parts, ready }: FileToWrite,
    whole: Uint8Array<ArrayBuffer>,
    copied: undefined | Promise<unknown>,
  ): Promise<BigUint64Array[]> {
    await Promise.all([ready, copied]);
    const inOrder = parts.flatMap((part) => {
      return blockChecks(whole.subarray(part.offset, part.offset + partBytes(part)), this.#checksum);
    });
    const checks = checksByPart(parts, inOrder);
    if (!isOneTurn(parts)) await assertUnchanged(parts, checks, this.#checksum);
    await this.#bytes.put(file, whole.buffer);
    return checks;
  }
}
