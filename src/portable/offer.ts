/** A result that was found elsewhere: its structure is here, its bytes come when they are asked for. */
import { type ByteSource, type Lease, MappedBuffer, MemorySource, noLease } from '../arrays/arrays.ts';
import type { Epochs } from '../catalog/catalog.ts';
import { createChecksum } from '../digest/digest.ts';
import { PackFormatError } from '../errors/errors.ts';
import { ageOf, type EntryInfo } from '../options/options.ts';
import {
  areBlocks,
  bytesOfParts,
  DIGEST_BLOCK_BYTES,
  type PortableEntry,
} from '../pack-format/pack-format.ts';
import { type LoadedBytes, type StoreContext, unpack } from '../store/store.ts';
import { keepEntry } from './keep-entry.ts';
import type { Bytes, Offered } from './offered.ts';
import { OfferedSource } from './offered-source.ts';
import { sha256 } from './sha256.ts';
import { within } from './within.ts';

export interface OfferContext {
  readonly context: StoreContext;
  /** Read before anything was fetched. */
  readonly epochs: Epochs;
  /** Fires when the caller waits no longer. */
  readonly deadline: AbortSignal;
}

export class Offer {
  readonly source: 'pack' | 'remote';
  readonly entry: PortableEntry;
  readonly #offered: Offered;
  readonly #context: OfferContext;
  #fetching: Promise<readonly Blob[]> | undefined;
  /** For the first who asks: what was fetched, without another copy. */
  #first: readonly Bytes[] | undefined;
  #keeping: Promise<boolean> | undefined;

  constructor(offered: Offered, context: OfferContext) {
    this.source = offered.source;
    this.entry = offered.entry;
    this.#offered = offered;
    this.#context = context;
  }

  get sizeBytes(): number {
    return bytesOfParts(this.entry.parts);
  }

  info(): EntryInfo {
    const { key, functionKey, functionId, identity, createdAt, computeMs } = this.entry;
    const { argumentsPreview, tags } = this.#offered.details;
    const { sizeBytes } = this;
    const unused = {
      lastUsedAt: createdAt,
      storeMs: 0,
      hits: 0,
      savedMs: 0,
      ageMs: ageOf(createdAt, Date.now()),
    };
    return {
      key,
      functionKey,
      functionId,
      identity,
      createdAt,
      computeMs,
      argumentsPreview,
      tags,
      sizeBytes,
      ...unused,
    };
  }

  /** All of its bytes, verified and unpacked, anew for each caller; from now on it is kept. @throws what fetching raises */
  async load(): Promise<LoadedBytes> {
    const blobs = await within(this.#context.deadline, this.#fetchAll());
    const bytes = this.#first ?? (await Promise.all(blobs.map(bytesOfBlob)));
    this.#first = undefined;
    const [skeleton = new ArrayBuffer(0), ...buffers] = await Promise.all(
      bytes.map((each, part) =>
        unpack(each.buffer, this.entry.parts[part] ?? { compression: '', rawByteLength: 0 }),
      ),
    );
    return { skeleton: new Uint8Array(skeleton), buffers };
  }

  /** Keeps it in the store, all of it; what it is not kept for is nothing to the caller. */
  keep(): Promise<boolean> {
    const { context, epochs } = this.#context;
    const { entry } = this;
    const { details } = this.#offered;
    this.#keeping ??= this.#fetchAll()
      .then((contents) => keepEntry(context, { entry, details, contents, epochs }))
      .catch(() => false);
    context.track(this.#keeping);
    return this.#keeping;
  }

  /** What a result is decoded from whose arrays are mapped: each read fetches its own range, and what is packed, all of it. */
  async pieces() {
    const checksum = await createChecksum();
    const { skeleton: stored, onFailed, ...offered } = this.#offered;
    const { parts } = this.entry;
    const skeleton = new Uint8Array(await this.#whole(0));
    const sources = await Promise.all(
      parts.map(async ({ compression, byteLength }, part): Promise<ByteSource> => {
        if (part === 0) return new MemorySource(skeleton, checksum);
        if (compression !== '') return new MemorySource(new Uint8Array(await this.#whole(part)), checksum);
        return new OfferedSource({ byteLength, part, ...offered, onFailed });
      }),
    );
    const mapped = sources.map((source) => new MappedBuffer(source));
    return {
      skeleton,
      mapped: (piece: number) =>
        mapped[piece] ?? new MappedBuffer(new MemorySource(new Uint8Array(), checksum)),
      load: (indices: readonly number[]) => Promise.all(indices.map((index) => this.#whole(index + 1))),
      lease: (): Lease => noLease,
    };
  }

  async #whole(part: number): Promise<ArrayBuffer> {
    const { byteLength = 0, ...form } = this.entry.parts[part] ?? {
      compression: '' as const,
      rawByteLength: 0,
    };
    const { skeleton, fetch } = this.#offered;
    const bytes = part === 0 ? skeleton.slice() : await fetch(part, 0, byteLength, this.#context.deadline);
    await this.#verify(part, bytes);
    return unpack(bytes.buffer, form);
  }

  async #verify(part: number, bytes: Bytes): Promise<void> {
    const isWhole = bytes.length === this.entry.parts[part]?.byteLength;
    if (isWhole && (await areBlocks(bytes, this.#offered.digestsOf(part), DIGEST_BLOCK_BYTES, sha256)))
      return;
    throw new PackFormatError('bytes are not what their digests say');
  }

  #fetchAll(): Promise<readonly Blob[]> {
    this.#fetching ??= this.#fetch();
    return this.#fetching;
  }

  async #fetch(): Promise<readonly Blob[]> {
    try {
      const buffers = await this.#offered.fetchBuffers(this.#context.deadline);
      const bytes = [this.#offered.skeleton.slice(), ...buffers.map(exact)];
      await Promise.all(bytes.map((each, part) => this.#verify(part, each)));
      // Copied now: the caller may change what it gets while it is stored.
      const blobs = bytes.map((each) => new Blob([each]));
      this.#first = bytes;
      return blobs;
    } catch (error) {
      this.#offered.onFailed(error);
      throw error;
    }
  }
}

const bytesOfBlob = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());

/** With memory of its own, which is all its own. */
const exact = (bytes: Bytes): Bytes => (bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice());
