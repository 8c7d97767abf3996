/** An entry of the store, read piece by piece as it is stored: what is exported of it, and sent elsewhere. */
import { StoredSource } from '../arrays/arrays.ts';
import {
  type DetailRecord,
  type EntryRecord,
  isSameEntry,
  type StoredBytes,
  storedBytesOf,
} from '../catalog/catalog.ts';
import { ResultEvictedError } from '../errors/errors.ts';
import { holdLock, pinLock } from '../locks/locks.ts';
import {
  blocksOfParts,
  DIGEST_BLOCK_BYTES,
  DIGEST_BYTES,
  type EntryDetails,
  type PortableEntry,
} from '../pack-format/pack-format.ts';
import { rangesOf, type Store } from '../store/store.ts';
import { sha256 } from './sha256.ts';

/** Read at once: whole blocks, and little beside what a page has anyway. */
const PIECE_BYTES = 4 * DIGEST_BLOCK_BYTES;

const partsOf = ({ skeleton, buffers }: EntryRecord): readonly StoredBytes[] => [skeleton, ...buffers];

export const detailsOf = (detail: DetailRecord): EntryDetails => {
  const { argumentsPreview, tags, digests, result, version, createdAt, expiresAt } = detail;
  return {
    argumentsPreview,
    tags,
    digests,
    ...(result && { result }),
    ...(version !== undefined && { version }),
    ...(expiresAt !== undefined && { maxAgeMs: Math.max(0, expiresAt - createdAt) }),
  };
};

export function portableOf(
  record: EntryRecord,
  { functionId }: DetailRecord,
  identity: string,
): PortableEntry {
  const { key, functionKey, createdAt, computeMs } = record;
  const parts = partsOf(record).map((stored) => ({
    byteLength: storedBytesOf(stored),
    compression: stored.compression,
    rawByteLength: stored.rawByteLength,
  }));
  return { key, functionKey, functionId, identity, createdAt, computeMs, parts };
}

export class StoredEntry {
  readonly #store: Store;
  readonly #record: EntryRecord;

  constructor(store: Store, record: EntryRecord) {
    this.#store = store;
    this.#record = record;
  }

  /** The stored bytes of a part, in pieces of whole blocks. @throws ResultEvictedError where it went meanwhile */
  async *pieces(part: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const stored = partsOf(this.#record)[part];
    if (!stored) return;
    if (stored.place instanceof ArrayBuffer) {
      // As it is: packed bytes travel packed.
      const [bytes] = await this.#store.loadBytes([
        { ...stored, compression: '', rawByteLength: stored.place.byteLength },
      ]);
      if (bytes && bytes.byteLength > 0) yield new Uint8Array(bytes);
      return;
    }
    const source = this.#sourceOf(stored, part);
    for (let at = 0; at < source.byteLength; at += PIECE_BYTES)
      yield new Uint8Array(await source.read(at, Math.min(at + PIECE_BYTES, source.byteLength)));
  }

  /** SHA-256 of each block of each part, one behind the other. */
  async digests(): Promise<Uint8Array<ArrayBuffer>> {
    const parts = partsOf(this.#record).map((stored) => ({ ...stored, byteLength: storedBytesOf(stored) }));
    const digests = new Uint8Array(blocksOfParts(parts) * DIGEST_BYTES);
    let end = 0;
    for (const part of parts.keys()) {
      for await (const piece of this.pieces(part)) {
        for (let at = 0; at < piece.length; at += DIGEST_BLOCK_BYTES) {
          digests.set(await sha256(piece.subarray(at, at + DIGEST_BLOCK_BYTES)), end);
          end += DIGEST_BYTES;
        }
      }
    }
    return digests;
  }

  /** Has evictions pass over it, here and in other realms, until the result is called. */
  async pin(): Promise<() => void> {
    const unpin = this.#store.pins.add(this.#record.key);
    const unlock = await holdLock(pinLock(this.#store.name, this.#record.key), true).catch(() => undefined); // pinned here only
    return () => {
      unpin();
      void unlock?.(); // nobody waits for it
    };
  }

  #sourceOf(stored: StoredBytes, part: number): StoredSource {
    const { key } = this.#record;
    return new StoredSource({
      ...{ runs: rangesOf(stored), blobs: this.#store.openBlobs(), key },
      relocate: async () => {
        const found = await this.#store.find(key);
        const isHere = found.kind === 'entry' && isSameEntry(found.entry, this.#record);
        const moved = isHere ? partsOf(found.entry)[part] : undefined;
        return moved && rangesOf(moved);
      },
      onDamaged: () => undefined, // whoever reads it says so; the next hit removes it
    });
  }
}

/** The entry under the key. @throws ResultEvictedError where there is none */
export async function findStoredEntry(store: Store, key: string): Promise<EntryRecord> {
  const found = await store.find(key);
  if (found.kind !== 'entry') throw new ResultEvictedError(key);
  return found.entry;
}
